import type { DatasetVersion } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export type DatasetFormat = 'parquet' | 'csv' | 'ndjson';

const pathOf = (task: string, id?: string) =>
  `/v1/tasks/${encodeURIComponent(task)}/datasets${id === undefined ? '' : `/${encodeURIComponent(id)}`}`;

/** Immutable, content-addressed snapshots of a task's examples. */
export class Datasets {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** A snapshot of all examples; the same rows give the same id. */
  create(task: string, options: IdempotentOptions = {}): Promise<DatasetVersion> {
    return this.#transport.json({
      totalTimeoutMs: 600_000,
      timeoutMs: 300_000,
      ...options,
      method: 'POST',
      path: pathOf(task),
      idempotent: true,
    });
  }

  list(task: string, options: PageOptions = {}): List<DatasetVersion> {
    const { limit, cursor: start, ...call } = options;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path: pathOf(task), query: { limit, cursor } }),
      start,
    );
  }

  get(task: string, id: string, options: CallOptions = {}): Promise<DatasetVersion> {
    return this.#transport.json({ ...options, method: 'GET', path: pathOf(task, id) });
  }

  /** The rows as a stream of bytes in this format. `provenance` adds to CSV and NDJSON where each row came from. */
  data(
    task: string,
    id: string,
    options: CallOptions & { format?: DatasetFormat; provenance?: 'include' } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { format = 'parquet', provenance, ...call } = options;
    const path = `${pathOf(task, id)}/data`;
    return this.#transport.stream({ ...call, method: 'GET', path, query: { format, provenance }, accept: '*/*' });
  }
}
