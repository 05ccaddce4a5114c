import type { AuditEntry } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { Transport } from '../transport.ts';

export interface AuditFilter {
  /** E.g. `key.created`. */
  action?: string;
  /** Id or name of what it happened to. */
  resource?: string;
  /** RFC 3339. */
  from?: string;
  to?: string;
}

export class AuditLog {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Who changed what, newest first. */
  list(filter: AuditFilter = {}, options: PageOptions = {}): List<AuditEntry> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) =>
        this.#transport.json({ ...call, method: 'GET', path: '/v1/audit-log', query: { ...filter, limit, cursor } }),
      start,
    );
  }
}
