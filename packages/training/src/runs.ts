import { type Clock, newId, type Principal } from '@understudy/kernel';
import { trainingErrors } from './errors.ts';
import { pause } from './pause.ts';
import type { Datasets, RunStore, TaskSource } from './ports.ts';
import { FINISHED, type PromotePolicy, type Run, type RunPage } from './run.ts';
import type { Trainer } from './trainer.ts';

export interface RunRequest {
  trainer?: string;
  dataset?: string;
  parameters?: Record<string, unknown>;
  seed?: number;
  promote?: PromotePolicy;
}

/** Asking for, reading and cancelling training runs. The work itself is done by TrainingWorker. */
export class TrainingRuns {
  readonly #store: RunStore;
  readonly #tasks: TaskSource;
  readonly #datasets: Datasets;
  readonly #trainers: ReadonlyMap<string, Trainer>;
  readonly #clock: Clock;

  constructor(ports: {
    store: RunStore;
    tasks: TaskSource;
    datasets: Datasets;
    trainers: readonly Trainer[];
    clock: Clock;
  }) {
    this.#store = ports.store;
    this.#tasks = ports.tasks;
    this.#datasets = ports.datasets;
    this.#trainers = new Map(ports.trainers.map((trainer) => [trainer.name, trainer]));
    this.#clock = ports.clock;
  }

  /** Queues a run; `begun` when it is the task's policy that begins it. Throws task_not_found, unknown_trainer, unknown_parameter, dataset_not_found. */
  async start(
    principal: Principal,
    slug: string,
    request: RunRequest,
    requestId: string,
    begun?: { reason: string; labelsGiven: number },
  ): Promise<Run> {
    const task = await this.#tasks.task(principal.workspace, slug);
    const trainer = request.trainer ?? 'auto';
    if (trainer !== 'auto' && !this.#trainers.has(trainer)) {
      throw trainingErrors.unknown_trainer(
        `no trainer ${trainer}; this installation has auto, ${[...this.#trainers.keys()].join(', ')}`,
      );
    }
    if (trainer === 'auto' && Object.keys(request.parameters ?? {}).length > 0) {
      throw trainingErrors.unknown_parameter('`auto` takes no parameters: name the trainer that they are for');
    }
    if (request.dataset !== undefined) {
      await this.#datasets.find(principal.workspace, slug, request.dataset);
    }
    const now = this.#clock.now();
    const run: Run = {
      id: newId('run', now),
      workspace: principal.workspace,
      taskId: task.id,
      task: slug,
      status: 'queued',
      trainer,
      dataset: request.dataset ?? null,
      parameters: request.parameters ?? {},
      seed: request.seed ?? 1,
      promote: request.promote ?? 'if_better',
      progress: { phase: 'queued', fraction: 0, detail: null },
      log: [],
      metrics: null,
      modelVersion: null,
      chosenTrainer: null,
      promotion: null,
      error: null,
      attempts: 0,
      cancelRequested: false,
      requestedBy: principal.id,
      reason: begun?.reason ?? null,
      labelsGiven: begun?.labelsGiven ?? null,
      requestId,
      createdAt: now,
      startedAt: null,
      finishedAt: null,
      version: 1,
    };
    await this.#store.create(run);
    return run;
  }

  /** Throws training_run_not_found. */
  async get(workspace: string, id: string): Promise<Run> {
    const run = await this.#store.find(workspace, id);
    if (run === null) throw trainingErrors.training_run_not_found(`no training run ${id} in this workspace`);
    return run;
  }

  async list(workspace: string, slug: string, page: RunPage): Promise<Run[]> {
    const task = await this.#tasks.task(workspace, slug);
    return this.#store.list(workspace, task.id, page);
  }

  /** Asks a run to stop; a finished run stays as it is. Throws training_run_not_found. */
  async cancel(workspace: string, id: string): Promise<Run> {
    const run = await this.#store.requestCancel(workspace, id, this.#clock.now());
    if (run === null) throw trainingErrors.training_run_not_found(`no training run ${id} in this workspace`);
    return run;
  }

  /**
   * The run now and after every change, until it is finished or `signal` aborts. `after` skips what the reader has
   * seen (`Last-Event-ID`), but for the end: who resumes after it is told it again, and not left to wonder. Reads the store, so that it does not matter which process does the work.
   */
  async *watch(workspace: string, id: string, after: number, signal: AbortSignal): AsyncGenerator<Run> {
    let seen = after;
    while (!signal.aborted) {
      const run = await this.get(workspace, id);
      if (run.version > seen || FINISHED.has(run.status)) {
        seen = run.version;
        yield run;
      }
      if (FINISHED.has(run.status)) return;
      await pause(300, signal);
    }
  }
}
