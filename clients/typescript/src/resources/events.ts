import type { Event, EventList } from '../generated/api.ts';
import type { CallOptions, Transport } from '../transport.ts';

/** What happened in the workspace, in order. */
export class Events {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Events after the one with the id `after`; `next_cursor` is the `after` of the next call. */
  list(page: { after?: string; limit?: number } = {}, options: CallOptions = {}): Promise<EventList> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/events', query: { ...page } });
  }

  /** Follows the log for ever: events that are there, then new ones, looked for every `everyMs` (default 1,000). */
  async *follow(from: { after?: string; everyMs?: number } = {}, options: CallOptions = {}): AsyncGenerator<Event> {
    let after = from.after;
    for (;;) {
      const { data, next_cursor: next } = await this.list(after === undefined ? {} : { after }, options);
      yield* data;
      after = next ?? undefined;
      if (data.length > 0) continue;
      await new Promise<void>((resolve, reject) => {
        const stop = () => {
          clearTimeout(timer);
          reject(options.signal?.reason);
        };
        const timer = setTimeout(() => {
          options.signal?.removeEventListener('abort', stop);
          resolve();
        }, from.everyMs ?? 1000);
        if (options.signal?.aborted === true) stop();
        else options.signal?.addEventListener('abort', stop, { once: true });
      });
    }
  }
}
