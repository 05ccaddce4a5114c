import { isUnderstudyError, type Logger } from '@understudy/kernel';
import { Attempt, type AttemptPorts } from './attempt.ts';
import { CHUNK, type ClaimedJob } from './job.ts';
import { lastServed } from './queue-rules.ts';

export interface JobWorkerOptions {
  /** Who this is, for people to read. */
  worker: string;
  leaseMs: number;
  /** Items of one task of a workspace in work at once, over all workers. */
  concurrency: number;
  /** Items of one claim, about. */
  batch?: number;
  /** Claims in work at once in this process. */
  batches?: number;
  logger: Logger;
  /**
   * How much of its share the worker takes now, from 0 (nothing) to 1: a process that also answers requests lets
   * them go first.
   */
  share?: () => number;
}

/** Items of one claim beside a gateway that has work: their rows hold the workspace's log for as long as one statement. */
const SMALL_BATCH = 200;
const SHORTEST_PAUSE_MS = 10;
const LONGEST_PAUSE_MS = 500;
const TROUBLE_PAUSE_MS = 1000;

/** Takes jobs from the queue and works them off. One to a process; any number of processes. */
export class JobWorker {
  readonly #attempt: Attempt;
  readonly #ports: AttemptPorts;
  readonly #options: Required<JobWorkerOptions>;
  readonly #inHand = new Set<Promise<void>>();
  readonly #fences = new Set<string>();
  #heart: NodeJS.Timeout | undefined;
  #loop: Promise<void> | undefined;
  #stopping = false;
  #after = '';
  #wake: () => void = () => {};
  #woken = false;
  #behind = false;

  constructor(ports: AttemptPorts, options: JobWorkerOptions) {
    this.#ports = ports;
    this.#options = { batch: 500, batches: 2, share: () => 1, ...options };
    this.#attempt = new Attempt(ports);
  }

  get statistics(): Readonly<Attempt['statistics']> {
    return this.#attempt.statistics;
  }

  /** Whether more waits than one claim takes. */
  get behind(): boolean {
    return this.#behind;
  }

  start(): void {
    this.#loop ??= this.#run();
    // Slow is not dead: what is in hand stays ours while this process gets to say so.
    this.#heart ??= setInterval(() => {
      if (this.#fences.size === 0) return;
      this.#ports.store.renew([...this.#fences], this.#options.leaseMs).catch((error: unknown) => {
        this.#options.logger.warn({ err: error }, 'leases of jobs could not be renewed');
      });
    }, this.#options.leaseMs / 3).unref();
  }

  /** There may be work. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  /** Takes nothing more, and finishes what is in hand. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.wake();
    await this.#loop;
    await Promise.all(this.#inHand);
    clearInterval(this.#heart);
  }

  /** Claims once and works that off. Answers how many jobs it was. */
  async runOnce(): Promise<number> {
    const claimed = await this.#claim(this.#options.batch);
    await this.#attempt.work(claimed);
    return claimed.length;
  }

  async #claim(limit: number): Promise<ClaimedJob[]> {
    const { worker, leaseMs, concurrency } = this.#options;
    const claimed = await this.#ports.store.claim({ worker, limit, leaseMs, concurrency, after: this.#after });
    this.#after = lastServed(
      claimed.map(({ workspace }) => workspace),
      this.#after,
    );
    return claimed;
  }

  async #run(): Promise<void> {
    let pauseMs = SHORTEST_PAUSE_MS;
    while (!this.#stopping) {
      if (this.#inHand.size >= this.#options.batches) {
        await Promise.race(this.#inHand);
        continue;
      }
      const share = Math.min(1, Math.max(0, this.#options.share()));
      const { batch } = this.#options;
      const limit = share === 1 ? batch : Math.round(Math.min(batch, SMALL_BATCH) * share);
      if (limit === 0) {
        await this.#pause(SHORTEST_PAUSE_MS * 5);
        continue;
      }
      this.#woken = false;
      let claimed: ClaimedJob[];
      try {
        claimed = await this.#claim(limit);
      } catch (error) {
        const known = isUnderstudyError(error) && error.retryable;
        this.#options.logger[known ? 'warn' : 'error']({ err: error }, 'no jobs could be claimed; it is tried again');
        await this.#pause(TROUBLE_PAUSE_MS);
        continue;
      }
      this.#behind = claimed.length >= limit || (this.#behind && this.#inHand.size > 0);
      if (claimed.length === 0) {
        // What is in hand may be what leaves no room for more: its end is news, too.
        if (!this.#woken) await Promise.race([this.#pause(pauseMs), ...this.#inHand]);
        pauseMs = this.#woken ? SHORTEST_PAUSE_MS : Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
        continue;
      }
      pauseMs = SHORTEST_PAUSE_MS;
      const { fence } = claimed[0]!;
      this.#fences.add(fence);
      const work = this.#attempt.work(claimed, Math.min(limit, CHUNK)).finally(() => {
        this.#fences.delete(fence);
        this.#inHand.delete(work);
      });
      this.#inHand.add(work);
      if (share < 1) await work;
    }
  }

  #pause(milliseconds: number): Promise<void> {
    if (this.#stopping) return Promise.resolve();
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, milliseconds);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}
