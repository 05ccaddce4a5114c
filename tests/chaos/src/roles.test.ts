import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
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

/** Jobs of the clock test; the full size is asked for by `npm run chaos`. */
const JOBS = process.env.UNDERSTUDY_TEST_FULL === '1' ? 5_000 : 300;
const OPERATOR = 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u';

const scratch = scratchFolder();
let cluster: PostgresCluster;
let gateway: ServerProcess;
let worker: ServerProcess;
let shop: Workspace;
const all: ServerProcess[] = [];

async function start(roles: string, name: string, settings: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await ServerProcess.start({
    dataDir: join(scratch, 'data'),
    databaseUrl: cluster.url(),
    logFile: join(scratch, `${name}.log`),
    settings: { UNDERSTUDY_ROLES: roles, UNDERSTUDY_OPERATOR_KEY: OPERATOR, ...settings },
  });
  all.push(server);
  return server;
}

before(async () => {
  cluster = await PostgresCluster.create(scratch);
  gateway = await start('gateway', 'gateway');
  worker = await start('worker', 'worker');
  shop = await makeWorkspace(() => gateway, OPERATOR, 'Shop');
  await shop.makeTask('inquiries', ['a', 'b']);
});
after(async () => {
  for (const server of all) if (server.running) process.kill(server.pid, 'SIGCONT');
  await Promise.all(all.map((server) => server.stop()));
  await cluster?.stopImmediately();
});

const ready = async (server: ServerProcess) => (await send(server.url, { path: '/healthz/ready' })).json;
const leads = async (server: ServerProcess) => (await ready(server))?.scheduler?.leads === true;

test('what is no gateway answers health, version and metrics, and says of everything else where to go', async () => {
  for (const path of ['/healthz/live', '/healthz/ready', '/version']) {
    assert.equal((await send(worker.url, { path })).status, 200, path);
  }
  assert.match((await send(worker.url, { path: '/metrics', key: OPERATOR })).text, /^understudy_ledger_rows_written /m);
  assert.equal((await send(worker.url, { path: '/metrics' })).status, 401);
  for (const [method, path] of [
    ['GET', '/v1/tasks'],
    ['POST', '/v1/predict/inquiries'],
    ['GET', '/openapi.json'],
    ['GET', '/'],
    ['DELETE', '/nothing'],
  ] as const) {
    const reply = await send(worker.url, { method, path, key: shop.key });
    assert.deepEqual([reply.status, reply.json.code], [421, 'not_a_gateway'], path);
  }
  assert.deepEqual(await ready(worker), { status: 'ready', not_ready: [], roles: ['worker'], scheduler: null });
  assert.deepEqual((await ready(gateway)).roles, ['gateway']);
});

