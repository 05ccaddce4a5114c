import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import protobuf from 'protobufjs';
import type { Decision, PredictionRequest } from './generated/api.ts';
import { UnderstudyClient, UnexpectedAnswer } from './index.ts';
import { readDecisions, writeBatch } from './protobuf.ts';

// Somebody else's implementation of Protocol Buffers, made from the published schema.
const schema = readFileSync(new URL('../../../contracts/understudy.proto', import.meta.url), 'utf8');
const { root } = protobuf.parse(schema);
const Batch = root.lookupType('understudy.v1.BatchRequest');
const Decisions = root.lookupType('understudy.v1.Decisions');

const sent = (items: PredictionRequest[]) =>
  Batch.toObject(Batch.decode(writeBatch(items)), { oneofs: false, defaults: false }).items;

test('items arrive as they are, in texts of every length', () => {
  for (const length of [0, 1, 42, 43, 126, 127, 128, 5461, 16_383, 16_384, 70_000]) {
    for (const letter of ['a', 'é', '字', '👋']) {
      const text = letter.repeat(length);
      assert.deepEqual(sent([{ input: { text }, external_id: text }]), [{ input: { text }, externalId: text }]);
    }
  }
  const attributes = { a: 'é', b: -1.5, c: false, d: null, e: true };
  assert.deepEqual(sent([{ input: { text: 'x' }, subject: 's', attributes, explain: true }]), [
    {
      input: { text: 'x' },
      subject: 's',
      attributes: { a: { text: 'é' }, b: { number: -1.5 }, c: { flag: false }, d: { null: true }, e: { flag: true } },
      explain: true,
    },
  ]);
  assert.equal(sent(Array.from({ length: 1000 }, (_, i) => ({ input: { text: `${i}` } }))).length, 1000);
});

test('what the message cannot hold is refused, not lost', () => {
  for (const item of [
    { input: { text: '\ud800' } },
    { input: { text: 7 } },
    { input: { text: 'x' }, sbject: 's' },
    { input: { text: 'x', lang: 'en' } },
    { input: { text: 'x' }, attributes: { a: [1] } },
    { input: { text: 'x' }, subject: null },
  ]) {
    assert.throws(() => writeBatch([item as never]), TypeError, JSON.stringify(item));
  }
});

const message = {
  task: 'inquiries',
  labels: ['Überweisung', 'card'],
  models: [{ rung: 'own_model', model: 'inquiries', version: '7' }],
  currency: 'EUR',
  decisions: [
    {
      id: 'dec_1',
      outcome: 1,
      label: 1,
      confidence: 0.9,
      threshold: 0.5,
      automation: 1,
      candidates: [{ label: 1, score: 0.9 }, { label: 0 }],
      decidedBy: 0,
      externalId: 'e',
      createdAtMs: Date.parse('2026-01-02T03:04:05.678Z'),
      cost: '0.000000012',
    },
    {
      id: 'dec_2',
      outcome: 2,
      automation: 3,
      review: { item: 'itm_2', reason: 'automation_off', suggestion: { label: 0, score: 0.4 } },
      createdAtMs: 0,
      cost: '1.5',
      explanation: {
        method: 'linear',
        label: 'card',
        score: 1.5,
        unit: 'logit',
        bias: -0.25,
        features: [
          { name: 'f'.repeat(300), weight: 2, span: [3, 300] },
          { name: 'g', weight: 1 },
        ],
        remainder: 0.5,
      },
    },
    { id: 'dec_3', outcome: 2, automation: 2, review: { reason: 'no_model' }, createdAtMs: 1, cost: '0' },
  ],
};
const bytes = Decisions.encode(Decisions.fromObject(message)).finish();
const cost = { amount: '0', currency: 'EUR' };
const expected: Decision[] = [
  {
    id: 'dec_1',
    task: 'inquiries',
    outcome: 'automated',
    label: 'card',
    confidence: 0.9,
    threshold: 0.5,
    automation: 'certified',
    candidates: [
      { label: 'card', score: 0.9 },
      { label: 'Überweisung', score: 0 },
    ],
    decided_by: { rung: 'own_model', model: 'inquiries', version: '7' },
    external_id: 'e',
    created_at: '2026-01-02T03:04:05.678Z',
    cost: { ...cost, amount: '0.000000012' },
  },
  {
    id: 'dec_2',
    task: 'inquiries',
    outcome: 'review',
    label: null,
    confidence: null,
    threshold: null,
    automation: 'off',
    suggestion: { label: 'Überweisung', confidence: 0.4 },
    review: { item: 'itm_2', reason: 'automation_off' },
    candidates: [],
    decided_by: null,
    created_at: '1970-01-01T00:00:00.000Z',
    cost: { ...cost, amount: '1.5' },
    explanation: {
      method: 'linear',
      label: 'card',
      score: 1.5,
      unit: 'logit',
      bias: -0.25,
      features: [
        { name: 'f'.repeat(300), weight: 2, span: [3, 300] },
        { name: 'g', weight: 1 },
      ],
      remainder: 0.5,
    },
  },
  {
    id: 'dec_3',
    task: 'inquiries',
    outcome: 'review',
    label: null,
    confidence: null,
    threshold: null,
    automation: 'uncertified',
    suggestion: null,
    review: { item: null, reason: 'no_model' },
    candidates: [],
    decided_by: null,
    created_at: '1970-01-01T00:00:00.001Z',
    cost,
  },
];

