/**
 * The queue, all on one durable PostgreSQL:
 *
 * - end to end: jobs worked off with their decision by a trained model, their ledger row and their event committed,
 *   beside graphile-worker doing nothing, with its batching (local queue, joined completions) and without;
 * - accepting and claiming with 10,000 and with 1,000,000 jobs in the queue, and the worker's memory;
 * - a prediction's p99 with 100,000 jobs in the backlog and with none.
 *
 *   node bench/src/jobs.ts [--jobs 20000] [--small 10000] [--large 1000000] [--backlog 100000] [--seconds 15] [--only end,claim,sync]
 */
import { readFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { openDatabase, startEmbedded } from '@understudy/database-postgres';
import { PostgresJobStore } from '@understudy/jobs/storage';
import { exampleJob } from '@understudy/jobs/testing';
import { Logger, type RunnerOptions, run, runMigrations } from 'graphile-worker';
import { Pool } from 'pg';
import { median } from './ledger-server.ts';
import { openLoop } from './open-loop.ts';
import { type Figure, keepResults } from './results.ts';
import {
  newOperatorKey,
  newWorkspace,
  removeFolder,
  startServerProcess,
  temporaryFolder,
  trainTask,
} from './server-process.ts';
import { bracketed } from './spin-control.ts';

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '20000' },
    small: { type: 'string', default: '10000' },
    large: { type: 'string', default: '1000000' },
    backlog: { type: 'string', default: '100000' },
    seconds: { type: 'string', default: '15' },
    only: { type: 'string', default: 'end,claim,sync' },
  },
});
const JOBS = Number(values.jobs);
const BACKLOG = Number(values.backlog);
const SECONDS = Number(values.seconds);
const only = new Set(values.only.split(','));
const TASK = 'inquiries';
const ROUNDS = 3;
const figures: Figure[] = [];

const words = ['parcel', 'late', 'refund', 'invoice', 'charged', 'twice', 'password', 'login', 'broken', 'colour'];
const rows = Array.from({ length: 600 }, (_, i) => {
  const label = ['shipping', 'billing', 'account'][i % 3]!;
  const text = Array.from({ length: 12 }, (_, j) => words[(i * 7 + j * (3 + (i % 3))) % words.length]).join(' ');
  return { text: `${label} ${text} ${i}`, label };
});

const embeddedDir = temporaryFolder('jobs-database');
const embedded = await startEmbedded({ dataDir: embeddedDir });
const owner = new Pool({ connectionString: embedded.url, max: 4 });
owner.on('error', () => {}); // connections that are still closing when the server stops
const dataDir = temporaryFolder('jobs');
const operatorKey = newOperatorKey();
const start = (settings: Record<string, string>) =>
  startServerProcess({ dataDir, operatorKey, settings: { DATABASE_URL: embedded.url, ...settings } });

/** Puts jobs of a workspace into the queue, as they would stand there when they had come one by one. */
async function fill(workspace: string, count: number, spread = 1): Promise<void> {
  await owner.query(
    `INSERT INTO jobs.jobs (workspace_id, id, task, rank, ready_at, many, total, request, options)
     SELECT $1 || CASE WHEN $3 > 1 THEN (n % $3)::text ELSE '' END,
       'job_' || lpad(to_hex(extract(epoch FROM clock_timestamp())::bigint) || lpad(n::text, 10, '0'), 26, '0'), $4, 4,
       now(), false, 1, '{"input":{"text":"shipping parcel late ' || n || '"},"external_id":"' || n || '"}',
       '{"principal":"key_bench","requestId":"bench","traceId":null,"traceparent":null,"callbackUrl":null,"replyTo":null,"externalId":null,"notBefore":null}'
     FROM generate_series(1, $2::int) n`,
    [workspace, count, spread, TASK],
  );
  await owner.query('VACUUM ANALYZE jobs.jobs');
}

const residentMb = (pid: number) =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;

/** Decisions in the workspace's log: one row, so that looking costs the one who is measured nothing. */
async function decisionsOf(workspace: string): Promise<number> {
  const { rows: head } = await owner.query('SELECT decisions FROM ledger.heads WHERE workspace_id = $1', [workspace]);
  return Number(head[0]?.decisions ?? 0);
}

