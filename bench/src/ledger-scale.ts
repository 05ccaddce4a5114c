/**
 * Does a decision, or the first page of decisions, cost more over a long ledger? Two servers on two databases, one with
 * ten thousand rows and one with a million, all written by the ledger's own append path and so hashed and chained; the
 * same requests through HTTP to both in turns, one at a time. Medians and their ratio. (ledger-million.ts asks the
 * same of the storage alone, spread over months.)
 *
 *   node bench/src/ledger-scale.ts [--rows 1000000] [--rounds 5] [--requests 400]
 */
import { execFileSync } from 'node:child_process';
import { Agent, request } from 'node:http';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openDatabase, startEmbedded } from '@understudy/database-postgres';
import { Ledger } from '@understudy/ledger';
import { PostgresLedgerStorage } from '@understudy/ledger/storage';
import { exampleDecision, exampleReview } from '@understudy/ledger/testing';
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
import { median } from './statistics.ts';
import { syntheticTexts } from './synthetic-texts.ts';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '5' },
    requests: { type: 'string', default: '400' },
  },
});
const SMALL = 10_000;
const LARGE = Number(values.rows);
const REQUESTS = Number(values.requests);
const BATCH = 1_000;
const TASK = 'bench-inquiries';
const LIMIT = 1.2;

const agent = new Agent({ keepAlive: true, maxSockets: 1 });

/** Milliseconds until the last byte. Throws unless the status is 200. */
function ask(url: string, key: string, body: string | null): Promise<number> {
  const headers = { Authorization: `Bearer ${key}`, ...(body === null ? {} : { 'Content-Type': 'application/json' }) };
  const startedAt = performance.now();
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: body === null ? 'GET' : 'POST', headers }, (response) => {
      if (response.statusCode !== 200) reject(new Error(`${url} answered ${response.statusCode}`));
      response.on('error', reject);
      response.on('end', () => resolve(performance.now() - startedAt));
      response.resume();
    });
    sent.on('error', reject);
    sent.end(body ?? undefined);
  });
}

async function fill(dataDir: string, workspace: string, rows: number): Promise<void> {
  const server = await startEmbedded({ dataDir: join(dataDir, 'postgres') });
  const open = openDatabase({ url: server.url, poolSize: 4 });
  const ledger = new Ledger({ storage: new PostgresLedgerStorage(open.database) });
  const task = { id: 'tsk_0123456789abcdefghjkmnpqrs', slug: TASK, revision: 1 };
  const startedAt = performance.now();
  for (let written = 0; written < rows; written += BATCH) {
    const count = Math.min(BATCH, rows - written);
    const entries = Array.from({ length: count }, (_, i) =>
      (i % 10 === 0 ? exampleReview : exampleDecision)(workspace, Date.now(), { task }),
    );
    await ledger.appendAll(entries);
    if ((written + count) % 100_000 === 0) console.log(`  ${written + count} rows`);
  }
  const seconds = (performance.now() - startedAt) / 1000;
  console.log(`${rows} rows written in ${seconds.toFixed(1)} s`);
  await open.close();
  await server.stop();
}

const folder = temporaryFolder('ledger-scale');
const operatorKey = newOperatorKey();
const undo: (() => unknown)[] = [() => removeFolder(folder)];
try {
  const small = join(folder, 'small');
  const large = join(folder, 'large');
  const first = await startServerProcess({ dataDir: small, operatorKey });
  const { id: workspace, key, client } = await newWorkspace(first.url, operatorKey);
  const data = syntheticTexts();
  await trainTask(client, TASK, data.train);
  await first.stop();
  execFileSync('cp', ['-a', small, large]);
  await fill(small, workspace, SMALL);
  await fill(large, workspace, LARGE);

  const servers: { url: string; rows: number }[] = [];
  for (const [dataDir, rows] of [
    [small, SMALL],
    [large, LARGE],
  ] as const) {
    const server = await startServerProcess({ dataDir, operatorKey });
    undo.push(() => server.stop());
    servers.push({ url: server.url, rows });
  }
  const texts = data.test.map(({ text }) => JSON.stringify({ input: { text } }));
  const questions: { name: string; path: string; bodies: readonly (string | null)[] }[] = [
    { name: 'predict', path: `/v1/predict/${TASK}`, bodies: texts },
    { name: 'first page of decisions', path: '/v1/decisions', bodies: [null] },
    { name: 'first page of a task', path: `/v1/decisions?task=${TASK}`, bodies: [null] },
    { name: 'first page of its reviews', path: `/v1/decisions?task=${TASK}&outcome=review`, bodies: [null] },
  ];
  /** Turn by turn, so that whatever disturbs the machine disturbs both. */
  const medians = async ({ path, bodies }: (typeof questions)[number], count: number) => {
    const times = servers.map((): number[] => []);
    for (let i = 0; i < count; i++) {
      for (const [at, { url }] of servers.entries()) {
        times[at]!.push(await ask(`${url}${path}`, key, bodies[i % bodies.length]!));
      }
    }
    return times.map(median);
  };
  for (const question of questions) await medians(question, REQUESTS);

  const figures: Figure[] = [];
  for (const question of questions) {
    const rounds: number[][] = [];
    await bracketed(question.name, async () => {
      for (let round = 0; round < Number(values.rounds); round++) rounds.push(await medians(question, REQUESTS));
    });
    const [under, over] = [median(rounds.map(([first]) => first!)), median(rounds.map(([, second]) => second!))];
    figures.push({
      name: `${question.name}: ${LARGE} rows / ${SMALL} rows`,
      value: `${over.toFixed(2)} ms / ${under.toFixed(2)} ms = ${(over / under).toFixed(2)}×`,
      target: `≤ ${LIMIT}×`,
      reached: over / under <= LIMIT,
    });
  }
  keepResults('ledger-scale', figures);
} finally {
  agent.destroy();
  for (const step of undo.reverse()) await step();
}
