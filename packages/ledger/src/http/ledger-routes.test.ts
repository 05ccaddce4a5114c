import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isUnderstudyError, type RouteConfig, systemClock } from '@understudy/kernel';
import * as wire from '@understudy/wire';
import { fastify } from 'fastify';
import { DecisionHistory } from '../decision-history.ts';
import type { EchoEvidence } from '../echo.ts';
import { Ledger } from '../ledger.ts';
import { exampleDecision, exampleReview } from '../testing/example-entries.ts';
import { MemoryLedgerStorage } from '../testing/memory-ledger-storage.ts';
import { verifyExport } from '../verification/export.ts';
import { ledgerRoutes } from './ledger-routes.ts';

async function serve(workspace = 'ws_a') {
  const evidence: EchoEvidence = { logWealth: 0, labels: 700, agreed: 700, alwaysAgrees: false };
  const echoes = { of: async () => evidence, list: async () => [{ principal: 'key_1', ...evidence }] };
  const storage = new MemoryLedgerStorage();
  const ledger = new Ledger({ storage });
  const rules = { allows: async (_workspace: string, _task: unknown, label: string) => ['ok', 'spam'].includes(label) };
  const history = new DecisionHistory({ storage, ledger, rules, echoes, clock: systemClock });
  const app = fastify({ ajv: { customOptions: { removeAdditional: false, coerceTypes: true, strictTypes: false } } });
  for (const schema of Object.values(wire)) {
    if (typeof schema === 'object' && '$id' in schema) app.addSchema(schema);
  }
  app.setSerializerCompiler(() => (data) => JSON.stringify(data));
  const routes: { method: string; url: string; config: RouteConfig }[] = [];
  app.addHook('onRoute', ({ method, url, config }) => {
    if (method !== 'HEAD') routes.push({ method: String(method), url, config: config as never });
  });
  app.decorateRequest('principal', null as never);
  app.decorateRequest('aborted', null as never);
  app.addHook('onRequest', async (request) => {
    request.principal = { kind: 'api_key', workspace, id: 'key_1', scopes: new Set() };
    request.aborted = new AbortController().signal;
  });
  app.setErrorHandler((error, _request, reply) =>
    isUnderstudyError(error)
      ? reply.code(418).send({ code: error.code, errors: error.problems })
      : reply.code(400).send({ code: 'invalid' }),
  );
  app.register(async (scope) => ledgerRoutes({ history, storage, echoes })(scope as never));
  await app.ready();
  const call = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const answer = await app.inject({ method, url, ...(payload === undefined ? {} : { payload }) });
    return { status: answer.statusCode, text: answer.body, json: () => JSON.parse(answer.body) };
  };
  return { storage, ledger, routes, call, evidence };
}

test('every route states its scope', async () => {
  const { routes } = await serve();
  const stated = routes.map(({ method, url, config }) => {
    const scope = config.policy.kind === 'scope' ? config.policy.scope : 'none';
    return `${method} ${url} ${scope}${config.idempotency === undefined ? '' : ` ${config.idempotency}`}`;
  });
  assert.deepEqual(stated.sort(), [
    'GET /v1/decisions decisions:read',
    'GET /v1/decisions/:id decisions:read',
    'GET /v1/label-sources decisions:read',
    'GET /v1/ledger/consistency ledger:read',
    'GET /v1/ledger/export ledger:read',
    'GET /v1/ledger/head ledger:read',
    'GET /v1/ledger/proof ledger:read',
    'GET /v1/ledger/verify ledger:read',
    'POST /v1/decisions/:id/labels labels:write stored',
  ]);
});