test('decisions come as JSON has them, and fields of a newer server are passed over', () => {
  assert.deepEqual(readDecisions(bytes), expected);
  const newer = protobuf.Writer.create().uint32(120).uint32(5).uint32(122).string('new').uint32(125).fixed32(1);
  newer.uint32(121).double(1);
  assert.deepEqual(readDecisions(Buffer.concat([newer.finish(), bytes])), expected);
});

test('cut off anywhere, or with a reference to nothing, an answer is refused', () => {
  for (let length = 1; length < bytes.length; length++) {
    try {
      assert.ok(readDecisions(bytes.subarray(0, length)).length < 3, `${length} bytes`);
    } catch (error) {
      assert.ok(error instanceof RangeError, String(error));
    }
  }
  for (const wrong of [{ label: 2 }, { decidedBy: 1 }, { outcome: 9 }, { automation: 0 }]) {
    const broken = { ...message, decisions: [{ ...message.decisions[0], ...wrong }] };
    const encoded = Decisions.encode(Decisions.fromObject(broken)).finish();
    if ('automation' in wrong)
      assert.equal(readDecisions(encoded)[0]!.automation, 'off'); // 0 is not sent
    else assert.throws(() => readDecisions(encoded), RangeError, JSON.stringify(wrong));
  }
  assert.throws(() => readDecisions(new Uint8Array([0x0c])), RangeError);
  assert.throws(() => readDecisions(new Uint8Array([0x0a, 2, 0xc3, 0x28])), TypeError);
});

test('a batch in Protocol Buffers: its headers, its repeats, its errors', async () => {
  const seen: Request[] = [];
  const answers = [
    () => new Response('{"code":"overloaded"}', { status: 503 }),
    () => new Response(bytes, { headers: { 'content-type': 'application/x-protobuf' } }),
    () => new Response('{"decisions":[]}', { headers: { 'content-type': 'application/json' } }),
    () => new Response(bytes.subarray(1), { headers: { 'content-type': 'application/x-protobuf' } }),
    () => new Response(new Uint8Array(), { headers: { 'content-type': 'application/x-protobuf' } }),
  ];
  const client = new UnderstudyClient({
    baseUrl: 'http://test',
    apiKey: 'us_test',
    wait: async () => {},
    fetch: async (input, init) => {
      seen.push(new Request(input, init));
      return answers[seen.length - 1]!();
    },
  });
  const items = [{ input: { text: 'a' } }, { input: { text: 'b' } }, { input: { text: 'c' } }];
  assert.deepEqual(await client.predictBatch('t', items, { encoding: 'protobuf' }), expected);
  const [first, second] = seen as [Request, Request];
  assert.deepEqual(
    ['content-type', 'accept'].map((name) => first.headers.get(name)),
    ['application/x-protobuf', 'application/x-protobuf'],
  );
  assert.equal(first.headers.get('idempotency-key'), second.headers.get('idempotency-key'));
  for (const request of [first, second]) assert.deepEqual(await request.bytes(), writeBatch(items));
  for (let i = 0; i < 3; i++) {
    await assert.rejects(client.predictBatch('t', items, { encoding: 'protobuf' }), UnexpectedAnswer);
  }
  assert.equal(seen.length, 5);
});

test('any number of items in batches of Protocol Buffers', async () => {
  const client = new UnderstudyClient({
    baseUrl: 'http://test',
    apiKey: 'us_test',
    fetch: async () => new Response(bytes, { headers: { 'content-type': 'application/x-protobuf' } }),
  });
  const items = Array.from({ length: 6 }, (_, i) => ({ input: { text: `${i}` } }));
  const ids: string[] = [];
  for await (const { decision } of client.predictAll('t', items, { batchSize: 3, encoding: 'protobuf' })) {
    ids.push(decision.id);
  }
  assert.deepEqual(ids, ['dec_1', 'dec_2', 'dec_3', 'dec_1', 'dec_2', 'dec_3']);
});
