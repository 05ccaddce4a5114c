import type { Event, EventList, EventReceipts } from '../generated/api.ts';
import type { CallOptions, Transport } from '../transport.ts';

/** A CloudEvent 1.0 to be decided; attributes of your own are kept beside it for the mapping. */
export interface EventToSend {
  id: string;
  source: string;
  type: string;
  /** Default 1.0. */
  specversion?: '1.0';
  data?: unknown;
  [attribute: string]: unknown;
}

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

  /**
   * Sends 1…200 events to be decided, each once by its `source` and `id`: the call may be repeated. The source of the
   * bus `http` whose `topic` is the event's `type` takes it, or the one that is named. Throws when none was taken.
   */
  send(
    events: readonly EventToSend[],
    { source, ...options }: CallOptions & { source?: string } = {},
  ): Promise<EventReceipts> {
    const batch = JSON.stringify(events.map((event) => ({ specversion: '1.0', ...event })));
    return this.#transport.json({
      ...options,
      method: 'POST',
      path: '/v1/events',
      query: { source },
      body: { make: () => batch, repeatable: true, failure: () => undefined },
      contentType: 'application/cloudevents-batch+json',
    });
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
