import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { fetchV17, KafkaRecord, RecordsBatch } from '@platformatic/kafka';
import { PartitionQueue } from './partition-queue.ts';

const record = (offsetDelta: number, over: Partial<KafkaRecord> = {}): KafkaRecord => ({
  length: 0,
  attributes: 0,
  timestampDelta: 5n,
  offsetDelta,
  key: null,
  value: Buffer.from(`value ${offsetDelta}`),
  headers: [],
  ...over,
});

const batch = (first: number, records: KafkaRecord[], over: Partial<RecordsBatch> = {}): RecordsBatch => ({
  firstOffset: BigInt(first),
  length: 0,
  partitionLeaderEpoch: 0,
  magic: 2,
  crc: 0,
  attributes: 0,
  lastOffsetDelta: records.at(-1)?.offsetDelta ?? 0,
  firstTimestamp: 1000n,
  maxTimestamp: 2000n,
  producerId: -1n,
  producerEpoch: -1,
  firstSequence: -1,
  records,
  ...over,
});

const fetched = (
  records: RecordsBatch[],
  over: Partial<fetchV17.FetchResponsePartition> = {},
): fetchV17.FetchResponsePartition => ({
  partitionIndex: 3,
  errorCode: 0,
  highWatermark: 100n,
  lastStableOffset: 100n,
  logStartOffset: 0n,
  abortedTransactions: null,
  preferredReadReplica: -1,
  records,
  ...over,
});

const marker = (at: number, producerId: bigint, commits: boolean): RecordsBatch =>
  batch(at, [record(0, { key: Buffer.from([0, 0, 0, commits ? 1 : 0]) })], { attributes: 0x30, producerId });

test('messages wait in order until they are done; what is done is what may be committed', () => {
  const queue = new PartitionQueue(3, 10n, -1n);
  assert.equal(queue.add(fetched([batch(9, [record(0), record(1), record(2)])]), 10n), true);
  assert.deepEqual(
    queue.peek(10).map(({ place }) => place),
    ['3/10', '3/11'],
    'what stands before the asked offset in its batch is not ours',
  );
  assert.equal(queue.position, 12n);
  assert.equal(queue.acknowledged, 10n);
  const { bytes } = queue;
  queue.done(1);
  assert.equal(queue.acknowledged, 11n);
  assert.ok(queue.bytes < bytes);
  queue.again(1);
  assert.equal(queue.peek(1)[0]!.redelivered, true);
  queue.done(1);
  assert.deepEqual([queue.length, queue.bytes, queue.acknowledged], [0, 0, 12n]);
});

test('an answer to an older question is not taken', () => {
  const queue = new PartitionQueue(0, 0n, 0n);
  queue.add(fetched([batch(0, [record(0)])]), 0n);
  assert.equal(queue.add(fetched([batch(0, [record(0)])]), 0n), false);
  assert.equal(queue.length, 1);
});

test('what was there before us may have been delivered before; what comes later not', () => {
  const queue = new PartitionQueue(0, 0n, 0n);
  queue.add(fetched([batch(0, [record(0)])], { highWatermark: 1n }), 0n);
  queue.add(fetched([batch(1, [record(0)])], { highWatermark: 2n }), 1n);
  assert.deepEqual(
    queue.peek(5).map(({ redelivered }) => redelivered),
    [true, false],
  );
});

test('a lost partition hands nothing over and takes nothing', () => {
  const queue = new PartitionQueue(0, 0n, 0n);
  queue.add(fetched([batch(0, [record(0)])]), 0n);
  queue.lose();
  assert.ok(queue.signal.aborted);
  assert.deepEqual([queue.length, queue.bytes], [0, 0]);
  assert.equal(queue.add(fetched([batch(1, [record(0)])]), 1n), false);
});

test('aborted transactions and markers are passed over, also two of one producer', () => {
  const queue = new PartitionQueue(0, 0n, 0n);
  const transactional = { attributes: 0x10, producerId: 7n };
  const records = [
    batch(0, [record(0), record(1)], transactional),
    marker(2, 7n, false),
    batch(3, [record(0)], transactional),
    marker(4, 7n, true),
    batch(5, [record(0)], transactional),
    batch(6, [record(0)], { attributes: 0x10, producerId: 8n }),
    marker(7, 7n, false),
    marker(8, 8n, true),
  ];
  const abortedTransactions = [
    { producerId: 7n, firstOffset: 5n },
    { producerId: 7n, firstOffset: 0n },
  ];
  queue.add(fetched(records, { abortedTransactions }), 0n);
  assert.deepEqual(
    queue.peek(9).map(({ place }) => place),
    ['0/3', '0/6'],
  );
  queue.done(2);
  assert.equal(queue.acknowledged, 9n, 'the markers at the end are no backlog');
});

test('a record becomes a message: id, headers, key, reply address, moment', () => {
  const queue = new PartitionQueue(0, 0n, 0n);
  const headers: KafkaRecord['headers'] = [
    [Buffer.from('CE_ID'), Buffer.from('event-1')],
    [Buffer.from('reply-to'), Buffer.from('old')],
    [Buffer.from('reply-to'), Buffer.from('replies')],
    [Buffer.from('correlation-id'), Buffer.from('c')],
    [Buffer.from('x-null'), null],
  ];
  const odd = record(1, { key: Buffer.from([0xff, 0xfe]), value: null });
  queue.add(fetched([batch(0, [record(0, { key: Buffer.from('ü'), headers }), odd], { attributes: 0x08 })]), 0n);
  const [first, second] = queue.peek(2);
  assert.deepEqual(
    [first!.id, first!.key, first!.replyTo, first!.correlationId, first!.at, first!.headers['x-null']],
    ['event-1', 'ü', 'replies', 'c', 2000, ''],
  );
  assert.deepEqual([second!.id, second!.key, second!.body.byteLength], [null, 'base64://4=', 0]);
});
