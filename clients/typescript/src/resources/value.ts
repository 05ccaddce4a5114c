import type { ValueReport } from '../generated/api.ts';
import type { CallOptions, Transport } from '../transport.ts';

export interface ValueWindow {
  /** One task; absent = all. */
  task?: string;
  /** RFC 3339; rounded down to the hour. Absent = the first decision. */
  from?: string;
  /** RFC 3339; rounded up to the hour. Absent = now. */
  to?: string;
}

export interface ValueOptions extends CallOptions, ValueWindow {
  /** Absent = chosen by the length of the window. */
  bucket?: 'hour' | 'day' | 'week' | 'month';
}

/** While the server reads the ledger, it says something at least this often. */
const LONGEST_SILENCE_MS = 120_000;

/** What automation saves, and the evidence for it. */
export class Value {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /** Automation, error, cost and savings of a window, in total, by task and over time. */
  report(options: ValueOptions = {}): Promise<ValueReport> {
    const { task, from, to, bucket, ...call } = options;
    return this.#transport.json({ ...call, method: 'GET', path: '/v1/value', query: { task, from, to, bucket } });
  }

  /** The same figures as a table: a line in total, one a task, one a stretch of time. */
  csv(options: ValueOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const { task, from, to, bucket, ...call } = options;
    const query = { task, from, to, bucket, format: 'csv' };
    return this.#transport.stream({ ...call, method: 'GET', path: '/v1/value', query, accept: 'text/csv' });
  }

  /** The same figures as a page to print, with method and evidence in plain words. */
  page(options: ValueOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const { task, from, to, bucket, ...call } = options;
    const query = { task, from, to, bucket };
    return this.#transport.stream({ ...call, method: 'GET', path: '/v1/value/report', query, accept: 'text/html' });
  }

  /**
   * The report with every ledger row that it rests on, as NDJSON. `verifyValueExport` recomputes the report from it
   * alone.
   */
  export(options: ValueOptions = {}): Promise<ReadableStream<Uint8Array>> {
    const { task, from, to, bucket, ...call } = options;
    return this.#transport.stream(
      {
        ...call,
        method: 'GET',
        path: '/v1/value/export',
        query: { task, from, to, bucket },
        accept: 'application/x-ndjson',
      },
      LONGEST_SILENCE_MS,
    );
  }
}
