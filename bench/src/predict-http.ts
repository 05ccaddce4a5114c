/**
 * One short text a request over HTTP, 64 connections, load generator on the same cores. Understudy with authentication,
 * tenant and schema check, rate limit and the durable ledger on, beside
 *
 * - the peers: FastAPI (uvicorn, 2 workers) and MLServer (adaptive batching) serving the scikit-learn equivalent
 *   without any ledger;
 * - the floor: bare node:http calling the same Understudy model in process.
 *
 * In rounds, one under load at a time; then latency in open loop at half of our measured peak.
 *
 *   UNDERSTUDY_DATASETS=… node bench/src/predict-http.ts [--rounds 3] [--seconds 8] [--profile folder] [--no-peers]
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { diskFlush } from './disk-flush.ts';
import { findGenerator, type LoadResult, load, type Target, verify } from './load.ts';
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
import { findVenv, fitPeerModel, startFastApi, startMlServer } from './serving-peers.ts';
import { bracketed } from './spin-control.ts';
import { median, spread } from './statistics.ts';
import { syntheticTexts } from './synthetic-texts.ts';
import { loadTextDatasets } from './text-datasets.ts';

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '8' },
    profile: { type: 'string' },
    'no-peers': { type: 'boolean', default: false },
  },
});
const ROUNDS = Number(values.rounds);
const SECONDS = Number(values.seconds);
const WARM_UP_SECONDS = 3;
const CONNECTIONS = 64;
const TASK = 'bench-inquiries';

const folder = temporaryFolder('predict');
const undo: (() => unknown)[] = [() => removeFolder(folder)];
const cleanUp = async () => {
  for (const step of undo.reverse()) await step();
};

function dataset() {
  const datasets = process.env.UNDERSTUDY_DATASETS;
  const [found] = datasets === undefined ? [] : loadTextDatasets(datasets, ['banking77']);
  if (found !== undefined) return found;
  console.log('UNDERSTUDY_DATASETS is not set: synthetic texts stand in for Banking77');
  return syntheticTexts();
}

/** The file of the served model, found by its digest: what the floor loads is what we serve. */
function artifactFile(dataDir: string, sha256: string): string {
  for (const name of globSync('objects/**', { cwd: dataDir, withFileTypes: true })) {
    if (!name.isFile()) continue;
    const path = join(name.parentPath, name.name);
    if (createHash('sha256').update(readFileSync(path)).digest('hex') === sha256) return path;
  }
  throw new Error(`the model file ${sha256} is not in ${dataDir}`);
}

async function startBare(model: string, texts: readonly string[]): Promise<{ target: Target; child: ChildProcess }> {
  const entry = fileURLToPath(new URL('./bare-server.ts', import.meta.url));
  const child = spawn(process.execPath, [entry, model], { stdio: ['ignore', 'pipe', 'inherit'] });
  const port = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(chunk.toString().trim()));
    child.once('exit', (code) => reject(new Error(`the bare server ended with ${code}`)));
  });
  const target: Target = {
    name: 'bare node:http, same model',
    url: `http://127.0.0.1:${port}/`,
    headers: {},
    bodies: texts.map((text) => JSON.stringify({ input: { text } })),
    check: (answer) => (answer as { label: string }).label,
  };
  return { target, child };
}

