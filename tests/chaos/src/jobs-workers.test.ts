import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  PostgresCluster,
  ServerProcess,
  scratchFolder,
  WebhookReceiver,
  type Workspace,
} from '@understudy/e2e';
import { itemTexts } from './item-texts.ts';
import { JobOracle } from './job-oracle.ts';
import { seeded } from './random.ts';

/** Jobs while workers die, stand still and have the wrong time. A tenth of it in CI. */
const FULL = process.env.UNDERSTUDY_TEST_FULL === '1';
const JOBS = Number(process.env.UNDERSTUDY_TEST_JOBS ?? (FULL ? 10_000 : 1000));
const KILLS = Number(process.env.UNDERSTUDY_TEST_KILLS ?? (FULL ? 20 : 5));
const SEED = Number(process.env.UNDERSTUDY_TEST_SEED ?? 1);
const PATIENCE_MS = 900_000;
const LEASE_SECONDS = 2;
const KEY = 'us_op_4fYp0Zr9QvXk2LmN8sTbWc6DhJ1eGa7u';

const scratch = scratchFolder();
let cluster: PostgresCluster;
let receiver: WebhookReceiver;
let gateway: ServerProcess;
let shop: Workspace;
const started: ServerProcess[] = [];

async function start(roles: string, more: Record<string, string> = {}): Promise<ServerProcess> {
  const server = await ServerProcess.start({
    dataDir: join(scratch, 'data'),
    databaseUrl: cluster.url(),
    logFile: join(scratch, `server-${started.length}.log`),
    settings: {
      UNDERSTUDY_OPERATOR_KEY: KEY,
      UNDERSTUDY_ROLES: roles,
      UNDERSTUDY_WORKER_PROCESS: 'off',
      UNDERSTUDY_JOB_LEASE_SECONDS: String(LEASE_SECONDS),
      UNDERSTUDY_EGRESS_ALLOW: new URL(receiver.url).host,
      ...more,
    },
  });
  started.push(server);
  return server;
}

before(async () => {
  receiver = await WebhookReceiver.start();
  cluster = await PostgresCluster.create(scratch);
  gateway = await start('gateway');
  shop = await makeWorkspace(() => gateway, KEY, 'Shop');
  await shop.makeTask('inquiries', ['a', 'b']);
});
after(async () => {
  await Promise.all(started.map((server) => server.stop()));
  await cluster?.stopImmediately();
  await receiver?.stop();
});

const sleep = (milliseconds: number) => new Promise((done) => setTimeout(done, milliseconds));
const oracle = (prefix: string) => new JobOracle(shop, join(scratch, `${prefix}.log`), prefix);

test(`row 1: kill -9 of workers at random during ${JOBS} jobs (seed ${SEED}): lost 0, twice 0, all end and are told`, {
  timeout: PATIENCE_MS,
}, async (t) => {
  const random = seeded(SEED);
  const client = oracle('kill');
  /** Ids of the events that the application was told of each job's end. */
  const told = new Map<string, Set<string>>();
  receiver.decide = ({ headers, body }) => {
    if (random() < 0.01) return 500;
    const { subject } = JSON.parse(body);
    told.set(subject, (told.get(subject) ?? new Set()).add(String(headers['webhook-id'])));
    return 204;
  };
  const hook = await shop.post('/v1/webhooks', { url: `${receiver.url}/hook`, events: ['job.finished'] });
  assert.equal(hook.status, 201, hook.text);
  const texts = itemTexts(JOBS, SEED);
  const handing = client.hand('inquiries', JOBS, { patienceMs: PATIENCE_MS, texts });
  const workers: Promise<ServerProcess>[] = [start('worker'), start('worker')];
  let kills = 0;
  for (let kill = 1; kill <= KILLS; kill++) {
    const at = ((kill - random()) * JOBS) / KILLS;
    await eventually('progress', () => client.acknowledged >= at, PATIENCE_MS, 1);
    // Wherever it stands: claiming, deciding, committing. Its successor comes while the other one works.
    const victim = Math.floor(random() * workers.length);
    const worker = await workers[victim]!;
    workers[victim] = worker.kill().then(() => start('worker'));
    kills++;
  }
  await handing;
  await client.drained(PATIENCE_MS);
  t.diagnostic(`${kills} kills`);
  await client.settle();
  const jobs = (await client.jobs()).map(({ id }) => id);
  await eventually('the application is told of every job', () => told.size >= jobs.length, PATIENCE_MS, 200);
  assert.deepEqual([...told.keys()].sort(), jobs.sort());
  assert.deepEqual(
    [...told].filter(([, events]) => events.size !== 1),
    [],
    'one event a job, however often it was delivered',
  );
  await Promise.all(workers.map(async (worker) => (await worker).stop()));
});

test('row 5: a worker that stands still for two leases wakes up late: fenced, nothing twice', {
  timeout: PATIENCE_MS,
}, async (t) => {
  const random = seeded(SEED + 5);
  const frozen = await start('worker');
  let held = 0;
  for (let round = 0; round < 3; round++) {
    const client = oracle(`still${round}`);
    const handing = client.hand('inquiries', 150, { patienceMs: PATIENCE_MS });
    await eventually('it is at work', () => client.acknowledged > 20 + random() * 60, PATIENCE_MS, 1);
    process.kill(frozen.pid, 'SIGSTOP');
    await handing;
    held += (await shop.get('/v1/jobs/queues')).json.data[0]?.running ?? 0;
    await sleep(LEASE_SECONDS * 2000);
    const other = await start('worker');
    await client.drained(PATIENCE_MS);
    process.kill(frozen.pid, 'SIGCONT');
    await other.stop();
    await client.settle();
  }
  t.diagnostic(`${held} jobs were in its hands when it was frozen`);
  await frozen.stop();
});

test('row 15: workers an hour ahead and an hour behind: no lease ends early, none twice', {
  timeout: PATIENCE_MS,
}, async () => {
  const skew = (hours: number) => {
    const file = join(scratch, `skew${hours}.mjs`);
    const shift = hours * 3_600_000;
    writeFileSync(
      file,
      `const now = Date.now.bind(Date); const Real = Date;
       globalThis.Date = class extends Real { constructor(...given) { if (given.length === 0) super(now() + ${shift}); else super(...given); } static now() { return now() + ${shift}; } };`,
    );
    return { NODE_OPTIONS: `--import=${file}` };
  };
  const workers = await Promise.all([start('worker', skew(1)), start('worker', skew(-1))]);
  const client = oracle('skew');
  await client.hand('inquiries', 400);
  await client.drained();
  const later = new Date(Date.now() + 1500).toISOString();
  const { json } = await shop.post('/v1/jobs', { task: 'inquiries', input: { text: 'x' }, not_before: later });
  await sleep(500);
  assert.equal((await shop.get(`/v1/jobs/${json.id}`)).json.status, 'queued', 'not before its time by any clock');
  await eventually('it is due', async () => (await shop.get(`/v1/jobs/${json.id}`)).json.status === 'succeeded');
  await client.settle();
  const attempts = (await client.jobs()).filter(({ progress, attempts: tries }) => progress.total === 1 && tries !== 1);
  const ofTheseWorkers = attempts.filter(({ external_id: name }) => name?.startsWith('skew-'));
  assert.deepEqual(ofTheseWorkers, [], 'nothing was taken from a worker that had it');
  await Promise.all(workers.map((worker) => worker.stop()));
});
