import type { Clock } from '@understudy/kernel';
import type { LivePlan, PlanSource } from './ports.ts';

interface Slot {
  plan: LivePlan | null;
  /** When the reading of `plan` began. */
  loadedAt: number;
  /** The one load under way. */
  loading: Promise<LivePlan> | null;
  /** When `loading` began. */
  loadingSince: number;
}

/** A plan younger than this is used as it is. */
const FRESH_MS = 500;
/** A plan older than this is never used: it bounds how late an edit or a promotion takes effect. */
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
    const slot = this.#slots.get(key) ?? this.#newSlot(key);
    // A clock that was set back must not keep a plan alive.
    const elapsed = this.#clock.now() - slot.loadedAt;
    const age = elapsed < 0 ? Number.POSITIVE_INFINITY : elapsed;
    if (slot.plan !== null && age < FRESH_MS) return slot.plan;
    slot.loading ??= this.#load(key, slot, workspace, slug);
    if (slot.plan !== null && age < STALE_MS) {
      slot.loading.catch(() => {}); // the caller who finds the plan stale sees the failure
      return slot.plan;
    }
    return slot.loading;
  }

  /**
   * A plan whose reading began at `instant` (ms) or later: for whoever would refuse something for good, which a plan
   * that another process has just edited must not do. Throws task_not_found.
   */
  async readAfter(workspace: string, slug: string, instant: number): Promise<LivePlan> {
    const key = `${workspace}/${slug}`;
    for (;;) {
      const slot = this.#slots.get(key) ?? this.#newSlot(key);
      if (slot.plan !== null && slot.loadedAt >= instant) return slot.plan;
      if (slot.loading === null || slot.loadingSince >= instant) {
        slot.loading ??= this.#load(key, slot, workspace, slug);
        return slot.loading;
      }
      await slot.loading.catch(() => {}); // it began too early: what it found does not matter here
    }
  }

  /** After an edit in this process: the next request reads it, whatever is being read now. */
  forget(workspace: string, slug: string): void {
    this.#slots.delete(`${workspace}/${slug}`);
  }

  /**
   * After a promotion in this process: reads at once, and serves the plan in use (for a second at most) until the new
   * champion is ready, so that no request waits for a model to load.
   */
  renew(workspace: string, slug: string): void {
    const key = `${workspace}/${slug}`;
    const plan = this.#slots.get(key)?.plan ?? null;
    this.#slots.delete(key);
    if (plan === null) return;
    const slot: Slot = { plan, loadedAt: this.#clock.now() - FRESH_MS, loading: null, loadingSince: 0 };
    this.#slots.set(key, slot);
    slot.loading = this.#load(key, slot, workspace, slug);
    slot.loading.catch(() => {}); // whoever finds the plan stale sees the failure
  }

  #newSlot(key: string): Slot {
    if (this.#slots.size >= this.#capacity) {
      const oldest = this.#slots.keys().next();
      if (!oldest.done) this.#slots.delete(oldest.value);
    }
    const slot: Slot = { plan: null, loadedAt: 0, loading: null, loadingSince: 0 };
    this.#slots.set(key, slot);
    return slot;
  }

  /** Writes into the slot that it was started for: one that was forgotten meanwhile is not in the map any more. */
  async #load(key: string, slot: Slot, workspace: string, slug: string): Promise<LivePlan> {
    const startedAt = this.#clock.now();
    slot.loadingSince = startedAt;
    try {
      slot.plan = await this.#source.load(workspace, slug, slot.plan?.champion ?? null);
      slot.loadedAt = startedAt;
      return slot.plan;
    } catch (error) {
      // A task that is gone is not served a moment longer, and a name that never was takes no room.
      const unusable = slot.plan === null || isTaskGone(error);
      if (unusable && this.#slots.get(key) === slot) this.#slots.delete(key);
      throw error;
    } finally {
      slot.loading = null;
    }
  }
}

function isTaskGone(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'task_not_found';
}