/** Jobs a second from the first start to the last end, by the database's clock. */
async function workedOff(workspace: string, decidedBefore: number): Promise<number> {
  while ((await decisionsOf(workspace)) < decidedBefore + JOBS) await wait(20);
  const { rows: span } = await owner.query(
    `SELECT count(*)::float8 / extract(epoch FROM max(finished_at) - min(started_at))::float8 AS rate,
       count(*) FILTER (WHERE state <> 'succeeded')::int AS failed FROM jobs.jobs WHERE workspace_id = $1`,
    [workspace],
  );
  if (span[0].failed > 0) throw new Error(`${span[0].failed} jobs failed`);
  await owner.query('DELETE FROM jobs.jobs WHERE workspace_id = $1', [workspace]);
  return Number(span[0].rate);
}

/** graphile-worker doing nothing with so many jobs; jobs a second from the first to the last. */
async function graphile(worker: NonNullable<RunnerOptions['preset']>['worker'], jobs: number): Promise<number> {
  const pool = new Pool({ connectionString: embedded.url, max: 30 });
  pool.on('connect', (client) => client.on('error', () => {}));
  pool.on('error', () => {});
  let done = 0;
  let first = 0;
  let finish = (_: number) => {};
  const last = new Promise<number>((resolve) => {
    finish = resolve;
  });
  const options: RunnerOptions = {
    pgPool: pool,
    noHandleSignals: true,
    // Writing a line a job would be its work, not the queue's.
    logger: new Logger(() => () => {}),
    taskList: {
      nothing: async () => {
        if (done === 0) first = performance.now();
        if (++done === jobs) finish(performance.now());
      },
    },
    ...(worker === undefined ? {} : { preset: { worker } }),
  };
  await owner.query('CREATE SCHEMA IF NOT EXISTS graphile_worker');
  await runMigrations({ pgPool: pool });
  await owner.query(
    `SELECT graphile_worker.add_job('nothing', json_build_object('text', 'shipping parcel late ' || n)) FROM generate_series(1, $1::int) n`,
    [jobs],
  );
  const runner = await run(options);
  const end = await last;
  // Completions are part of the work: until nothing is locked any more.
  for (;;) {
    const { rows: left } = await owner.query('SELECT 1 FROM graphile_worker._private_jobs LIMIT 1');
    if (left.length === 0) break;
    await wait(5);
  }
  const rate = jobs / ((Math.max(end, performance.now()) - first) / 1000);
  await runner.stop();
  await pool.end();
  return rate;
}

async function endToEnd(workspace: string): Promise<void> {
  const ours: number[] = [];
  const batched: number[] = [];
  const unbatched: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await fill(workspace, JOBS);
    const decidedBefore = await decisionsOf(workspace);
    const worker = await start({ UNDERSTUDY_ROLES: 'worker' });
    ours.push(await workedOff(workspace, decidedBefore));
    await worker.stop();
    batched.push(
      await graphile(
        { concurrentJobs: 24, localQueue: { size: 500 }, completeJobBatchDelay: 0, failJobBatchDelay: 0 },
        JOBS,
      ),
    );
    // It is slow: fewer of them tell the rate as well.
    unbatched.push(await graphile({ concurrentJobs: 10 }, Math.ceil(JOBS / 4)));
  }
  const [rate, peer, bare] = [median(ours), median(batched), median(unbatched)];
  figures.push(
    { name: 'jobs a second, decided and committed', value: rate.toFixed(0) },
    { name: 'graphile-worker, batched, doing nothing', value: peer.toFixed(0) },
    { name: 'graphile-worker, unbatched, doing nothing', value: bare.toFixed(0) },
    { name: 'beside batched', value: `${(rate / peer).toFixed(2)}×`, target: '≥ 1×', reached: rate >= peer },
    { name: 'beside unbatched', value: `${(rate / bare).toFixed(1)}×`, target: '≥ 10×', reached: rate >= 10 * bare },
  );
}

