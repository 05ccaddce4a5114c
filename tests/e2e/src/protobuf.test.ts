import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { UnderstudyClient } from '@understudy/client';
import protobuf from 'protobufjs';
import {
  makeWorkspace,
  type Reply,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const PROTOBUF = 'application/x-protobuf';
const TASK = '/v1/predict/inquiries';
const BATCH = `${TASK}/batch`;
let server: ServerProcess;
let shop: Workspace;
let Item: protobuf.Type;
let Batch: protobuf.Type;
let Decisions: protobuf.Type;

before(async () => {
  const settings = { UNDERSTUDY_MAX_BODY_MB: '2' };
  server = await ServerProcess.start({ dataDir: join(scratchFolder(), 'data'), settings });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  const automation = { mode: 'uncertified', min_confidence: 0.5 };
  await shop.makeTask('inquiries', topicLabels, {
    automation,
    ...trainedByHand,
    input: { text: { type: 'string', max_length: 5000 } },
  });
  await shop.import('inquiries', topicRows(150));
  const run = await shop.train('inquiries', { trainer: 'linear' }, 120_000);
  assert.equal(run.status, 'succeeded', JSON.stringify(run));
  // Somebody else's implementation, from the schema that the server gives.
  const { root } = protobuf.parse((await send(server.url, { path: '/understudy.proto' })).text);
  Item = root.lookupType('understudy.v1.PredictionRequest');
  Batch = root.lookupType('understudy.v1.BatchRequest');
  Decisions = root.lookupType('understudy.v1.Decisions');
});
after(() => server?.stop());

const item = (fields: object) => Buffer.from(Item.encode(Item.fromObject(fields)).finish());
const batch = (items: object[]) => Buffer.from(Batch.encode(Batch.fromObject({ items })).finish());
const post = (path: string, body: Buffer | object, headers: Record<string, string> = {}) =>
  shop.post(path, body, { headers: { ...(Buffer.isBuffer(body) ? { 'Content-Type': PROTOBUF } : {}), ...headers } });

/** An answer in Protocol Buffers, with what stands in its tables put in its place. */
function decisionsOf(reply: Reply): any[] {
  assert.equal(reply.status, 200, reply.text);
  assert.equal(reply.headers['content-type'], PROTOBUF);
  const message = Decisions.toObject(Decisions.decode(reply.bytes), { longs: Number, arrays: true, enums: String });
  const label = (at: number | undefined) => message.labels[at ?? 0];
  return message.decisions.map((decision: any) => ({
    id: decision.id,
    task: message.task,
    outcome: decision.outcome.slice('OUTCOME_'.length).toLowerCase(),
    label: decision.label === undefined ? null : label(decision.label),
    confidence: decision.confidence ?? null,
    threshold: decision.threshold ?? null,
    automation: decision.automation.slice('AUTOMATION_'.length).toLowerCase(),
    ...(decision.review === undefined
      ? {}
      : {
          suggestion: {
            label: label(decision.review.suggestion.label),
            confidence: decision.review.suggestion.score,
          },
          review: { item: decision.review.item, reason: decision.review.reason },
        }),
    candidates: decision.candidates.map((one: any) => ({ label: label(one.label), score: one.score ?? 0 })),
    decided_by: message.models[decision.decidedBy],
    ...(decision.externalId === undefined ? {} : { external_id: decision.externalId }),
    created_at: new Date(decision.createdAtMs).toISOString(),
    cost: { amount: decision.cost, currency: message.currency },
  }));
}

const texts = topicRows(12, 7).map(({ input }) => input.text);
const items = [...texts, 'qqq'].map((text, i) => ({
  input: { text },
  ...(i % 2 === 0 ? { external_id: `row-${i}` } : {}),
}));
const messages = items.map(({ input, external_id }) => ({
  input,
  ...(external_id === undefined ? {} : { externalId: external_id }),
}));
/** What a decision of the same item has in common with another one. */
const lasting = ({ id, created_at, cost, review, ...same }: any) => ({ ...same, reason: review?.reason });

describe('the same decisions as in JSON', () => {
  test('the schema is the one in contracts', async () => {
    const { status, text, headers } = await send(server.url, { path: '/understudy.proto' });
    assert.deepEqual([status, headers['content-type']], [200, 'text/plain; charset=utf-8']);
    assert.equal(text, readFileSync(new URL('../../../contracts/understudy.proto', import.meta.url), 'utf8'));
  });

  test('one item, and a batch', async () => {
    const json = (await post(BATCH, { items })).json.decisions;
    assert.deepEqual(new Set(json.map(({ outcome }: any) => outcome)), new Set(['automated', 'review']));
    const found = decisionsOf(await post(BATCH, batch(messages)));
    assert.deepEqual(found.map(lasting), json.map(lasting));
    for (const [i, message] of messages.entries()) {
      const [one, ...more] = decisionsOf(await post(TASK, item(message)));
      assert.deepEqual([lasting(one), more], [lasting(json[i]), []]);
    }
    for (const decision of found) {
      const kept = (await shop.get(`/v1/decisions/${decision.id}`)).json;
      assert.deepEqual([kept.label, kept.outcome], [decision.label, decision.outcome]);
    }
  });

  test('everything that an item can say is in the ledger', async () => {
    const attributes = { a: { text: 'é' }, b: { number: -1.5 }, c: { flag: true }, d: { null: true } };
    const told = { input: { text: texts[0] }, subject: 'who', externalId: 'e 👋', attributes, explain: true };
    const reply = await post(TASK, item(told));
    const [{ id }] = decisionsOf(reply);
    const kept = (await shop.get(`/v1/decisions/${id}`)).json;
    assert.deepEqual(kept.attributes, { a: 'é', b: -1.5, c: true, d: null });
    assert.deepEqual([kept.subject, kept.external_id, kept.input], ['who', 'e 👋', { text: texts[0] }]);
    const { explanation } = (Decisions.decode(reply.bytes) as any).decisions[0];
    const asJson = (await post(TASK, { input: { text: texts[0] }, explain: true })).json.explanation;
    assert.deepEqual([explanation.method, explanation.bias], [asJson.method, asJson.bias]);
    assert.deepEqual(
      explanation.features.map(({ name, weight, span }: any) => [name, weight, [...span]]),
      asJson.features.map(({ name, weight, span = [] }: any) => [name, weight, span]),
    );
  });

  test('the TypeScript client gives the same in both encodings', async () => {
    const client = new UnderstudyClient({ baseUrl: server.url, apiKey: shop.key });
    const asJson = await client.predictBatch('inquiries', items);
    const asMessage = await client.predictBatch('inquiries', items, { encoding: 'protobuf' });
    assert.deepEqual(asMessage.map(lasting), asJson.map(lasting));
    assert.deepEqual(
      asMessage.map((one) => Object.keys(one).sort()),
      asJson.map((one) => Object.keys(one).sort()),
    );
    const wrong = [{ input: { text: 'a' } }, { input: { text: 'x'.repeat(5001) } }];
    await assert.rejects(client.predictBatch('inquiries', wrong, { encoding: 'protobuf' }), {
      status: 400,
      code: 'input_too_long',
    });
  });
});

describe('which form', () => {
  test('Accept says it; else it is the form of the request', async () => {
    const message = item(messages[0]!);
    for (const [body, accept, expected] of [
      [message, undefined, PROTOBUF],
      [message, '*/*', PROTOBUF],
      [message, 'application/json', 'application/json'],
      [message, 'application/json;q=0.5, application/*;q=0.9', PROTOBUF],
      [items[0]!, undefined, 'application/json'],
      [items[0]!, '*/*', 'application/json'],
      [items[0]!, 'text/html, */*;q=0.1', 'application/json'],
      [items[0]!, PROTOBUF, PROTOBUF],
      [items[0]!, 'Application/X-Protobuf; q=1', PROTOBUF],
      [items[0]!, `application/json;q=0, ${PROTOBUF};q=0.001`, PROTOBUF],
    ] as const) {
      for (const [path, sent] of [
        [TASK, body],
        [BATCH, Buffer.isBuffer(body) ? batch([messages[0]!]) : { items: [body] }],
      ] as const) {
        const reply = await post(path, sent, accept === undefined ? {} : { Accept: accept });
        assert.equal(reply.status, 200, reply.text);
        assert.equal(String(reply.headers['content-type']).split(';')[0], expected, `${path} ${accept}`);
        if (expected === PROTOBUF) assert.equal(decisionsOf(reply).length, 1);
      }
    }
  });

  test('neither → 406 and nothing is decided; another content type → 415', async () => {
    const before = (await shop.decisions()).length;
    for (const accept of ['text/html', 'application/xml, text/*', `${PROTOBUF};q=0`, 'application/json;q=0, */*;q=0']) {
      for (const [path, body] of [
        [TASK, items[0]!],
        [TASK, item(messages[0]!)],
        [BATCH, batch(messages)],
      ] as const) {
        const reply = await post(path, body, { Accept: accept });
        assert.deepEqual([reply.status, reply.json.code], [406, 'not_acceptable'], reply.text);
        assert.match(String(reply.headers['content-type']), /^application\/problem\+json/);
      }
    }
    for (const [path, type] of [
      [TASK, 'application/octet-stream'],
      [TASK, 'application/protobuf-x'],
      ['/v1/jobs', PROTOBUF],
      ['/openai/v1/moderations', PROTOBUF],
    ] as const) {
      assert.equal((await post(path, item(messages[0]!), { 'Content-Type': type })).status, 415, `${path} ${type}`);
    }
    assert.equal((await shop.decisions()).length, before);
  });
});

describe('idempotency', () => {
  test('a key decides once, and its first answer comes again to the byte', async () => {
    const before = (await shop.decisions()).length;
    const headers = { 'Idempotency-Key': 'in-bytes' };
    const first = await post(BATCH, batch(messages), headers);
    const second = await post(BATCH, batch(messages), headers);
    assert.deepEqual(second.bytes, first.bytes);
    assert.deepEqual(
      [first, second].map((reply) => reply.headers['idempotency-replayed']),
      [undefined, 'true'],
    );
    assert.equal(decisionsOf(second).length, messages.length);
    assert.equal((await shop.decisions()).length, before + messages.length);
  });

  test('the key with another form, other items or the same items in JSON is another request', async () => {
    const before = (await shop.decisions()).length;
    const headers = { 'Idempotency-Key': 'one-form' };
    assert.equal((await post(BATCH, batch(messages), headers)).status, 200);
    for (const again of [
      () => post(BATCH, batch(messages), { ...headers, Accept: 'application/json' }),
      () => post(BATCH, batch(messages.slice(1)), headers),
      () => post(BATCH, { items }, headers),
    ]) {
      const { status, json } = await again();
      assert.deepEqual([status, json.code], [422, 'idempotency_key_reused']);
    }
    assert.equal((await shop.decisions()).length, before + messages.length);
  });
});

describe('bad input', () => {
  const told = ({ status, json }: Reply) => [status, json.code, json.errors];

  test('the same problems with the same pointers as in JSON', async () => {
    const long = 'x'.repeat(501);
    const many = Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`a${i}`, i]));
    const asMessages = (attributes: Record<string, unknown>) =>
      Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          name,
          { [typeof value === 'string' ? 'text' : 'number']: value },
        ]),
      );
    const input = { text: 'x' };
    for (const [json, message = json] of [
      [{}],
      [{ input: {} }],
      [{ input: { text: 'x'.repeat(5001) } }],
      [{ input: { text: 'a\0b' } }],
      [{ input, subject: '' }],
      [{ input, subject: long }],
      [
        { input, external_id: '' },
        { input, externalId: '' },
      ],
      [
        { input, external_id: 'a\0' },
        { input, externalId: 'a\0' },
      ],
      [
        { input, attributes: many },
        { input, attributes: asMessages(many) },
      ],
      [
        { input, attributes: { a: 'x'.repeat(2001) } },
        { input, attributes: { a: { text: 'x'.repeat(2001) } } },
      ],
      [
        { input, attributes: { 'a/b': 'x\0' } },
        { input, attributes: { 'a/b': { text: 'x\0' } } },
      ],
    ] as [object, object?][]) {
      const what = JSON.stringify(json).slice(0, 100);
      const one = await post(TASK, item(message));
      assert.equal(one.status, 400, `${what}: ${one.text.slice(0, 200)}`);
      assert.deepEqual(told(one), told(await post(TASK, json)), what);
      const good = { input: { text: 'good' } };
      const all = await post(BATCH, batch([good, message]));
      assert.deepEqual(told(all), told(await post(BATCH, { items: [good, json] })), what);
    }
    assert.deepEqual(told(await post(BATCH, Buffer.alloc(0))), told(await post(BATCH, { items: [] })));
    const tooMany = Array.from({ length: 1001 }, () => ({ input }));
    assert.deepEqual(told(await post(BATCH, batch(tooMany))), told(await post(BATCH, { items: tooMany })));
    for (const number of [Number.NaN, Number.POSITIVE_INFINITY]) {
      const { status, json } = await post(TASK, item({ input, attributes: { a: { number } } }));
      assert.deepEqual([status, json.code, json.errors[0].pointer], [400, 'invalid_body', '/attributes/a']);
    }
    const empty = await post(TASK, item({ input, attributes: { a: {} } }));
    assert.deepEqual([empty.status, empty.json.errors[0].pointer], [400, '/attributes/a'], empty.text);
  });

  test('hostile bytes are refused with a problem, soon, and nothing is decided', async () => {
    const before = (await shop.decisions()).length;
    const good = batch(messages);
    const bodies: [string, Buffer, number][] = [
      ['cut off', good.subarray(0, good.length - 3), 400],
      ['JSON', Buffer.from(JSON.stringify({ items })), 400],
      ['compressed', gzipSync(good), 400],
      ['a wrong wire type', Buffer.from([0x08, 1]), 400],
      ['an unknown field', Buffer.concat([good, Buffer.from([0x78, 1])]), 400],
      ['groups in groups', Buffer.alloc(1_000_000, 0x7b), 400],
      ['endless numbers', Buffer.alloc(1_000_000, 0xff), 400],
      ['a million items', Buffer.alloc(2_000_000, Buffer.from([0x0a, 0])), 400],
      [
        'a million names',
        Buffer.concat([Buffer.from([0x0a, 0x80, 0x89, 0x7a]), Buffer.alloc(2_000_000, Buffer.from([0x22, 0]))]),
        400,
      ],
      ['half a character', Buffer.from([0x0a, 6, 0x0a, 4, 0x0a, 2, 0xc3, 0x28]), 400],
      ['too large', Buffer.alloc(2 * 2 ** 20 + 1), 413],
    ];
    for (const [what, body, status] of bodies) {
      const reply = await post(BATCH, body);
      assert.equal(reply.status, status, `${what}: ${reply.text.slice(0, 300)}`);
      assert.match(String(reply.headers['content-type']), /^application\/problem\+json/, what);
      assert.equal(reply.json.request_id, reply.headers['x-request-id'], what);
      assert.ok(reply.bytes.length < 300_000, `${what}: ${reply.bytes.length} bytes`);
    }
    assert.equal((await shop.decisions()).length, before);
    assert.equal((await post(BATCH, good)).status, 200);
  });

  test('who may not, may not in this form either', async () => {
    const key = await shop.post('/v1/keys', { name: 'reader', scopes: ['tasks:read'] });
    const options = { key: key.json.secret, headers: { 'Content-Type': PROTOBUF } };
    assert.equal((await shop.post(BATCH, batch(messages), options)).status, 403);
    assert.equal((await shop.post(BATCH, batch(messages), { ...options, key: 'us_nobody' })).status, 401);
    assert.equal((await post('/v1/predict/nobody/batch', batch(messages))).json.code, 'task_not_found');
  });
});

