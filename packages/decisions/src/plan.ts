import type { Clock } from '@understudy/kernel';
import type { PlanSource, ServingVersion } from './ports.ts';
import type { Task } from './task.ts';

/** Everything that one decision of a task needs to know, as of a moment at most `maxAge` ago. */
export interface LivePlan {
  task: Task;
  /** The champion, loaded and ready; null while the task has no model. */
  champion: ServingVersion | null;
  /** The names of the task's labels. */
  labelSet: ReadonlySet<string>;
}

interface Slot {
  plan: LivePlan;
  loadedAt: number;
  refresh: Promise<LivePlan> | null;
}

/** A plan younger than this is used as it is. */
const FRESH_MS = 500;
/** A plan older than this is never used: with FRESH_MS it bounds how late an edit or a promotion takes effect. */
const STALE_MS = 1500;

/**
 * The plans in use, kept fresh by re-reading: while a task is busy, one small query twice a second; an idle task
 * pays it with its next request. No invalidation message can be lost, because none is needed.
 */
export class LivePlans {
  readonly #slots = new Map<string, Slot>();
  readonly #source: PlanSource;
  readonly #clock: Clock;
  readonly #capacity: number;

  constructor(source: PlanSource, clock: Clock, capacity = 10_000) {
    this.#source = source;
    this.#clock = clock;
    this.#capacity = capacity;
  }

  /** Synchronous when the plan is fresh: the hot path makes no promise. Throws task_not_found. */
  get(workspace: string, slug: string): LivePlan | Promise<LivePlan> {
    const key = `${workspace}/${slug}`;
    const slot = this.#slots.get(key);
    if (slot === undefined) return this.#load(key, workspace, slug, undefined);
    const age = this.#clock.now() - slot.loadedAt;
    if (age < FRESH_MS) return slot.plan;
    slot.refresh ??= this.#load(key, workspace, slug, slot);
    if (age < STALE_MS) {
      slot.refresh.catch(() => {}); // the caller who finds the plan stale sees the failure
      return slot.plan;
    }
    return slot.refresh;
  }

  /** After an edit in this process: the next request reads it. */
  forget(workspace: string, slug: string): void {
    this.#slots.delete(`${workspace}/${slug}`);
  }

  async #load(key: string, workspace: string, slug: string, slot: Slot | undefined): Promise<LivePlan> {
    const startedAt = this.#clock.now();
    try {
      const plan = await this.#source.load(workspace, slug, slot?.plan.champion ?? null);
      if (this.#slots.size >= this.#capacity && !this.#slots.has(key)) {
        const oldest = this.#slots.keys().next();
        if (!oldest.done) this.#slots.delete(oldest.value);
      }
      this.#slots.set(key, { plan, loadedAt: startedAt, refresh: null });
      return plan;
    } catch (error) {
      if (slot !== undefined) slot.refresh = null;
      if (isTaskGone(error)) this.#slots.delete(key);
      throw error;
    }
  }
}

function isTaskGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'task_not_found';
}
