import type { DeadLetter, DeadLetterReplay, DeadLetterReplayRequest, DeadLetterSummary } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export interface DeadLetterFilter {
  kind?: DeadLetterSummary['kind'];
  state?: DeadLetterSummary['state'];
  task?: string;
  /** `job`, `source` or `outgoing`, or one of them: `job:job_…`. */
  origin?: string;
}

const pathOf = (id: string) => `/v1/dead-letters/${encodeURIComponent(id)}`;

/** What was given up: work that ran out of attempts, and work that can never succeed as it is. */
export class DeadLetters {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Newest first; all states unless the filter names one. */
  list(filter: DeadLetterFilter = {}, options: PageOptions = {}): List<DeadLetterSummary> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) =>
        this.#transport.json({ ...call, method: 'GET', path: '/v1/dead-letters', query: { ...filter, limit, cursor } }),
      start,
    );
  }

  /** With its original bytes, its headers and every attempt. */
  get(id: string, options: CallOptions = {}): Promise<DeadLetter> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(id) });
  }

  /** Sends letters on their way again: those named, some of them edited, or those that match. */
  replay(request: DeadLetterReplayRequest, options: IdempotentOptions = {}): Promise<DeadLetterReplay> {
    const path = '/v1/dead-letters/replay';
    return this.#transport.json({ ...options, method: 'POST', path, json: request, idempotent: true });
  }

  /** Gives a letter up for good: its bytes are dropped. */
  discard(id: string, request: { reason?: string } = {}, options: IdempotentOptions = {}): Promise<DeadLetterSummary> {
    const path = `${pathOf(id)}/discard`;
    return this.#transport.json({ ...options, method: 'POST', path, json: request, idempotent: true });
  }
}
