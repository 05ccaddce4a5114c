import type { Clock } from '@understudy/kernel';
import type { ReplayStore } from '../replay/ports.ts';
import type { Replay, ReplayEnd } from '../replay/replay.ts';

const isOpen = ({ status }: Replay) => status === 'queued' || status === 'running';

/** Replays in memory, under the same contract as the real store. */
export class MemoryReplayStore implements ReplayStore {
  readonly #clock: Clock;
  readonly #replays = new Map<string, { replay: Replay; owner: string | null; until: number }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async create(replay: Replay, most: number): Promise<boolean> {
    const open = [...this.#replays.values()].filter(
      (one) => one.replay.workspace === replay.workspace && isOpen(one.replay),
    );
    if (open.length >= most) return false;
    this.#replays.set(replay.id, { replay: structuredClone(replay), owner: null, until: 0 });
    return true;
  }

  async find(workspace: string, id: string): Promise<Replay | null> {
    const found = this.#replays.get(id)?.replay;
    return found?.workspace === workspace ? structuredClone(found) : null;
  }

  async list(workspace: string, taskId: string, page: { limit: number; after?: string }): Promise<Replay[]> {
    return [...this.#replays.values()]
      .map(({ replay }) => replay)
      .filter((one) => one.workspace === workspace && one.taskId === taskId)
      .filter(({ id }) => page.after === undefined || id < page.after)
      .sort((a, b) => (a.id < b.id ? 1 : -1))
      .slice(0, page.limit)
      .map((one) => structuredClone(one));
  }

  async claim(worker: string, leaseMs: number): Promise<Replay | null> {
    const now = this.#clock.now();
    const waiting = [...this.#replays.values()]
      .filter(({ replay, until }) => replay.status === 'queued' || (replay.status === 'running' && until < now))
      .sort((a, b) => a.replay.createdAt - b.replay.createdAt)[0];
    if (waiting === undefined) return null;
    waiting.owner = worker;
    waiting.until = now + leaseMs;
    waiting.replay.status = 'running';
    waiting.replay.attempts++;
    waiting.replay.startedAt ??= now;
    return structuredClone(waiting.replay);
  }

  #held(replay: Replay, worker: string) {
    const one = this.#replays.get(replay.id);
    return one !== undefined && one.owner === worker && one.replay.status === 'running' ? one : null;
  }

  async progress(replay: Replay, worker: string, progress: Replay['progress'], leaseMs: number) {
    const one = this.#held(replay, worker);
    if (one === null) return { held: false, cancelRequested: false };
    one.replay.progress = { ...progress };
    one.until = this.#clock.now() + leaseMs;
    return { held: true, cancelRequested: one.replay.cancelRequested };
  }

  async release(replay: Replay, worker: string): Promise<void> {
    const one = this.#held(replay, worker);
    if (one === null) return;
    one.replay.status = 'queued';
    one.replay.attempts--;
    one.owner = null;
  }

  async finish(replay: Replay, worker: string, end: ReplayEnd): Promise<boolean> {
    const one = this.#held(replay, worker);
    if (one === null) return false;
    Object.assign(one.replay, structuredClone(end), { finishedAt: this.#clock.now() });
    one.owner = null;
    return true;
  }

  async cancel(workspace: string, id: string): Promise<Replay | null> {
    const one = this.#replays.get(id);
    if (one === undefined || one.replay.workspace !== workspace) return null;
    if (isOpen(one.replay)) {
      one.replay.cancelRequested = true;
      if (one.replay.status === 'queued') {
        one.replay.status = 'cancelled';
        one.replay.finishedAt = this.#clock.now();
      }
    }
    return structuredClone(one.replay);
  }
}
