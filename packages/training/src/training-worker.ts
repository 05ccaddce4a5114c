import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, isUnderstudyError, type Logger, newId } from '@understudy/kernel';
import { Attempt, LEASE_MS } from './attempt.ts';
import { trainingErrors } from './errors.ts';
import { pause } from './pause.ts';
import type { RunEnd, RunStore } from './ports.ts';
import type { Run } from './run.ts';
import type { RunPipeline } from './run-pipeline.ts';

const POLL_MS = 500;
/** A run whose worker died this often is not tried again: it may be what kills them. */
const MAX_ATTEMPTS = 3;

/** Takes queued runs one at a time and sees each through to its end. */
export class TrainingWorker {
  readonly #id: string;
  readonly #store: RunStore;
  readonly #pipeline: RunPipeline;
  readonly #workDir: string;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(ports: { store: RunStore; pipeline: RunPipeline; workDir: string; clock: Clock; logger: Logger }) {
    this.#store = ports.store;
    this.#pipeline = ports.pipeline;
    this.#workDir = ports.workDir;
    this.#clock = ports.clock;
    this.#logger = ports.logger;
    this.#id = newId('worker', ports.clock.now());
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** A run under way is given back to the queue: another worker, or this one after its restart, takes it. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#stopping.signal.aborted) {
      const run = await this.#store.claim(this.#id, LEASE_MS).catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'could not look for training runs');
        return null;
      });
      if (run === null) await pause(POLL_MS, this.#stopping.signal);
      else await this.#work(run).catch((error) => this.#logger.error({ err: error, run: run.id }, 'a run was left'));
    }
  }

  async #work(run: Run): Promise<void> {
    const attempt = new Attempt(run, this.#store, this.#id, this.#clock, this.#logger);
    const onStop = () => attempt.abort();
    this.#stopping.signal.addEventListener('abort', onStop);
    try {
      const end = await this.#attempt(run, attempt);
      if (attempt.cancelled || !attempt.signal.aborted || end.status === 'succeeded') await this.#finish(run, end);
      else if (!attempt.lost) await this.#store.release(run, this.#id);
    } finally {
      this.#stopping.signal.removeEventListener('abort', onStop);
      attempt.end();
    }
  }

  async #attempt(run: Run, attempt: Attempt): Promise<RunEnd> {
    const end: RunEnd = {
      status: 'failed',
      dataset: run.dataset,
      trainer: null,
      modelVersion: null,
      metrics: null,
      promotion: null,
      error: null,
      log: attempt.log,
      at: 0,
    };
    let directory: string | undefined;
    try {
      if (run.attempts > MAX_ATTEMPTS) {
        throw trainingErrors.training_failed(`the run’s worker died ${MAX_ATTEMPTS} times; it is not tried again`);
      }
      directory = await mkdtemp(join(this.#workDir, 'training-'));
      const made = await this.#pipeline.run(run, {
        directory,
        signal: attempt.signal,
        progress: (update) => attempt.report(update),
        log: (line) => attempt.write(line),
      });
      return { ...end, ...made, status: 'succeeded' };
    } catch (error) {
      if (attempt.cancelled) {
        const cancelled = { code: 'training_cancelled', detail: 'the run was cancelled' };
        return { ...end, status: 'cancelled', error: cancelled };
      }
      if (isUnderstudyError(error)) return { ...end, error: { code: error.code, detail: error.message } };
      if (!attempt.signal.aborted) this.#logger.error({ err: error, run: run.id }, 'a training run failed');
      const detail = 'the trainer stopped unexpectedly; the server’s log has the cause';
      return { ...end, error: { code: 'training_failed', detail } };
    } finally {
      if (directory !== undefined) await rm(directory, { recursive: true, force: true }).catch(() => {});
    }
  }

  /** The end of a run must not be lost to a database that is away for a moment. */
  async #finish(run: Run, end: RunEnd): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        const written = await this.#store.finish(run, this.#id, { ...end, at: this.#clock.now() });
        if (!written) this.#logger.warn({ run: run.id }, 'a run ended after its lease was lost');
        return;
      } catch (error) {
        this.#logger.warn({ err: error, run: run.id, attempt }, 'could not write down the end of a run');
        if (attempt >= 60 || this.#stopping.signal.aborted) return;
        await pause(1000, this.#stopping.signal);
      }
    }
  }
}
