import type { Replay, ReplayRequest } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

const isOver = (replay: Replay) =>
  replay.status === 'succeeded' || replay.status === 'failed' || replay.status === 'cancelled';

const pathOf = (id: string) => `/v1/replays/${encodeURIComponent(id)}`;

/** What if history had been decided under another budget, threshold or model version? */
export class Replays {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Begins a replay of a task's decisions. Without `what`, every one is made again and compared with the record. */
  start(task: string, request: ReplayRequest = {}, options: IdempotentOptions = {}): Promise<Replay> {
    const path = `/v1/tasks/${encodeURIComponent(task)}/replays`;
    return this.#transport.json({ ...options, method: 'POST', path, json: request, idempotent: true });
  }

  /** Newest first. */
  list(task: string, options: PageOptions = {}): List<Replay> {
    const { limit, cursor: start, ...call } = options;
    const path = `/v1/tasks/${encodeURIComponent(task)}/replays`;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path, query: { limit, cursor } }),
      start,
    );
  }

  get(id: string, options: CallOptions = {}): Promise<Replay> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(id) });
  }

  cancel(id: string, options: IdempotentOptions = {}): Promise<Replay> {
    return this.#transport.json({ ...options, method: 'POST', path: `${pathOf(id)}/cancel`, idempotent: true });
  }

  /** Asks until it is over; a failed or cancelled replay is a result, not an error. */
  async wait(id: string, options: CallOptions & { onProgress?(replay: Replay): void } = {}): Promise<Replay> {
    const { onProgress, ...call } = options;
    for (let round = 0; ; round++) {
      const replay = await this.get(id, call);
      onProgress?.(replay);
      if (isOver(replay)) return replay;
      await this.#transport.pause(Math.min(round, 1), call.signal);
    }
  }
}
