import { actingFor, type Clock, type Logger } from '@understudy/kernel';
import type { RunStore } from '../ports.ts';
import { FINISHED, type Run } from '../run.ts';
import type { TrainingRuns } from '../runs.ts';
import { type Assessment, assess, type PastRun } from './policy.ts';
import type { LabelSupply, RetrainableTask, RetrainingTasks, ServedModels } from './ports.ts';

/** Who asked for a run that the policy began. */
export const POLICY = 'policy';

/** Runs that the policy looks back on. */
const HISTORY = 20;
/** A task about which nothing has changed is looked at this often. */
export const RECHECK_MS = 60_000;

export interface RetrainingStatus extends Assessment {
  task: RetrainableTask;
  /** The newest run, whoever asked for it. */
  lastRun: Run | null;
  /** The newest run that the policy began. */
  lastDecision: Run | null;
}

/**
 * Training that starts by itself when it pays (see {@link assess}). A run of the policy is a run like any other: it is
 * compared with the champion on rows that neither learnt from, certified, and promoted, kept or refused with a reason.
 */
export class Retraining {
  readonly #tasks: RetrainingTasks;
  readonly #labels: LabelSupply;
  readonly #models: ServedModels;
  readonly #store: RunStore;
  readonly #runs: TrainingRuns;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /** What the last look at a task saw. */
  readonly #looked = new Map<string, { labels: number; until: number }>();

  constructor(ports: {
    tasks: RetrainingTasks;
    labels: LabelSupply;
    models: ServedModels;
    store: RunStore;
    runs: TrainingRuns;
    clock: Clock;
    logger: Logger;
  }) {
    this.#tasks = ports.tasks;
    this.#labels = ports.labels;
    this.#models = ports.models;
    this.#store = ports.store;
    this.#runs = ports.runs;
    this.#clock = ports.clock;
    this.#logger = ports.logger;
  }

  /** Where a task stands. Throws task_not_found. */
  async status(workspace: string, slug: string): Promise<RetrainingStatus> {
    return this.#status(await this.#tasks.find(workspace, slug));
  }

  /**
   * Looks at every task of which something may have changed, and starts what pays. Returns the runs that it started.
   * A task that fails is logged and does not keep the others from being looked at.
   */
  async check(): Promise<Run[]> {
    const now = this.#clock.now();
    const due = new Map<string, Map<string, number>>();
    for (const { workspace, taskId, labels } of await this.#labels.counters()) {
      const looked = this.#looked.get(taskId);
      if (looked !== undefined && looked.labels === labels && now < looked.until) continue;
      const ofWorkspace = due.get(workspace) ?? new Map<string, number>();
      due.set(workspace, ofWorkspace.set(taskId, labels));
    }
    const started: Run[] = [];
    for (const [workspace, counters] of due) {
      try {
        for (const task of await this.#tasks.ofWorkspace(workspace)) {
          const labels = counters.get(task.id);
          if (labels === undefined) continue;
          const run = await this.#look(task, labels, now);
          if (run !== null) started.push(run);
        }
      } catch (error) {
        this.#logger.warn(
          { err: error, workspace },
          'could not see whether a task should be trained; it is tried again',
        );
      }
    }
    return started;
  }

  async #look(task: RetrainableTask, labels: number, now: number): Promise<Run | null> {
    const { lastRun, ...assessment } = await this.#status(task);
    const busy = lastRun !== null && !FINISHED.has(lastRun.status);
    // A run that ends, or a moment that comes, changes no counter.
    const until = busy || assessment.notBefore !== null ? now : now + RECHECK_MS;
    this.#looked.set(task.id, { labels, until });
    return assessment.start ? this.#start(task, assessment.reason, labels) : null;
  }

  async #start(task: RetrainableTask, reason: string, labelsGiven: number): Promise<Run | null> {
    const principal = actingFor(task.workspace, POLICY);
    try {
      const run = await this.#runs.start(principal, task.slug, {}, POLICY, { reason, labelsGiven });
      this.#logger.info({ run: run.id, task: task.slug, reason }, 'a training run was started by the task’s policy');
      return run;
    } catch (error) {
      // The store lets one open run of the policy in: another scheduler may have been first.
      const [newest] = await this.#store.list(task.workspace, task.id, { limit: 1 });
      if (newest !== undefined && !FINISHED.has(newest.status)) return null;
      throw error;
    }
  }

  async #status(task: RetrainableTask): Promise<RetrainingStatus> {
    const runs = await this.#store.list(task.workspace, task.id, { limit: HISTORY });
    const serving = await this.#models.champion(task);
    const trainedOn = serving === null ? null : await this.#labels.dataset(task, serving.dataset);
    // Of the runs that read the labels for the sake of the champion, the newest knows the most of them.
    const reader = runs.find((run) => run.dataset !== null && run.promote !== 'never');
    const read = reader === undefined ? null : await this.#labels.dataset(task, reader.dataset!);
    const assessment = assess({
      policy: task.policy,
      now: this.#clock.now(),
      given: await this.#labels.given(task),
      examples: await this.#labels.examples(task),
      champion:
        serving === null
          ? null
          : { version: serving.version, rows: trainedOn?.rows ?? 0, labelsGiven: trainedOn?.labelsGiven ?? 0 },
      suspended: serving === null ? null : await this.#models.suspension(task, serving),
      runs: runs.map((run) => pastRun(run, run === reader ? read : null)),
    });
    const lastDecision = runs.find((run) => run.requestedBy === POLICY) ?? null;
    return { ...assessment, task, lastRun: runs[0] ?? null, lastDecision };
  }
}

function pastRun(run: Run, read: { labelsGiven: number } | null): PastRun {
  return {
    id: run.id,
    open: !FINISHED.has(run.status),
    byPolicy: run.requestedBy === POLICY,
    promoted: run.promotion?.promoted === true,
    createdAt: run.createdAt,
    labelsGiven: read?.labelsGiven ?? run.labelsGiven ?? null,
  };
}
