import type { fetchV17, RecordsBatch } from '@platformatic/kafka';

const TRANSACTIONAL = 0x10;
const CONTROL = 0x20;

type Fetched = Pick<fetchV17.FetchResponsePartition, 'records' | 'abortedTransactions'>;

/**
 * The batches of a read-committed fetch without markers and without what was aborted, as KIP-98 has a consumer do it:
 * the broker lists the aborted transactions of the range by producer and first offset, and each ends at its producer's
 * next abort marker. (The client filters too, but only the last aborted transaction of a producer in a response.)
 */
export function committedBatches({ records, abortedTransactions }: Fetched): RecordsBatch[] {
  const waiting = [...(abortedTransactions ?? [])].sort((a, b) => Number(a.firstOffset - b.firstOffset));
  const aborted = new Set<bigint>();
  const kept: RecordsBatch[] = [];
  for (const batch of records ?? []) {
    const last = lastOffset(batch);
    while (waiting.length > 0 && waiting[0]!.firstOffset <= last) aborted.add(waiting.shift()!.producerId);
    if ((batch.attributes & CONTROL) !== 0) {
      // A marker's key is a version and a type: 0 aborts, 1 commits.
      if (batch.records[0]?.key?.readInt16BE(2) === 0) aborted.delete(batch.producerId);
      continue;
    }
    if ((batch.attributes & TRANSACTIONAL) !== 0 && aborted.has(batch.producerId)) continue;
    kept.push(batch);
  }
  return kept;
}

export function lastOffset(batch: Pick<RecordsBatch, 'firstOffset' | 'lastOffsetDelta'>): bigint {
  return batch.firstOffset + BigInt(batch.lastOffsetDelta);
}
