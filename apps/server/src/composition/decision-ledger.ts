import { createHash } from 'node:crypto';
import type { DecisionLedger, DecisionRecord } from '@understudy/decisions';
import type { NewEvent } from '@understudy/events';
import type { Tx } from '@understudy/kernel';
import {
  type DecisionEntry,
  eventEntries,
  type KeptResponse,
  type Ledger,
  type LedgerEntry,
  type Receipt,
} from '@understudy/ledger';
import { httpErrors } from '../http/errors.ts';
import type { Metrics } from '../observability/metrics.ts';

/** Entries of one commit of the log. */
const COMMIT_ENTRIES = 1_000;

/** The decisions room's ledger over the ledger room, with `Idempotency-Key` settled in the same transaction. */
export class LedgerOfDecisions implements DecisionLedger {
  readonly #ledger: Ledger;
  readonly #metrics: Metrics;
  /** Keys under way in this process. Between processes the unique key in the ledger decides. */
  readonly #inFlight = new Set<string>();

  constructor(ledger: Ledger, metrics: Metrics) {
    this.#ledger = ledger;
    this.#metrics = metrics;
  }

  async append(records: readonly DecisionRecord[]): Promise<void> {
    await this.#ledger.appendAll(records.map((record) => toEntry(record, null)));
    this.#count(records);
  }

  async appendIn(tx: Tx, records: readonly DecisionRecord[], events: readonly NewEvent[]): Promise<void> {
    const [first] = records;
    if (first === undefined) return;
    const entries: LedgerEntry[] = records.map((record) => toEntry(record, null));
    for (const entry of eventEntries(first.workspace, events, first.createdAt)) entries.push(entry);
    for (let from = 0; from < entries.length; from += COMMIT_ENTRIES) {
      await this.#ledger.appendIn(tx, entries.slice(from, from + COMMIT_ENTRIES));
    }
    this.#count(records);
  }

  async appendOnce(
    workspace: string,
    call: { key: string; requestHash: Buffer },
    decide: () => Promise<{ records: DecisionRecord[]; body: string }>,
  ): Promise<{ body: string; replayed: boolean }> {
    const keyHash = createHash('sha256').update(`prediction\n${call.key}`).digest('hex');
    const requestHash = call.requestHash.toString('hex');
    const flight = `${workspace} ${keyHash}`;
    if (this.#inFlight.has(flight)) {
      throw httpErrors.idempotency_key_in_flight('the first request with this key has not finished', {
        retryAfterSeconds: 1,
      });
    }
    this.#inFlight.add(flight);
    try {
      const known = await this.#ledger.findIdempotent(workspace, keyHash);
      if (known !== undefined) return replay(known, requestHash);
      const { records, body } = await decide();
      const kept: KeptResponse = { keyHash, requestHash, response: body };
      const entries = records.map((record) => toEntry(record, keyHash));
      const receipt: Receipt = await this.#ledger.appendAll(entries, kept);
      // Another process was first with this key: its answer counts, ours was never written.
      if (receipt.replayed) return replay(receipt, requestHash);
      this.#count(records);
      return { body, replayed: false };
    } finally {
      this.#inFlight.delete(flight);
    }
  }

  #count(records: readonly DecisionRecord[]): void {
    for (const record of records) this.#metrics.decision(record.outcome, record.reviewReason ?? '');
  }
}

function replay(known: { requestHash: string; response: string }, requestHash: string) {
  if (known.requestHash !== requestHash) {
    throw httpErrors.idempotency_key_reused('this key came with another request before');
  }
  return { body: known.response, replayed: true };
}

function toEntry(record: DecisionRecord, idempotencyKeyHash: string | null): DecisionEntry {
  return {
    kind: 'decision',
    workspace: record.workspace,
    id: record.id,
    task: { id: record.taskId, slug: record.task, revision: record.taskRevision },
    label: record.label,
    suggestion: record.suggestion === null ? null : { label: record.suggestion, confidence: record.confidence ?? 0 },
    confidence: record.confidence,
    threshold: record.threshold,
    candidates: record.candidates,
    decidedBy: record.decidedBy,
    automation: record.automation,
    reviewReason: record.reviewReason,
    audit: record.auditProbability === null ? null : { probability: record.auditProbability },
    certificate: record.certificate,
    traceId: record.traceId,
    via: record.via,
    cost: record.cost,
    timings: { model: Math.round(record.modelMilliseconds * 1000) },
    requestId: record.requestId,
    idempotencyKeyHash,
    payload: {
      input: record.input,
      subject: record.subject ?? undefined,
      external_id: record.externalId ?? undefined,
      attributes: record.attributes ?? undefined,
    },
  };
}
