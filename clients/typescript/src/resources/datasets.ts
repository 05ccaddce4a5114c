import type { DatasetDiff, DatasetVersion } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';

export type DatasetFormat = 'parquet' | 'csv' | 'ndjson';
export type RowChange = 'relabelled' | 'added' | 'removed' | 'changed';

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

  /**
   * One page of the rows in which a version differs from the version `base` of the same task, with a summary of all of
   * them. `change`: only rows of this kind.
   */
  diff(
    task: string,
    id: string,
    base: string,
    options: CallOptions & { change?: RowChange; limit?: number; cursor?: string } = {},
  ): Promise<DatasetDiff> {
    const { change, limit, cursor, ...call } = options;
    const path = `${pathOf(task, id)}/diff`;
    return this.#transport.json({
      timeoutMs: 120_000,
      ...call,
      method: 'GET',
      path,
      query: { base, change, limit, cursor },
    });
  }

  /** Every row that differs, a line of NDJSON each (`DatasetRowDifference`), as a stream of bytes. */
  diffData(
    task: string,
    id: string,
    base: string,
    options: CallOptions & { change?: RowChange } = {},
  ): Promise<ReadableStream<Uint8Array>> {
    const { change, ...call } = options;
    const path = `${pathOf(task, id)}/diff`;
    const query = { base, change, format: 'ndjson' };
    return this.#transport.stream({ timeoutMs: 120_000, ...call, method: 'GET', path, query, accept: '*/*' });
  }
}