/** Accepting and claiming on a queue of this length; rates a second. */
async function depth(length: number): Promise<{ accept: number; claim: number }> {
  await owner.query('TRUNCATE jobs.jobs, jobs.items');
  await fill('ws_deep', length, 3);
  const open = openDatabase({ url: embedded.url, poolSize: 12 });
  const store = new PostgresJobStore(open.database);
  const accepts = Math.min(3000, length);
  let left = accepts;
  const acceptedFrom = performance.now();
  await Promise.all(
    Array.from({ length: 12 }, async () => {
      while (left-- > 0) await store.accept(exampleJob({ workspace: 'ws_deep0', task: TASK }));
    }),
  );
  const accept = accepts / ((performance.now() - acceptedFrom) / 1000);
  let claimed = 0;
  const claimedFrom = performance.now();
  for (let i = 0; i < 40; i++) {
    const some = await store.claim({
      worker: 'bench',
      limit: 200,
      leaseMs: 600_000,
      concurrency: 1_000_000,
      after: '',
    });
    claimed += some.length;
  }
  const claim = claimed / ((performance.now() - claimedFrom) / 1000);
  await open.close();
  await owner.query('TRUNCATE jobs.jobs, jobs.items');
  return { accept, claim };
}

async function claims(): Promise<void> {
  const measure = async (length: number) => {
    const rounds = [];
    for (let round = 0; round < ROUNDS; round++) rounds.push(await depth(length));
    return { accept: median(rounds.map(({ accept }) => accept)), claim: median(rounds.map(({ claim }) => claim)) };
  };
  const small = await measure(Number(values.small));
  const large = await measure(Number(values.large));
  for (const what of ['accept', 'claim'] as const) {
    const share = large[what] / small[what];
    figures.push(
      { name: `${what}, jobs a second, ${values.small} queued`, value: small[what].toFixed(0) },
      { name: `${what}, jobs a second, ${values.large} queued`, value: large[what].toFixed(0) },
      { name: `${what}: deep beside shallow`, value: `${share.toFixed(2)}×`, target: '≥ 0.8×', reached: share >= 0.8 },
    );
  }
}

/** Predictions by a fixed schedule, with a backlog and without; the memory of the process that works it off. */
async function synchronous(workspace: string, key: string): Promise<void> {
  const server = await start({});
  const measure = () =>
    openLoop({
      url: `${server.url}/v1/predict/${TASK}`,
      headers: { Authorization: `Bearer ${key}` },
      bodies: rows.slice(0, 50).map(({ text }) => JSON.stringify({ input: { text } })),
      requestsPerSecond: 200,
      warmUpSeconds: 2,
      seconds: SECONDS,
      connections: 16,
    });
  const idle = await measure();
  const before = residentMb(server.child.pid!);
  await fill(workspace, BACKLOG);
  const busy = await measure();
  const { rows: left } = await owner.query(`SELECT count(*)::int AS n FROM jobs.jobs WHERE state = 'queued'`);
  const after = residentMb(server.child.pid!);
  await server.stop();
  await owner.query('TRUNCATE jobs.jobs, jobs.items');
  const ratio = busy.p99 / idle.p99;
  figures.push(
    { name: 'prediction p99, no backlog', value: `${idle.p99.toFixed(2)} ms` },
    {
      name: `prediction p99, ${BACKLOG} jobs in the backlog`,
      value: `${busy.p99.toFixed(2)} ms (${left[0].n} left at the end)`,
    },
    { name: 'with beside without', value: `${ratio.toFixed(2)}×`, target: '≤ 1.5×', reached: ratio <= 1.5 },
    { name: 'gateway memory with beside without', value: `${(after - before).toFixed(0)} MB more` },
  );
}

try {
  const set = await start({});
  const { id: workspace, key, client } = await newWorkspace(set.url, operatorKey);
  await trainTask(client, TASK, rows);
  await set.stop();
  if (only.has('end')) await bracketed('end to end', () => endToEnd(workspace));
  if (only.has('claim')) await bracketed('depth', claims);
  if (only.has('sync')) await bracketed('predictions beside a backlog', () => synchronous(workspace, key));
  keepResults('jobs', figures);
} finally {
  await owner.end().catch(() => {});
  await embedded.stop();
  removeFolder(dataDir);
  removeFolder(embeddedDir);
}
