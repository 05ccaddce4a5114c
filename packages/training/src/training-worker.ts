import { mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Clock, isUnderstudyError, type Logger, newId } from '@understudy/kernel';
import { trainingErrors } from './errors.ts';
import { pause } from './pause.ts';
import type { RunEnd, RunStore } from './ports.ts';
import type { Run, RunProgress } from './run.ts';
import type { RunPipeline } from './run-pipeline.ts';

const LEASE_MS = 15_000;
const RENEW_MS = 1000;
const POLL_MS = 500;
/** A run whose worker died this often is not tried again: it may be what kills them. */
const MAX_ATTEMPTS = 3;
const MAX_LOG_LINES = 500;

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
      else await this.#work(run);
    }
  }

  async #work(run: Run): Promise<void> {
    const abort = new AbortController();
    let cancelled = false;
    let lost = false;
    let progress: RunProgress = run.progress;
    const log: string[] = [...run.log];
    let written = '';
    const onStop = () => abort.abort();
    this.#stopping.signal.addEventListener('abort', onStop);
    const beat = async () => {
      const lease = await this.#store.renew(run, this.#id, LEASE_MS);
      if (!lease.held) {
        lost = true;
        abort.abort();
        return;
      }
      if (lease.cancelRequested && !cancelled) {
        cancelled = true;
        abort.abort();
      }
      const state = JSON.stringify([progress, log.length]);
      if (state !== written) {
        written = state;
        await this.#store.progress(run, this.#id, progress, log);
      }
    };
    const heart = setInterval(() => {
      beat().catch((error: unknown) => this.#logger.warn({ err: error, run: run.id }, 'could not renew a run'));
    }, RENEW_MS / 2);
    const directory = await mkdtemp(join(this.#workDir, 'training-'));
    const end: RunEnd = {
      status: 'failed',
      dataset: run.dataset,
      trainer: null,
      modelVersion: null,
      metrics: null,
      promotion: null,
      error: null,
      log,
      at: 0,
    };
    try {
      if (run.attempts > MAX_ATTEMPTS) {
        throw trainingErrors.training_failed(`the run’s worker died ${MAX_ATTEMPTS} times; it is not tried again`);
      }
      const made = await this.#pipeline.run(run, {
        directory,
        signal: abort.signal,
        progress: (update) => {
          progress = { phase: update.phase, fraction: update.fraction, detail: update.detail ?? null };
        },
        log: (line) => {
          if (log.length < MAX_LOG_LINES) log.push(`${new Date(this.#clock.now()).toISOString()} ${line}`);
        },
      });
      Object.assign(end, made, { status: 'succeeded' });
    } catch (error) {
      if (abort.signal.aborted && !cancelled) {
        lost = true; // stopping, or the lease went: somebody else carries on
      } else if (cancelled) {
        end.status = 'cancelled';
        end.error = { code: 'training_cancelled', detail: 'the run was cancelled' };
      } else if (isUnderstudyError(error)) {
        end.error = { code: error.code, detail: error.message };
      } else {
        this.#logger.error({ err: error, run: run.id }, 'a training run failed');
        end.error = {
          code: 'training_failed',
          detail: 'the trainer stopped unexpectedly; the server’s log has the cause',
        };
      }
    } finally {
      clearInterval(heart);
      this.#stopping.signal.removeEventListener('abort', onStop);
      await rm(directory, { recursive: true, force: true });
    }
    if (!lost) await this.#finish(run, end);
  }

  /** The end of a run must not be lost to a database that is away for a moment. */
  async #finish(run: Run, end: RunEnd): Promise<void> {
    for (let attempt = 0; ; attempt++) {
      try {
        await this.#store.finish(run, this.#id, { ...end, at: this.#clock.now() });
        return;
      } catch (error) {
        this.#logger.warn({ err: error, run: run.id, attempt }, 'could not write down the end of a run');
        if (attempt >= 60 || this.#stopping.signal.aborted) return;
        await pause(1000, this.#stopping.signal);
      }
    }
  }
}