test('decisions are listed, filtered, paged and read', async () => {
  const { ledger, call } = await serve();
  const payload = { input: { text: 'hello' }, subject: 'user 1', external_id: 'comment-1', attributes: { lang: 'en' } };
  const at = Date.UTC(2026, 5, 1);
  const automated = exampleDecision('ws_a', at, { payload, audit: { probability: 0.02 } });
  const review = exampleReview('ws_a', at + 1000);
  await ledger.append(automated);
  await ledger.append(review);
  const first = (await call('GET', '/v1/decisions?limit=1')).json();
  assert.equal(first.data.length, 1);
  assert.deepEqual(
    [first.data[0].id, first.data[0].outcome, first.data[0].label, first.data[0].suggestion, first.data[0].review],
    [
      review.id,
      'review',
      null,
      { confidence: 0.7, label: 'ok' },
      { item: `itm_${review.id.slice(4)}`, reason: 'below_threshold' },
    ],
  );
  const second = (await call('GET', `/v1/decisions?limit=1&cursor=${first.next_cursor}`)).json();
  assert.deepEqual([second.data[0].id, second.next_cursor], [automated.id, null]);
  for (const filter of [
    'task=comment-moderation&outcome=automated',
    'label=spam&model_version=7',
    'subject=user%201',
    'external_id=comment-1',
    'to=2026-06-01T00:00:01Z',
    'from=2026-06-01T00:00:00%2B00:00&to=2026-06-01T00:00:00.001Z',
  ]) {
    const { data } = (await call('GET', `/v1/decisions?${filter}`)).json();
    assert.deepEqual(
      data.map(({ id }: { id: string }) => id),
      [automated.id],
      filter,
    );
  }
  for (const wrong of ['outcome=maybe', 'limit=0', 'limit=201', 'nonsense=1', 'task=Not%20A%20Slug']) {
    assert.equal((await call('GET', `/v1/decisions?${wrong}`)).status, 400, wrong);
  }
  assert.equal((await call('GET', '/v1/decisions?cursor=abc')).json().code, 'invalid_cursor');

  const detail = (await call('GET', `/v1/decisions/${automated.id}`)).json();
  assert.deepEqual(detail, {
    id: automated.id,
    task: 'comment-moderation',
    task_revision: 1,
    outcome: 'automated',
    label: 'spam',
    suggestion: null,
    confidence: 0.987,
    threshold: 0.912,
    automation: 'certified',
    review: null,
    candidates: automated.candidates,
    decided_by: { model: 'comment-moderation', rung: 'own_model', version: '7' },
    external_id: 'comment-1',
    subject: 'user 1',
    created_at: '2026-06-01T00:00:00.000Z',
    cost: { amount: '0.000004', currency: 'EUR' },
    erased: false,
    input: { text: 'hello' },
    attributes: { lang: 'en' },
    features: null,
    labels: [],
    labels_conflict: false,
    audit: { probability: 0.02 },
    timings: { inference: 51, total: 64 },
    certificate: null,
    trace_id: null,
    via: null,
    truth: null,
    request_id: automated.requestId,
    ledger: { commit: 0, position: 0 },
  });
});

test('a missing, a foreign and a malformed id answer alike', async () => {
  const { ledger, call } = await serve();
  const foreign = exampleDecision('ws_b', Date.now());
  await ledger.append(foreign);
  const answers = new Set<string>();
  for (const id of [foreign.id, 'dec_00000000000000000000000000', 'nonsense', '%00', 'dec_', "'; DROP TABLE x--"]) {
    const path = encodeURIComponent(decodeURIComponent(id));
    for (const answer of [
      await call('GET', `/v1/decisions/${path}`),
      await call('POST', `/v1/decisions/${path}/labels`, { label: 'ok', source: 'appeal' }),
      await call('GET', `/v1/ledger/proof?decision=${path}`),
    ]) {
      answers.add(answer.text);
    }
  }
  assert.deepEqual([...answers], ['{"code":"decision_not_found","errors":[]}']);
});

test('labels are given, repeated, contradicted and refused', async () => {
  const { ledger, call } = await serve();
  const { id } = exampleReview('ws_a', Date.now());
  await ledger.append(exampleReview('ws_a', Date.now(), { id }));
  const path = `/v1/decisions/${id}/labels`;
  const given = await call('POST', path, { label: 'ok', source: 'application' });
  assert.equal(given.status, 201);
  assert.equal((await call('GET', `/v1/decisions/${id}`)).json().labels_conflict, false);
  await call('POST', path, { label: 'spam', source: 'appeal', note: 'it was' });
  const { labels, labels_conflict } = (await call('GET', `/v1/decisions/${id}`)).json();
  assert.equal(labels_conflict, true);
  assert.deepEqual(labels[0], given.json());
  assert.deepEqual([labels[1].label, labels[1].note, labels[1].given_by], ['spam', 'it was', 'key_1']);
  const unknown = (await call('POST', path, { label: 'other', source: 'appeal' })).json();
  assert.deepEqual([unknown.code, unknown.errors[0].pointer], ['unknown_label', '/label']);
  for (const wrong of [
    {},
    { label: 'ok' },
    { label: 'ok', source: 'reviewer' },
    { label: 'ok', source: 'appeal', x: 1 },
  ]) {
    assert.equal((await call('POST', path, wrong)).status, 400);
  }
});