try {
  const data = dataset();
  const generator = findGenerator();
  const texts = data.test.map(({ text }) => text);
  const labels = [...new Set(data.train.map(({ label }) => label))].sort();
  const dataDir = join(folder, 'data');
  const operatorKey = newOperatorKey();
  const server = await startServerProcess({ dataDir, operatorKey, profileTo: values.profile });
  undo.push(() => server.stop());
  const { client, key } = await newWorkspace(server.url, operatorKey);
  console.log(`importing and training ${data.train.length} rows of ${data.name} …`);
  const accuracy = await trainTask(client, TASK, data.train);
  console.log(`trained: ${(accuracy * 100).toFixed(1)} % right on held-out rows`);

  const ours: Target = {
    name: 'Understudy',
    url: `${server.url}/v1/predict/${TASK}`,
    headers: { Authorization: `Bearer ${key}` },
    bodies: texts.map((text) => JSON.stringify({ input: { text } })),
    check(answer) {
      const { id, outcome, label, suggestion } = answer as {
        id: string;
        outcome: string;
        label: string | null;
        suggestion?: { label: string } | null;
      };
      const named = outcome === 'automated' ? label : (suggestion?.label ?? null);
      if (!id.startsWith('dec_') || named === null) throw new Error(`no decision: ${JSON.stringify(answer)}`);
      return named;
    },
  };

  const targets: Target[] = [ours];
  const version = (await client.models.versions(TASK)[Symbol.asyncIterator]().next()).value;
  const bare = await startBare(artifactFile(dataDir, version.artifact.sha256), texts);
  undo.push(() => bare.child.kill());
  targets.push(bare.target);
  const peers: Target[] = [];
  const venv = values['no-peers'] ? null : findVenv();
  if (venv === null) {
    console.log('SKIPPED the peers: run bench/peers/install.sh (UNDERSTUDY_BENCH_VENV says where it put them)');
  } else {
    console.log('fitting the scikit-learn pipeline of the peers …');
    const model = fitPeerModel(venv, data.train, folder);
    const fastApi = await startFastApi(venv, model, folder, texts);
    undo.push(() => fastApi.stop());
    const mlServer = await startMlServer(venv, model, folder, texts, labels);
    undo.push(() => mlServer.stop());
    peers.push(fastApi.target, mlServer.target);
    targets.push(...peers);
  }

  const truth = data.test.slice(0, 200).map(({ label }) => label);
  for (const target of targets) {
    const found = await verify(target, truth.length);
    const right = found.filter((label, at) => label === truth[at]).length;
    if (found.some((label) => !labels.includes(label))) throw new Error(`${target.name} answers foreign labels`);
    console.log(`${target.name}: ${found.length} answers checked, ${right} right`);
  }

  const rates = new Map<Target, LoadResult[]>(targets.map((target) => [target, []]));
  const before = await client.ledger.head();
  let answered = 0;
  let runs = 0;
  for (let round = 1; round <= ROUNDS; round++) {
    for (const target of targets) {
      const warmUp = await load(generator, target, { connections: CONNECTIONS, seconds: WARM_UP_SECONDS, folder });
      const result = await bracketed(`${target.name}, round ${round}`, () =>
        load(generator, target, { connections: CONNECTIONS, seconds: SECONDS, folder }),
      );
      if (result.failed > 0) throw new Error(`${target.name}: ${result.failed} requests failed`);
      rates.get(target)!.push(result);
      console.log(
        `${target.name}: ${result.requestsPerSecond.toFixed(0)} requests/s, p50 ${result.p50Ms.toFixed(1)} ms, p99 ${result.p99Ms.toFixed(1)} ms`,
      );
      if (target === ours) {
        answered += result.answered + warmUp.answered;
        runs += 2;
      }
    }
  }
  // A run ends with requests under way: they are decided and written down, but nobody is there to read the answer.
  const written = (await client.ledger.head()).entries - before.entries;
  if (written < answered || written > answered + runs * CONNECTIONS) {
    throw new Error(`${answered} answers but ${written} ledger rows`);
  }
  console.log(
    `ledger: ${written} rows for ${answered} answers read (at most ${CONNECTIONS} cut off at each run's end)`,
  );

  const rateOf = (target: Target) => rates.get(target)!.map(({ requestsPerSecond }) => requestsPerSecond);
  const peak = median(rateOf(ours));
  const rowsBefore = (await client.ledger.head()).entries;
  const latency = await bracketed('open loop', () =>
    openLoop({
      ...ours,
      requestsPerSecond: Math.floor(peak / 2),
      warmUpSeconds: 2,
      seconds: Math.max(SECONDS, 10),
      connections: 256,
    }),
  );
  const rowsAfter = (await client.ledger.head()).entries;
  if (latency.failed > 0 || rowsAfter - rowsBefore !== latency.answered) {
    throw new Error(`${latency.answered} answers, ${latency.failed} failures, ${rowsAfter - rowsBefore} ledger rows`);
  }
  console.log(`open loop: ${latency.answered} answers of status 200 and exactly as many ledger rows`);

  const figures: Figure[] = targets.map((target) => ({
    name: `${target.name}, requests/s`,
    value: spread(rateOf(target)),
  }));
  if (peers.length > 0) {
    const best = Math.max(...peers.map((peer) => median(rateOf(peer))));
    const ratio = peak / best;
    figures.push({
      name: 'ours / best peer',
      value: `${ratio.toFixed(2)}×`,
      target: '≥ 6× (goal 10×)',
      reached: ratio >= 6,
    });
  }
  const floor = peak / median(rateOf(bare.target));
  figures.push({
    name: 'ours / bare node:http',
    value: `${floor.toFixed(2)}×`,
    target: '≥ 0.5×',
    reached: floor >= 0.5,
  });
  figures.push({
    name: `open loop at ${Math.floor(peak / 2)} requests/s, p99`,
    value: `${latency.p99.toFixed(1)} ms`,
    target: '≤ 25 ms',
    reached: latency.p99 <= 25,
  });
  figures.push({
    name: 'open loop, p50 · p90 · p99.9 · max',
    value: [latency.p50, latency.p90, latency.p999, latency.max].map((ms) => `${ms.toFixed(1)} ms`).join(' · '),
  });
  const flush = diskFlush(folder);
  figures.push({
    name: 'the disk alone: one page made durable',
    value: `p50 ${flush.p50.toFixed(1)} ms, p99 ${flush.p99.toFixed(1)} ms`,
  });
  keepResults('predict-http', figures);
} finally {
  await cleanUp();
}
