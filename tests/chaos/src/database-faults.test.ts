import assert from 'node:assert/strict';
import { availableParallelism, loadavg } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  PostgresCluster,
  ServerProcess,
  scratchFolder,
  send,
  type Workspace,
} from '@understudy/e2e';
import { FaultProxy, healthy } from './fault-proxy.ts';
import { Oracle } from './oracle.ts';
import { seeded } from './random.ts';

const scratch = scratchFolder();
let cluster: PostgresCluster;
let proxy: FaultProxy;
let server: ServerProcess;
let shop: Workspace;
/** A second of this machine if it had nothing else to do. */
const second = () => 1000 * Math.max(1, (1.5 * loadavg()[0]!) / availableParallelism());

before(async () => {
  cluster = await PostgresCluster.create(scratch);
  proxy = await FaultProxy.start(() => cluster.port);
  server = await ServerProcess.start({ dataDir: join(scratch, 'data'), databaseUrl: cluster.url(proxy.port) });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', ['a', 'b']);
});
after(async () => {
  if (proxy !== undefined) proxy.faults = healthy;
  await server?.stop();
  proxy?.close();
  await cluster?.stopImmediately();
});

const predict = () => shop.post('/v1/predict/inquiries', { input: { text: 'x' } }, { timeoutMs: 45_000 });
const works = () => eventually('predictions work again', async () => (await predict()).status === 200, 20_000, 50);

test('row 2: the database is stopped at once, twice, during keyed predictions: nothing lost, nothing twice', async () => {
  const oracle = new Oracle(shop, join(scratch, 'row-2.log'), 'row2');
  const running = oracle.predict('inquiries', 600);
  for (const acknowledged of [150, 400]) {
    await Promise.race([running, eventually('progress', () => oracle.acknowledged >= acknowledged, 60_000, 2)]);
    await cluster.stopImmediately();
    await cluster.start();
  }
  await running;
  assert.ok((oracle.statuses.get('503') ?? 0) > 0, 'the stops were felt');
  await oracle.settle();
});

test('row 3: the database is away: 503 at once, live, not ready; back without a restart, nothing lost', async () => {
  const { json: made } = await shop.post('/v1/keys', { name: 'not seen yet', scopes: ['tasks:read'] });
  const kept = (await predict()).json.id;
  await cluster.stopImmediately();
  try {
    for (let round = 0; round < 5; round++) {
      const reply = await predict();
      assert.equal(reply.status, 503, reply.text);
      assert.match(String(reply.headers['content-type']), /^application\/problem\+json/);
      assert.ok(Number(reply.headers['retry-after']) >= 1);
      assert.ok(reply.milliseconds < second(), `${reply.milliseconds} ms`);
      assert.doesNotMatch(reply.text, /ECONN|postgres|127\.0\.0\.1|\n\s+at /i);
    }
    // A key that nobody has looked up yet is neither known nor unknown.
    for (const key of [made.secret, `us_${'A'.repeat(43)}`]) {
      assert.equal((await send(server.url, { path: '/v1/tasks', key })).status, 503);
    }
    for (const path of [
      '/v1/tasks',
      '/v1/decisions',
      '/v1/ledger/head',
      '/v1/ledger/verify',
      '/v1/ledger/export',
      '/v1/keys',
      '/v1/audit-log',
      '/v1/models',
      '/v1/me',
    ]) {
      const reply = await shop.get(path);
      assert.equal(reply.status, 503, `${path}: ${reply.text}`);
      assert.ok(Number(reply.headers['retry-after']) >= 1, path);
    }
    assert.equal((await send(server.url, { path: '/healthz/live' })).status, 200);
    const ready = await send(server.url, { path: '/healthz/ready' });
    assert.equal(ready.status, 503);
    assert.match(ready.text, /database/);
    assert.equal((await send(server.url, { path: '/openapi.json' })).status, 200);
  } finally {
    await cluster.start();
  }
  await works();
  assert.equal((await send(server.url, { path: '/healthz/ready' })).status, 200);
  assert.equal((await shop.get(`/v1/decisions/${kept}`)).status, 200);
  assert.equal((await send(server.url, { path: '/v1/tasks', key: made.secret })).status, 200);
  assert.equal((await shop.verifyLedger()).ok, true);
});

test('row 6: a third of the database connections is reset again and again: nothing lost, nothing twice', async () => {
  const oracle = new Oracle(shop, join(scratch, 'row-6.log'), 'row6');
  const random = seeded(6);
  const resetting = setInterval(() => proxy.resetSome(0.3, random), 60);
  try {
    await oracle.predict('inquiries', 800);
  } finally {
    clearInterval(resetting);
  }
  await works();
  await oracle.settle();
  assert.equal(server.running, true);
});

test('row 7: half a second of latency, give or take: every request ends, with an answer or a 503', async () => {
  const random = seeded(7);
  proxy.faults = { ...healthy, delayMs: () => Math.round(random() * 500) };
  try {
    const replies = await Promise.all(Array.from({ length: 40 }, predict));
    for (const { status, text } of replies) assert.ok(status === 200 || status === 503, `${status} ${text}`);
    assert.ok(replies.some(({ status }) => status === 200));
  } finally {
    proxy.faults = healthy;
  }
  await works();
  assert.equal((await shop.verifyLedger()).ok, true);
});

test('a database that does not answer at all: 503 within the deadline, live meanwhile', async () => {
  proxy.faults = { ...healthy, delayMs: () => 600_000 };
  try {
    // 3 s for a connection and 8 s for the first question that gets no answer, and some for a busy machine; not the
    // 32 s that the longest statement may take.
    const patience = { timeoutMs: 20_000 };
    const ask = () => shop.post('/v1/predict/inquiries', { input: { text: 'x' } }, patience);
    const asked = Promise.all(Array.from({ length: 4 }, ask));
    const live = await send(server.url, { path: '/healthz/live' });
    assert.equal(live.status, 200);
    for (const { status, text } of await asked) assert.equal(status, 503, text);
  } finally {
    proxy.faults = healthy;
    proxy.resetSome(1, () => 0);
  }
  await works();
});

test('the log of all this has no password and no stack of an unexpected error', () => {
  const errors = server.log
    .split('\n')
    .filter((line) => /"level":"(error|fatal)"/.test(line) && !line.includes('"code":"database_unavailable"'));
  assert.deepEqual(errors, []);
  assert.equal(server.log.includes(new URL(cluster.url()).password), false);
});