test('our own automated answer, copied back without a person, is an echo: kept, shown, never the truth', async () => {
  const { ledger, call } = await serve();
  const decision = exampleDecision('ws_a', Date.now());
  await ledger.append(decision);
  const path = `/v1/decisions/${decision.id}/labels`;
  const say = async (body: object) => (await call('POST', path, body)).json();
  const shown = async () => (await call('GET', `/v1/decisions/${decision.id}`)).json();

  assert.equal((await say({ label: 'spam', source: 'application' })).echo, true);
  const before = await shown();
  assert.deepEqual([before.labels.length, before.labels[0].echo, before.truth], [1, true, null]);

  const appeal = await say({ label: 'ok', source: 'appeal', note: 'not spam at all' });
  assert.deepEqual([appeal.echo, (await shown()).truth], [false, null]);
  const named = await say({ label: 'spam', source: 'application', person: 'user-7' });
  assert.deepEqual([named.echo, named.person, (await shown()).truth], [false, 'user-7', 'spam']);
  const nobody = await say({ label: 'ok', source: 'application' });
  const after = await shown();
  assert.deepEqual([nobody.echo, after.truth, after.labels_conflict, after.labels.length], [false, 'spam', true, 4]);
});

test('a suggestion that comes back without a person is a label, not an echo', async () => {
  const { ledger, call } = await serve();
  const review = exampleReview('ws_a', Date.now());
  await ledger.append(review);
  const given = await call('POST', `/v1/decisions/${review.id}/labels`, { label: 'ok', source: 'application' });
  assert.equal(given.json().echo, false);
  assert.equal((await call('GET', `/v1/decisions/${review.id}`)).json().truth, 'ok');
});

test('of a key that always agrees, agreement is an echo even with a person; disagreement counts', async () => {
  const { ledger, call, evidence } = await serve();
  evidence.alwaysAgrees = true;
  const [automated, review] = [exampleDecision('ws_a', Date.now()), exampleReview('ws_a', Date.now())];
  await ledger.appendAll([automated, review]);
  const say = async (id: string, label: string) =>
    (await call('POST', `/v1/decisions/${id}/labels`, { label, source: 'application', person: 'user-7' })).json().echo;
  assert.equal(await say(automated.id, 'spam'), true);
  assert.equal(await say(review.id, 'ok'), true);
  assert.equal(await say(automated.id, 'ok'), false);
  assert.equal(await say(review.id, 'spam'), false);
  assert.deepEqual((await call('GET', '/v1/label-sources')).json().data, [
    { given_by: 'key_1', labels: 700, agreed: 700, always_agrees: true },
  ]);
});

test('a person is not named by an empty or overlong text', async () => {
  const { ledger, call } = await serve();
  const review = exampleReview('ws_a', Date.now());
  await ledger.append(review);
  for (const person of ['', 'x'.repeat(501), ['u'], {}]) {
    const path = `/v1/decisions/${review.id}/labels`;
    const answer = await call('POST', path, { label: 'ok', source: 'application', person });
    assert.equal(answer.status, 400, JSON.stringify(person));
  }
});

test('head, proof, consistency, export and verification hang together', async () => {
  const { ledger, call } = await serve();
  const entries = Array.from({ length: 5 }, () => exampleDecision('ws_a', Date.now()));
  for (const entry of entries) await ledger.append(entry);
  const head = (await call('GET', '/v1/ledger/head')).json();
  assert.deepEqual([head.size, head.entries, head.decisions], [5, 5, 5]);
  const proof = (await call('GET', `/v1/ledger/proof?decision=${entries[2]!.id}`)).json();
  assert.deepEqual([proof.log.head, proof.log.size, proof.commit.seq], [head.head, 5, 2]);
  const consistency = (await call('GET', '/v1/ledger/consistency?from=2')).json();
  assert.deepEqual([consistency.first.size, consistency.second], [2, { size: 5, head: head.head }]);
  assert.equal((await call('GET', '/v1/ledger/consistency?from=9')).json().code, 'ledger_size_unknown');
  const exported = (await call('GET', '/v1/ledger/export')).text;
  const report = await verifyExport(
    (async function* () {
      yield exported;
    })(),
  );
  assert.deepEqual([report.ok, report.head], [true, head.head]);
  const lines = (await call('GET', `/v1/ledger/verify?trusted=2:${consistency.first.head}`)).text;
  const parsed = lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  assert.deepEqual(parsed[0], { progress: { done: 5, total: 5 } });
  assert.deepEqual([parsed.at(-1).report.ok, parsed.at(-1).report.entries], [true, 5]);
  assert.equal((await call('GET', '/v1/ledger/verify?trusted=2')).status, 400);
});
