/**
 * Claim → verdict at 50 reviewers over HTTP, beside a floor: the same durable writes as bare SQL on as many connections, at
 * the same pace and without a pause. usage: node bench/src/review.ts [seconds]
 */
import { setTimeout as wait } from 'node:timers/promises';
import { UnderstudyClient } from '@understudy/client';
import { startEmbedded } from '@understudy/database-postgres';
import { Pool } from 'pg';
import { ownCpuSeconds } from './process-memory.ts';
import { type Figure, keepResults } from './results.ts';
import { newOperatorKey, newWorkspace, removeFolder, startServerProcess, temporaryFolder } from './server-process.ts';
import { bracketed } from './spin-control.ts';
import { quantile } from './statistics.ts';

const REVIEWERS = 50;
const TASK = 'comments';
const seconds = Number(process.argv[2] ?? 10);
const WARM_UP_SECONDS = 5;

interface Times {
  claim: number[];
  verdict: number[];
}

const show = (values: number[]) =>
  `p50 ${quantile(values, 0.5).toFixed(1)} ms, p99 ${quantile(values, 0.99).toFixed(1)} ms`;

/** Every reviewer takes one item, thinks, answers, takes the next. */
async function work(
  clients: readonly UnderstudyClient[],
  thinkMs: number,
  forSeconds = seconds,
): Promise<Times & { perSecond: number }> {
  const times: Times = { claim: [], verdict: [] };
  const end = performance.now() + forSeconds * 1000;
  const startedAt = performance.now();
  await Promise.all(
    clients.map(async (client) => {
      // Not all in step.
      if (thinkMs > 0) await wait(Math.random() * thinkMs);
      while (performance.now() < end) {
        const t0 = performance.now();
        const { claims } = await client.review.claim({ task: TASK });
        times.claim.push(performance.now() - t0);
        const [claim] = claims;
        if (claim === undefined) throw new Error('the queue ran empty: fill in more items');
        if (thinkMs > 0) await wait(thinkMs * (0.5 + Math.random()));
        const t1 = performance.now();
        await client.review.verdict(claim.item, { claim_token: claim.claim_token, label: 'ok' });
        times.verdict.push(performance.now() - t1);
      }
    }),
  );
  return { ...times, perSecond: times.verdict.length / ((performance.now() - startedAt) / 1000) };
}

async function overHttp() {
  const dataDir = temporaryFolder('review');
  const operatorKey = newOperatorKey();
  const server = await startServerProcess({ dataDir, operatorKey, profileTo: process.env.UNDERSTUDY_BENCH_PROFILE });
  try {
    const { client } = await newWorkspace(server.url, operatorKey);
    await client.tasks.put(TASK, { kind: 'text_classification', labels: [{ name: 'ok' }, { name: 'spam' }] });
    const items = 1500 * seconds;
    for (let i = 0; i < items; i += 1000) {
      const batch = Array.from({ length: 1000 }, (_, j) => ({ input: { text: `comment ${i + j}` } }));
      await client.predictBatch(TASK, batch);
    }
    while ((await client.review.queues()).total.depth < items) await wait(100);
    const clients: UnderstudyClient[] = [];
    for (let i = 0; i < REVIEWERS; i++) {
      const key = await client.keys.create({ name: `reviewer ${i}`, scopes: ['review:read', 'review:write'] });
      clients.push(new UnderstudyClient({ baseUrl: server.url, apiKey: key.secret }));
    }
    // As everywhere, the contestant is warm: at a reviewer's pace a server would need minutes to compile what it runs.
    const cpu = ownCpuSeconds(server.child.pid!);
    const busy = await work(clients, 0);
    const cpuPerVerdict = (1000 * (ownCpuSeconds(server.child.pid!) - cpu)) / busy.verdict.length;
    await work(clients, 1000, WARM_UP_SECONDS);
    const paced = await bracketed('review at a pace', () => work(clients, 1000));
    return { busy, paced, cpuPerVerdict };
  } finally {
    await server.stop();
    removeFolder(dataDir);
  }
}

interface BareTimes {
  /** One durable commit each. */
  claim: number[];
  /** Two: the label and the answer. */
  verdict: number[];
  perSecond: number;
}

