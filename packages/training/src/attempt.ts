import type { Clock, Logger } from '@understudy/kernel';
import type { RunStore } from './ports.ts';
import type { Run, RunProgress } from './run.ts';
import type { TrainProgress } from './trainer.ts';

export const LEASE_MS = 15_000;
const BEAT_MS = 500;
const MAX_LOG_LINES = 500;

/** One worker at work on one run: keeps the lease, writes progress down, and learns of cancellation. */
export class Attempt {
  readonly log: string[];
  /** Somebody asked to cancel the run. */
  cancelled = false;
  /** The lease went to somebody else: whatever is made now is not written. */
  lost = false;
  readonly #run: Run;
  readonly #store: RunStore;
  readonly #worker: string;
  readonly #clock: Clock;
  readonly #abort = new AbortController();
  readonly #heart: NodeJS.Timeout;
  #progress: RunProgress;
  #written = '';
  #beating = false;

  constructor(run: Run, store: RunStore, worker: string, clock: Clock, logger: Logger) {
    this.#run = run;
    this.#store = store;
    this.#worker = worker;
    this.#clock = clock;
    this.#progress = run.progress;
    this.log = [...run.log];
    this.#heart = setInterval(() => {
      if (this.#beating) return; // a slow database gets no second question
      this.#beating = true;
      this.#beat()
        .catch((error: unknown) => logger.warn({ err: error, run: run.id }, 'could not renew a run'))
        .finally(() => {
          this.#beating = false;
        });
    }, BEAT_MS);
  }

  /** Aborted when the run is cancelled, its lease is lost, or the worker stops. */
  get signal(): AbortSignal {
    return this.#abort.signal;
  }

  abort(): void {
    this.#abort.abort();
  }

  report({ phase, fraction, detail }: TrainProgress): void {
    this.#progress = { phase, fraction, detail: detail === undefined ? null : storable(detail) };
  }

  write(line: string): void {
    const time = new Date(this.#clock.now()).toISOString();
    if (this.log.length < MAX_LOG_LINES) this.log.push(`${time} ${storable(line)}`);
  }

  async #beat(): Promise<void> {
    const lease = await this.#store.renew(this.#run, this.#worker, LEASE_MS);
    if (this.signal.aborted) return;
    if (!lease.held || lease.cancelRequested) {
      this.lost = !lease.held;
      this.cancelled = lease.held;
      this.abort();
      return;
    }
    const state = JSON.stringify([this.#progress, this.log.length]);
    if (state === this.#written) return;
    await this.#store.progress(this.#run, this.#worker, this.#progress, this.log);
    this.#written = state;
  }

  end(): void {
    clearInterval(this.#heart);
  }
}

/** What any database takes: a log line may quote a text that holds anything. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\u0000', '\ufffd');
}
