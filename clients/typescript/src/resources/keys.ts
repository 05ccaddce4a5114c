import type { ApiKey, ApiKeyRequest, NewApiKey } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export class Keys {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  list(options: PageOptions = {}): List<ApiKey> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: '/v1/keys', query: { limit, cursor } }),
      start,
    );
  }

  /** The answer holds the secret, this once. */
  create(key: ApiKeyRequest, options: IdempotentOptions = {}): Promise<NewApiKey> {
    return this.#transport.json({ ...options, method: 'POST', path: '/v1/keys', json: key, idempotent: true });
  }

  /** Effective everywhere within 5 s. */
  revoke(id: string, options: CallOptions = {}): Promise<void> {
    return this.#transport.json({ ...options, method: 'DELETE', path: `/v1/keys/${encodeURIComponent(id)}` });
  }
}
