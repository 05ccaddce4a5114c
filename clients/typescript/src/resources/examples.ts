import type { Example, ExampleRequest, ExampleStats, ImportResponse } from '../generated/api.ts';
import { List, type PageOptions } from '../pagination.ts';
import type { CallOptions, IdempotentOptions, Transport } from '../transport.ts';
import { type UploadSource, uploadOf } from '../upload.ts';

export type ImportFormat = 'ndjson' | 'csv' | 'json';

export interface ImportOptions extends IdempotentOptions {
  /** What the bytes are; rows given as objects are always NDJSON. Default `ndjson`. */
  format?: ImportFormat;
  /** `reject` (default): a bad row and nothing is stored. `skip`: the good rows are. */
  onInvalid?: 'reject' | 'skip';
  /** `add`: labels that the task does not have yet are added to it. Default: they are errors. */
  newLabels?: 'reject' | 'add';
  /** Compress on the way. */
  gzip?: boolean;
  /** The source is gzip already. */
  gzipped?: boolean;
  /** Bytes of the source that were sent. */
  onProgress?(bytes: number): void;
}

export interface ExampleFilter {
  label?: string;
  conflicts?: 'only';
  source?: 'import' | 'reviewer' | 'audit' | 'application';
  /**
   * Words that the text holds, all of them, each anywhere; "words in quotes" as one. Upper and lower case are the same,
   * nothing is a wildcard.
   */
  q?: string;
}

const CONTENT_TYPE: Record<ImportFormat, string> = {
  ndjson: 'application/x-ndjson',
  csv: 'text/csv',
  json: 'application/json',
};

export class Examples {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  /**
   * Streams examples in, of any size, in constant memory: bytes in one of three formats, or rows as objects. The
   * time limit counts from the last bytes that the server took. A stream cannot be sent twice; text, blobs and
   * functions that open one can, and are, when the connection fails.
   *
   * @example
   * await client.examples.import('comment-moderation', createReadStream('comments.csv'), { format: 'csv' });
   * await client.examples.import('comment-moderation', [{ input: { text: 'Buy now!' }, label: 'spam' }]);
   */
  import(
    task: string,
    source: UploadSource | Iterable<ExampleRequest> | AsyncIterable<ExampleRequest>,
    options: ImportOptions = {},
  ): Promise<ImportResponse> {
    const { format = 'ndjson', onInvalid, newLabels, gzip = false, gzipped = false, onProgress, ...call } = options;
    if (gzip && gzipped) throw new TypeError('the source is gzip already: do not set both gzip and gzipped');
    return this.#transport.json({
      // The answer comes after the last byte, when all rows are stored.
      timeoutMs: 300_000,
      totalTimeoutMs: Number.POSITIVE_INFINITY,
      ...call,
      method: 'POST',
      path: `/v1/tasks/${encodeURIComponent(task)}/examples`,
      query: { on_invalid: onInvalid, new_labels: newLabels === 'add' ? 'add' : undefined },
      body: uploadOf(asBytes(source), { gzip, onProgress }),
      contentType: CONTENT_TYPE[format],
      headers: gzip || gzipped ? { 'content-encoding': 'gzip' } : {},
      idempotent: true,
    });
  }

  /**
   * Oldest first. `conflicts`: only rows whose input stands under another label too. Of a search a page may be short,
   * even empty, and not the last one.
   */
  list(task: string, filter: ExampleFilter = {}, options: PageOptions = {}): List<Example> {
    const { limit, cursor: start, ...call } = options;
    const path = `/v1/tasks/${encodeURIComponent(task)}/examples`;
    return new List(
      (cursor) => this.#transport.json({ ...call, method: 'GET', path, query: { ...filter, limit, cursor } }),
      start,
    );
  }

  /** Counts by label. */
  stats(task: string, options: CallOptions = {}): Promise<ExampleStats> {
    const path = `/v1/tasks/${encodeURIComponent(task)}/examples/stats`;
    return this.#transport.json({ ...options, method: 'GET', path });
  }

  /** Dataset versions that hold it stay as they are. */
  delete(task: string, example: string, options: CallOptions = {}): Promise<void> {
    const path = `/v1/tasks/${encodeURIComponent(task)}/examples/${encodeURIComponent(example)}`;
    return this.#transport.json({ ...options, method: 'DELETE', path });
  }
}

function asBytes(source: UploadSource | Iterable<ExampleRequest> | AsyncIterable<ExampleRequest>): UploadSource {
  if (typeof source === 'string' || typeof source === 'function') return source;
  if (source instanceof Blob || source instanceof Uint8Array || source instanceof ReadableStream) return source;
  // An array can be sent again; whatever else iterates is used up.
  return Array.isArray(source)
    ? () => ndjson(source)
    : ndjson(source as AsyncIterable<ExampleRequest | Uint8Array | string>);
}

async function* ndjson(
  rows: Iterable<ExampleRequest> | AsyncIterable<ExampleRequest | Uint8Array | string>,
): AsyncGenerator<Uint8Array | string> {
  let pending = '';
  for await (const row of rows) {
    if (typeof row === 'string' || row instanceof Uint8Array) {
      yield row;
      continue;
    }
    pending += `${JSON.stringify(row)}\n`;
    if (pending.length >= 32 * 1024) {
      yield pending;
      pending = '';
    }
  }
  if (pending !== '') yield pending;
}