/** Runs a program to its end. */
function run(
  program: string,
  args: readonly string[],
  input = '',
): Promise<{ code: number | null; out: string; err: string }> {
  return new Promise((resolve) => {
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'pipe'] });
    let out = '';
    let err = '';
    child.stdout.on('data', (chunk) => (out += chunk));
    child.stderr.on('data', (chunk) => (err += chunk));
    child.stdin.on('error', () => {}); // of a program that does not read
    child.on('error', (error) => resolve({ code: null, out, err: String(error) }));
    child.on('close', (code) => resolve({ code, out, err }));
    child.stdin.end(input);
  });
}

test("Google's own implementation, with code generated from the published schema", async (t) => {
  const components = process.env.UNDERSTUDY_TEST_COMPONENTS ?? join(homedir(), '.cache', 'understudy-components');
  const installed = join(components, 'python-openai', 'bin', 'python');
  const python = existsSync(installed) ? installed : 'python3';
  const found = await run(python, ['-c', 'import google.protobuf, grpc_tools']);
  if (found.code !== 0) {
    const how = `${python} has no packages protobuf and grpcio-tools: tests/e2e/python/install.sh installs them`;
    assert.notEqual(process.env.CI, 'true', how);
    t.skip(`NOT TESTED: ${how}`);
    return;
  }
  const schema = (await send(server.url, { path: '/understudy.proto' })).text;
  const given = { url: server.url, key: shop.key, task: 'inquiries', schema, texts };
  const script = fileURLToPath(new URL('../python/protobuf_batch.py', import.meta.url));
  const { code, out, err } = await run(python, [script], JSON.stringify(given));
  assert.equal(code, 0, err);
  const seen = JSON.parse(out);
  const json = (await post(BATCH, { items: texts.map((text) => ({ input: { text } })) })).json.decisions;
  assert.equal(seen.content_type, PROTOBUF);
  assert.equal(seen.bytes[0], seen.bytes[1]);
  assert.deepEqual(
    seen.labels,
    json.map(({ label }: any) => label),
  );
  const [first] = seen.message.decisions;
  assert.deepEqual(
    [first.outcome, first.automation, first.external_id, first.confidence, seen.message.currency],
    ['OUTCOME_AUTOMATED', 'AUTOMATION_UNCERTIFIED', 'row-0', json[0].confidence, json[0].cost.currency],
  );
  assert.ok(first.explanation.features.length > 0);
  const kept = (await shop.get(`/v1/decisions/${first.id}`)).json;
  assert.deepEqual(kept.attributes, { channel: 'mail', amount: 12.5, urgent: false, language: null });
  assert.deepEqual([kept.subject, kept.input.text], ['somebody', texts[0]]);
});
