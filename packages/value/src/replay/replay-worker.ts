import { setTimeout as sleep } from 'node:timers/promises';
import { isUnderstudyError, type Logger, newId } from '@understudy/kernel';
import { valueErrors } from '../errors.ts';
import type { ReplayPorts, ReplayStore } from './ports.ts';
import type { Replay, ReplayEnd } from './replay.ts';
import { replayLedger } from './replay-ledger.ts';

const LEASE_MS = 30_000;
const POLL_MS = 500;
/** Progress is written down this often; each writing extends the lease. */
const REPORT_MS = 500;
/** A replay whose worker died this often is not tried again: it may be what kills them. */
const MAX_ATTEMPTS = 3;

class Cancelled extends Error {}
class Lost extends Error {}

/** Takes waiting replays one at a time and sees each through to its end. */
export class ReplayWorker {
  readonly #id: string;
  readonly #store: ReplayStore;
  readonly #ports: ReplayPorts;
  readonly #logger: Logger;
  readonly #stopping = new AbortController();
  #loop: Promise<void> | null = null;

  constructor(options: { store: ReplayStore; ports: ReplayPorts; logger: Logger }) {
    this.#store = options.store;
    this.#ports = options.ports;
    this.#logger = options.logger.child({ component: 'replay' });
    this.#id = newId('worker', options.ports.clock.now());
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** A replay under way is given back: another worker, or this one after its restart, begins it again. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#stopping;
    while (!signal.aborted) {
      const worked = await this.once().catch((error: unknown) => {
        this.#logger.warn({ err: error }, 'replays could not be looked for or written down; they are tried again');
        return false;
      });
      if (!worked) await sleep(POLL_MS, undefined, { signal }).catch(() => {});
    }
  }

  /** Does one replay that waits; false when there is none. */
  async once(): Promise<boolean> {
    const replay = await this.#store.claim(this.#id, LEASE_MS);
    if (replay === null) return false;
    const end = await this.#attempt(replay);
    if (end === 'stopped') await this.#store.release(replay, this.#id);
    else if (end !== 'lost') await this.#store.finish(replay, this.#id, end);
    return true;
  }

  async #attempt(replay: Replay): Promise<ReplayEnd | 'stopped' | 'lost'> {
    const { signal } = this.#stopping;
    let progress: Replay['progress'] = { done: 0, total: null };
    const over = new AbortController();
    const report = async () => {
      const { held, cancelRequested } = await this.#store.progress(replay, this.#id, progress, LEASE_MS);
      if (cancelRequested) over.abort(new Cancelled());
      else if (!held) over.abort(new Lost());
    };
    // Also while one page takes long: its texts may have to be scored.
    const beat = setInterval(() => void report().catch(() => {}), REPORT_MS);
    try {
      if (replay.attempts > MAX_ATTEMPTS) {
        throw valueErrors.replay_interrupted(`Its server stopped ${MAX_ATTEMPTS} times; it is not tried again.`);
      }
      const result = await replayLedger(this.#ports, replay, {
        signal: AbortSignal.any([signal, over.signal]),
        progress: async (done, total) => {
          progress = { done, total };
        },
      });
      return { status: 'succeeded', progress: { done: progress.done, total: progress.done }, result, error: null };
    } catch (error) {
      const { reason } = over.signal;
      const ended = { progress, result: null };
      if (reason instanceof Cancelled) return { ...ended, status: 'cancelled', error: null };
      if (reason instanceof Lost) return 'lost';
      if (signal.aborted) return 'stopped';
      if (isUnderstudyError(error)) {
        if (error.code === 'database_unavailable') throw error; // its lease runs out, and it is taken again
        return { ...ended, status: 'failed', error: { code: error.code, detail: error.message } };
      }
      this.#logger.error({ err: error, replay: replay.id }, 'a replay failed');
      const detail = 'the replay stopped unexpectedly; the server’s log has the cause';
      return { ...ended, status: 'failed', error: { code: 'internal_error', detail } };
    } finally {
      clearInterval(beat);
    }
  }
}
