import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BatchRequest, type Decision, PredictionRequest } from '@understudy/wire';
import fastify from 'fastify';
import type { AnswerForm, Decide, IdempotentCall } from '../decide.ts';
import { predictionRoutes } from './prediction-routes.ts';
import { writeDecisions } from './protobuf/write-decisions.ts';

const PROTOBUF = 'application/x-protobuf';
const decision: Decision = {
  id: 'dec_1',
  task: 't',
  outcome: 'automated',
  label: 'a',
  confidence: 1,
  threshold: 0.5,
  automation: 'certified',
  candidates: [],
  decided_by: null,
  created_at: '2026-01-02T03:04:05.678Z',
  cost: { amount: '0', currency: 'EUR' },
};
const message = Buffer.from(writeDecisions([decision]));

/** Answers every item with one decision; a key that was seen with the same hash is replayed. */
class Decided {
  readonly items: unknown[] = [];
  readonly kept = new Map<string, string>();

  one = async (_call: unknown, _slug: string, item: unknown, key: IdempotentCall | undefined, form: AnswerForm) =>
    this.#once([item], key, () => form.one(decision));
  batch = async (_call: unknown, _slug: string, items: unknown[], key: IdempotentCall | undefined, form: AnswerForm) =>
    this.#once(items, key, () => form.batch(items.map(() => decision)));

  #once(items: unknown[], key: IdempotentCall | undefined, answer: () => string) {
    const name = key === undefined ? '' : `${key.key} ${key.requestHash.toString('hex')}`;
    const known = this.kept.get(name);
    if (known !== undefined) return { body: known, replayed: true };
    this.items.push(...items);
    const body = answer();
    if (key !== undefined) this.kept.set(name, body);
    return { body, replayed: false };
  }
}

async function door() {
  const decide = new Decided();
  const app = fastify();
  for (const schema of [PredictionRequest, BatchRequest]) app.addSchema(schema);
  for (const $id of ['Decision', 'BatchResponse']) app.addSchema({ $id, type: 'object' });
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  const hashes = new WeakMap<object, Buffer>();
  predictionRoutes({
    decide: decide as unknown as Decide,
    traceOf: () => null,
    keepBodyHash: (request, bytes) => hashes.set(request, bytes),
    idempotencyOf: (request) => {
      const key = request.headers['idempotency-key'];
      return typeof key === 'string' ? { key, requestHash: hashes.get(request) ?? Buffer.from('json') } : undefined;
    },
  })(app);
  await app.ready();
  const post = (url: string, payload: Buffer | object, headers: Record<string, string> = {}) =>
    app.inject({
      method: 'POST',
      url,
      payload,
      headers: { ...(Buffer.isBuffer(payload) ? { 'content-type': PROTOBUF } : {}), ...headers },
    });
  return { decide, post };
}

/** `{input: {text: 'x'}}` and a batch of two of it. */
const item = Buffer.from([0x0a, 3, 0x0a, 1, 0x78]);
const batch = Buffer.concat([Buffer.from([0x0a, 5]), item, Buffer.from([0x0a, 5]), item]);

test('with and without a key, an answer in Protocol Buffers is the same bytes, and so is its replay', async () => {
  const { decide, post } = await door();
  const two = Buffer.from(writeDecisions([decision, decision]));
  for (const [url, payload, bytes] of [
    ['/v1/predict/t', item, message],
    ['/v1/predict/t/batch', batch, two],
  ] as const) {
    for (const headers of [{}, { 'idempotency-key': url }, { 'idempotency-key': url }] as Record<string, string>[]) {
      const answer = await post(url, payload, headers);
      assert.deepEqual([answer.statusCode, answer.headers['content-type']], [200, PROTOBUF], answer.body);
      assert.deepEqual(answer.rawPayload, bytes);
    }
  }
  assert.equal(decide.items.length, 6);
  assert.deepEqual(
    [...decide.kept.values()].map((text) => Buffer.from(text, 'base64')),
    [message, two],
  );
});

test('the form of the answer is part of what a key stands for', async () => {
  const { decide, post } = await door();
  const key = { 'idempotency-key': 'k' };
  assert.equal((await post('/v1/predict/t', item, key)).headers['idempotency-replayed'], undefined);
  const json = await post('/v1/predict/t', item, { ...key, accept: 'application/json' });
  assert.deepEqual([json.json(), json.headers['idempotency-replayed']], [decision, undefined]);
  assert.equal((await post('/v1/predict/t', item, key)).headers['idempotency-replayed'], 'true');
  assert.equal(decide.items.length, 2);
});

test('the item is checked by the schema of JSON; a wish for neither form decides nothing', async () => {
  const { decide, post } = await door();
  assert.equal((await post('/v1/predict/t', Buffer.from([0x78, 1]))).statusCode, 400);
  assert.equal((await post('/v1/predict/t', Buffer.from([0x0a]))).json().code, 'invalid_protobuf');
  assert.equal((await post('/v1/predict/t', item, { accept: 'text/html' })).json().code, 'not_acceptable');
  assert.equal(
    (await post('/v1/predict/t', { input: { text: 'x' } }, { accept: 'text/*' })).json().code,
    'not_acceptable',
  );
  assert.deepEqual(decide.items, []);
});
