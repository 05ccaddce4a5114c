import { ConnectionFailed } from '../errors.ts';
import type { LedgerConsistency, LedgerHead, LedgerProof, VerifyLine } from '../generated/api.ts';
import { parseLines } from '../json-lines.ts';
import type { CallOptions, Transport } from '../transport.ts';

/** What a verification found; `ok` = every row, commit and head is as it was written. */
export type VerifyReport = NonNullable<VerifyLine['report']>;

export interface VerifyOptions extends CallOptions {
  /** A head that you kept: the log must have passed it. */
  trusted?: { size: number; head: string };
  onProgress?(done: number, total: number): void;
}

/** The server says something at least this often while it verifies. */
const LONGEST_SILENCE_MS = 120_000;

/** The tamper-evident log of all decisions. */
export class Ledger {
  readonly #transport: Transport;

  constructor(transport: Transport) {
    this.#transport = transport;
  }

  head(options: CallOptions = {}): Promise<LedgerHead> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/ledger/head' });
  }

  /** That this decision stands in the ledger; {@link checkProof} checks it without trust in the server. */
  proof(decision: string, options: CallOptions = {}): Promise<LedgerProof> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/ledger/proof', query: { decision } });
  }

  /** That the log of size `to` (default: now) begins with that of size `from`. */
  consistency(from: number, to?: number, options: CallOptions = {}): Promise<LedgerConsistency> {
    return this.#transport.json({ ...options, method: 'GET', path: '/v1/ledger/consistency', query: { from, to } });
  }

  /** Everything that was hashed, as NDJSON: enough to verify the ledger without the server. */
  export(options: CallOptions = {}): Promise<ReadableStream<Uint8Array>> {
    return this.#transport.stream({
      ...options,
      method: 'GET',
      path: '/v1/ledger/export',
      accept: 'application/x-ndjson',
    });
  }

  /** Has the server read and hash every row again. Damage is a result, not an error. */
  async verify(options: VerifyOptions = {}): Promise<VerifyReport> {
    const { trusted, onProgress, ...call } = options;
    const body = await this.#transport.stream(
      {
        ...call,
        method: 'GET',
        path: '/v1/ledger/verify',
        query: { trusted: trusted === undefined ? undefined : `${trusted.size}:${trusted.head}` },
        accept: 'application/x-ndjson',
      },
      LONGEST_SILENCE_MS,
    );
    for await (const line of parseLines<VerifyLine>(body)) {
      if (line.progress !== undefined) onProgress?.(line.progress.done, line.progress.total);
      if (line.report !== undefined) return line.report;
    }
    throw new ConnectionFailed({
      status: 0,
      code: 'connection_failed',
      detail: 'the verification broke off before its report',
    });
  }
}