/** Claim, label, answer, each committed and durable, and nothing else: at the reviewers' pace, or without a pause. */
async function bareWork(pool: Pool, thinkMs: number): Promise<BareTimes> {
  const claim: number[] = [];
  const verdict: number[] = [];
  const startedAt = performance.now();
  const end = startedAt + seconds * 1000;
  await Promise.all(
    Array.from({ length: REVIEWERS }, async () => {
      if (thinkMs > 0) await wait(Math.random() * thinkMs);
      const connection = await pool.connect();
      try {
        while (performance.now() < end) {
          const t0 = performance.now();
          const { rows } = await connection.query({
            name: 'claim',
            text: `UPDATE items SET token = gen_random_uuid()::text WHERE id = (SELECT id FROM items WHERE token IS NULL
              ORDER BY due LIMIT 1 FOR UPDATE SKIP LOCKED) RETURNING id`,
          });
          const id = rows[0]?.id;
          if (id === undefined) throw new Error('the table ran empty');
          const t1 = performance.now();
          claim.push(t1 - t0);
          if (thinkMs > 0) await wait(thinkMs * (0.5 + Math.random()));
          const t2 = performance.now();
          await connection.query({ name: 'label', text: 'INSERT INTO labels VALUES ($1, $2)', values: [id, 'ok'] });
          await connection.query({
            name: 'answer',
            text: 'UPDATE items SET answer = $2 WHERE id = $1',
            values: [id, 'ok'],
          });
          verdict.push(performance.now() - t2);
        }
      } finally {
        connection.release();
      }
    }),
  );
  return { claim, verdict, perSecond: verdict.length / ((performance.now() - startedAt) / 1000) };
}

/** What the database alone can do. */
async function floor(): Promise<{ paced: BareTimes; busy: BareTimes }> {
  const dataDir = temporaryFolder('review-floor');
  const embedded = await startEmbedded({ dataDir });
  const pool = new Pool({ connectionString: embedded.url, max: REVIEWERS });
  pool.on('error', () => {}); // connections that are still closing when the server stops
  try {
    await pool.query(`CREATE TABLE items (id int PRIMARY KEY, due int, token text, answer text, input text);
      CREATE INDEX ON items (due) WHERE token IS NULL;
      CREATE TABLE labels (item int, label text);
      INSERT INTO items SELECT i, i, NULL, NULL, 'comment ' || i FROM generate_series(1, ${10_000 * seconds}) AS i;`);
    return { paced: await bareWork(pool, 1000), busy: await bareWork(pool, 0) };
  } finally {
    await pool.end();
    await embedded.stop();
    removeFolder(dataDir);
  }
}

const bare = await floor();
const { busy, paced, cpuPerVerdict } = await overHttp();
const both = ({ claim, verdict }: Times) => [...claim, ...verdict];
const pacedP99 = quantile(both(paced), 0.99);
const figures: Figure[] = [
  { name: `${REVIEWERS} reviewers, 1 s of thought: claim`, value: show(paced.claim) },
  { name: `${REVIEWERS} reviewers, 1 s of thought: verdict`, value: show(paced.verdict) },
  {
    name: `${REVIEWERS} reviewers, 1 s of thought: claim and verdict`,
    value: `${show(both(paced))}, ${paced.perSecond.toFixed(0)} verdicts/s`,
    target: 'p99 ≤ 20 ms',
    reached: pacedP99 <= 20,
  },
  { name: `${REVIEWERS} reviewers who never think: claim`, value: show(busy.claim) },
  {
    name: `${REVIEWERS} reviewers who never think: verdict`,
    value: `${show(busy.verdict)}, ${busy.perSecond.toFixed(0)} verdicts/s`,
  },
  { name: 'CPU of the server process, claim and verdict', value: `${cpuPerVerdict.toFixed(2)} ms` },
  {
    name: 'floor at the same pace: claim and verdict in bare SQL',
    value: show(both(bare.paced)),
  },
  {
    name: 'ours / floor at the same pace, p99',
    value: `${(pacedP99 / quantile(both(bare.paced), 0.99)).toFixed(1)}×`,
  },
  {
    name: 'floor without a pause: claim · verdict in bare SQL',
    value: `${show(bare.busy.claim)} · ${show(bare.busy.verdict)}, ${bare.busy.perSecond.toFixed(0)} verdicts/s`,
  },
];
keepResults('review', figures);
