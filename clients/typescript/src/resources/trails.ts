import type { Trail } from '../generated/api.ts';
import type { CallOptions, Transport } from '../transport.ts';

export class Trails {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Where a message is and what happened to it, in order. By the id of a message, job, decision, dead letter, reply or
   * event, by the id that its publisher gave the message, or by an `external_id`.
   */
  get(id: string, options: CallOptions = {}): Promise<Trail> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/trail', query: { id } });
  }
}
