import type { fetchV17 } from '@platformatic/kafka';
import type { IncomingMessage } from '@understudy/events';
import { committedBatches, lastOffset } from './committed-records.ts';
import { fromRecord } from './message-mapping.ts';

interface Queued {
  message: IncomingMessage;
  offset: bigint;
  bytes: number;
}

const LOG_APPEND_TIME = 0x08;
/** What one message costs beside its bytes, about. */
const OVERHEAD = 200;

/** One partition while it is ours: what was fetched and is not acknowledged, in order. */
export class PartitionQueue {
  readonly index: number;
  /** Next offset to fetch. */
  position: bigint;
  /** All before it is done: what is to be committed. */
  acknowledged: bigint;
  /** What the group has stored; -1n for nothing yet. */
  committed: bigint;
  /** A handler has its first messages in hand, or they wait for their retry. */
  busy = false;
  /** How often in a row the handler threw. */
  failures = 0;
  bytes = 0;
  readonly #queued: Queued[] = [];
  readonly #lost = new AbortController();
  /** What was there when we got the partition may have been handed to another before. */
  #knownFrom: bigint | null = null;

  constructor(index: number, position: bigint, committed: bigint) {
    this.index = index;
    this.position = position;
    this.acknowledged = position;
    this.committed = committed;
  }

  get signal(): AbortSignal {
    return this.#lost.signal;
  }

  get length(): number {
    return this.#queued.length;
  }

  /** No longer ours: whoever works on it stops, and nothing of it is committed any more. */
  lose(): void {
    this.#lost.abort();
    this.#queued.length = 0;
    this.bytes = 0;
  }

  /** The records of a fetch that began at `from`. Answers whether something new waits. */
  add(fetched: fetchV17.FetchResponsePartition, from: bigint): boolean {
    if (this.signal.aborted || from !== this.position) return false;
    this.#knownFrom ??= fetched.highWatermark;
    const before = this.#queued.length;
    for (const batch of committedBatches(fetched)) {
      const appended = (batch.attributes & LOG_APPEND_TIME) !== 0 ? batch.maxTimestamp : null;
      for (const record of batch.records) {
        const offset = batch.firstOffset + BigInt(record.offsetDelta);
        if (offset < from) continue; // brokers send whole batches
        const timestamp = appended ?? batch.firstTimestamp + record.timestampDelta;
        const redelivered = offset < this.#knownFrom;
        const message = fromRecord(record, { partition: this.index, offset, timestamp, redelivered });
        const bytes = message.body.byteLength + (record.key?.length ?? 0) + OVERHEAD;
        this.#queued.push({ message, offset, bytes });
        this.bytes += bytes;
      }
    }
    const last = fetched.records?.at(-1);
    if (last !== undefined) this.position = lastOffset(last) + 1n;
    this.#skipMarkers();
    return this.#queued.length > before;
  }

  /** The first messages, which stay until {@link done}. */
  peek(most: number): IncomingMessage[] {
    return this.#queued.slice(0, most).map(({ message }) => message);
  }

  /** The first `count` are done. */
  done(count: number): void {
    for (const { offset, bytes } of this.#queued.splice(0, count)) {
      this.acknowledged = offset + 1n;
      this.bytes -= bytes;
    }
    this.#skipMarkers();
  }

  /** The first `count` will be handed over again. */
  again(count: number): void {
    for (const queued of this.#queued.slice(0, count)) queued.message = { ...queued.message, redelivered: true };
  }

  /** What is left are transaction markers and aborted records: nobody waits for them. */
  #skipMarkers(): void {
    if (this.#queued.length === 0) this.acknowledged = this.position;
  }
}