test('a gateway decides, a worker does the rest', async () => {
  const { status, json } = await shop.post('/v1/predict/inquiries', { input: { text: 'words' } });
  assert.equal(status, 200);
  await eventually(
    'the worker made the item',
    async () => (await shop.get(`/v1/review/items/${json.review.item}`)).status === 200,
  );
  const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
  const job = await shop.post(
    '/v1/jobs',
    { task: 'inquiries', input: { text: 'later' } },
    { headers: { traceparent: `00-${trace}-00f067aa0ba902b7-01` } },
  );
  assert.equal(job.status, 202, job.text);
  const done = await eventually('the worker did the job', async () => {
    const { json: now } = await shop.get(`/v1/jobs/${job.json.id}`);
    return now.status === 'succeeded' ? now : null;
  });
  // One trace from the request through the job to its decision and to what the application hears of both.
  assert.equal((await shop.get(`/v1/decisions/${done.decision.id}`)).json.trace_id, trace);
  const { data: events } = (await shop.get('/v1/events?limit=100')).json;
  for (const subject of [job.json.id, done.decision.id]) {
    const event = events.find((one: { subject: string }) => one.subject === subject);
    assert.match(event?.traceparent ?? '', new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`), subject);
  }
});

test('of two schedulers one leads; killed or frozen it is followed, and never leads beside another', async () => {
  const first = await start('scheduler', 'scheduler-0');
  await eventually('it leads', () => leads(first));
  const second = await start('scheduler', 'scheduler-1');
  assert.equal(await leads(second), false);
  const epochs = [(await ready(first)).scheduler.epoch];
  const followed = async (by: ServerProcess, what: string) => {
    const since = performance.now();
    await eventually(what, () => leads(by), 60_000, 20);
    console.log(`${what}: followed after ${Math.round(performance.now() - since)} ms`);
    epochs.push((await ready(by)).scheduler.epoch);
  };

  await first.kill();
  await followed(second, 'the leader is killed');
  const third = await start('scheduler', 'scheduler-2');
  process.kill(second.pid, 'SIGSTOP');
  await followed(third, 'the leader is frozen');
  process.kill(second.pid, 'SIGCONT');
  await eventually('who was frozen knows', async () => !(await leads(second)));
  assert.equal(await leads(third), true);
  await third.stop();
  await followed(second, 'the leader is stopped in order');

  for (let i = 1; i < epochs.length; i++) assert.ok(epochs[i] > epochs[i - 1], epochs.join(', '));
  const { text } = await send(second.url, { path: '/metrics', key: OPERATOR });
  assert.match(text, /^understudy_leader 1$/m);
  assert.match(text, new RegExp(`^understudy_leader_epoch ${epochs.at(-1)}$`, 'm'));
  await eventually('figures of the queues are sampled', async () =>
    /^understudy_jobs_queued 0$/m.test((await send(second.url, { path: '/metrics', key: OPERATOR })).text),
  );
  checkMetrics((await send(second.url, { path: '/metrics', key: OPERATOR })).text);
  checkMetrics((await send(gateway.url, { path: '/metrics', key: OPERATOR })).text);
});

/** Prometheus’ own opinion of the figures of this project. */
function checkMetrics(text: string): void {
  const found = spawnSync('promtool', ['check', 'metrics'], { input: text, encoding: 'utf8' });
  if (found.error !== undefined) {
    if (process.env.CI === 'true') throw found.error;
    console.error('SKIPPED promtool check metrics: promtool is not installed (Debian: apt-get install prometheus)');
    return;
  }
  // What prom-client measures of Node bears its own names.
  const ours = `${found.stdout}${found.stderr}`
    .split('\n')
    .filter((line) => line !== '' && !/understudy_(nodejs|process)_/.test(line));
  assert.deepEqual(ours, []);
}

test('row 3: the database is away: every process says so and lives on; jobs that were accepted are done afterwards', async () => {
  const later = Array.from({ length: 50 }, (_, i) => ({ task: 'inquiries', input: { text: `row3 ${i}` } }));
  const accepted = await Promise.all(later.map((job) => shop.post('/v1/jobs', job)));
  await cluster.stopImmediately();
  try {
    for (const server of [gateway, worker]) {
      assert.equal((await send(server.url, { path: '/healthz/live' })).status, 200);
      const { status, json } = await send(server.url, { path: '/healthz/ready' });
      assert.deepEqual([status, json.not_ready], [503, ['database']]);
    }
    for (let i = 0; i < 5; i++) {
      const reply = await shop.post('/v1/jobs', later[0]);
      assert.equal(reply.status, 503, reply.text);
      assert.ok(Number(reply.headers['retry-after']) >= 1);
    }
  } finally {
    await cluster.start();
  }
  const ids = accepted.filter(({ status }) => status === 202).map(({ json }) => json.id);
  assert.equal(ids.length, 50, 'all were accepted before');
  for (const id of ids) {
    await eventually(
      'an accepted job is done',
      async () => (await shop.get(`/v1/jobs/${id}`)).json?.status === 'succeeded',
      60_000,
    );
  }
  const decided = (await shop.decisions()).length;
  assert.equal((await shop.verifyLedger()).ok, true);
  assert.ok(decided >= 50);
});

const FAKETIME =
  ['x86_64', 'aarch64']
    .map((machine) => `/usr/lib/${machine}-linux-gnu/faketime/libfaketimeMT.so.1`)
    .find((path) => existsSync(path)) ?? null;

test(`row 15: workers whose clocks are an hour early and late do ${JOBS} jobs, each once`, async (t) => {
  if (FAKETIME === null) {
    if (process.env.CI === 'true') assert.fail('libfaketime is missing');
    console.error('SKIPPED row 15: libfaketime is not installed (Debian: apt-get install libfaketime)');
    return t.skip('libfaketime is not installed');
  }
  await worker.stop();
  const library = FAKETIME;
  const shifted = (by: string) => ({
    LD_PRELOAD: library,
    FAKETIME: by,
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
    FAKETIME_NO_CACHE: '1',
    UNDERSTUDY_JOB_LEASE_SECONDS: '10',
  });
  const workers = [
    await start('worker', 'early', shifted('+1h')),
    await start('worker', 'late', shifted('-1h')),
    await start('worker', 'right', { UNDERSTUDY_JOB_LEASE_SECONDS: '10' }),
  ];
  const dates = await Promise.all(
    workers.map(async ({ url }) => Date.parse((await send(url, { path: '/healthz/live' })).headers.date!)),
  );
  assert.ok(dates[0]! - dates[2]! > 3_000_000 && dates[2]! - dates[1]! > 3_000_000, 'the clocks are wrong');
  const ids: string[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < JOBS) {
        const name = `row15-${next++}`;
        const reply = await shop.post('/v1/jobs', { task: 'inquiries', input: { text: name }, external_id: name });
        assert.equal(reply.status, 202, reply.text);
        ids.push(reply.json.id);
      }
    }),
  );
  await eventually(
    'every job is done',
    async () => (await shop.get('/v1/jobs?status=queued&limit=1')).json.data.length === 0,
    120_000,
  );
  for (const id of ids) {
    const job = await eventually('it ended', async () => {
      const { json } = await shop.get(`/v1/jobs/${id}`);
      return json.status === 'succeeded' ? json : null;
    });
    assert.equal(job.attempts, 1);
  }
  const decided = new Map<string, number>();
  for (const { external_id } of await shop.decisions()) {
    if (external_id?.startsWith('row15-')) decided.set(external_id, (decided.get(external_id) ?? 0) + 1);
  }
  assert.equal(decided.size, JOBS);
  assert.deepEqual(
    [...decided.values()].filter((count) => count !== 1),
    [],
  );
  assert.equal((await shop.verifyLedger()).ok, true);
});
