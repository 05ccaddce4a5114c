/**
 * What the blind audit lane costs a prediction: the same task with an audit rate of 0 and of 5 %, turn by turn on one
 * server, 64 connections.
 *
 *   node bench/src/audit-lane.ts [--rounds 8] [--seconds 5]
 */
import { parseArgs } from 'node:util';
import { findGenerator, load, type Target } from './load.ts';
import { cpuSeconds } from './process-memory.ts';
import { keepResults } from './results.ts';
import {
  newOperatorKey,
  newWorkspace,
  removeFolder,
  startServerProcess,
  temporaryFolder,
  trainTask,
} from './server-process.ts';
import { bracketed } from './spin-control.ts';
import { median, spread } from './statistics.ts';
import { syntheticTexts } from './synthetic-texts.ts';

const { values } = parseArgs({
  options: { rounds: { type: 'string', default: '8' }, seconds: { type: 'string', default: '5' } },
});
const ROUNDS = Number(values.rounds);
const seconds = Number(values.seconds);
const TASK = 'inquiries';
const AUDITED = 0.05;

const folder = temporaryFolder('audit-lane');
const operatorKey = newOperatorKey();
const dataDir = `${folder}/data`;
const server = await startServerProcess({ dataDir, operatorKey });
try {
  const { client, key } = await newWorkspace(server.url, operatorKey);
  const { train, test } = syntheticTexts();
  await trainTask(client, TASK, train);
  const definition = {
    kind: 'text_classification' as const,
    labels: [...new Set(train.map(({ label }) => label))].sort().map((name) => ({ name })),
    // Everything is automated, so that the lane looks at everything.
    automation: { mode: 'uncertified' as const, min_confidence: 0 },
  };
  const target: Target = {
    name: 'Understudy',
    url: `${server.url}/v1/predict/${TASK}`,
    headers: { Authorization: `Bearer ${key}` },
    bodies: test.map(({ text }) => JSON.stringify({ input: { text } })),
    check: (answer) => (answer as { label: string }).label,
  };
  const generator = findGenerator();
  /** By audit rate, a round each. `cpu`: µs a request of all that the server started, what follows from it included. */
  const rounds = new Map<number, { perSecond: number; cpu: number }[]>([
    [0, []],
    [AUDITED, []],
  ]);
  const measure = async (rate: number) => {
    await client.tasks.put(TASK, { ...definition, audit: { rate } });
    // Every process goes by the new definition within two seconds.
    await load(generator, target, { connections: 64, seconds: 3, folder });
    const before = cpuSeconds(server.child.pid!, dataDir);
    const { requestsPerSecond, failed } = await load(generator, target, { connections: 64, seconds, folder });
    if (failed > 0) throw new Error(`${failed} requests failed`);
    const spent = cpuSeconds(server.child.pid!, dataDir) - before;
    rounds.get(rate)!.push({ perSecond: requestsPerSecond, cpu: (spent / (requestsPerSecond * seconds)) * 1e6 });
  };
  await bracketed('all rounds', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const rate of round % 2 === 0 ? [0, AUDITED] : [AUDITED, 0]) await measure(rate);
    }
  });
  const [without, with_] = [rounds.get(0)!, rounds.get(AUDITED)!];
  const pairs = without.map(({ perSecond }, round) => 1 - with_[round]!.perSecond / perSecond);
  const cost = median(pairs);
  const cpuPairs = without.map(({ cpu }, round) => 100 * (with_[round]!.cpu / cpu - 1));
  keepResults('audit-lane', [
    { name: 'no audits, requests/s', value: spread(without.map(({ perSecond }) => perSecond)) },
    { name: '5 % audited, requests/s', value: spread(with_.map(({ perSecond }) => perSecond)) },
    {
      name: 'cost, median of the pairs',
      value: `${(cost * 100).toFixed(1)} % (${spread(
        pairs.map((pair) => pair * 100),
        1,
      )} %)`,
      target: '≤ 2 %',
      reached: cost <= 0.02,
    },
    { name: 'CPU of everything without audits, µs a request', value: spread(without.map(({ cpu }) => cpu)) },
    { name: 'the same with 5 % audited', value: spread(with_.map(({ cpu }) => cpu)) },
    { name: 'more CPU, median of the pairs, %', value: spread(cpuPairs, 1) },
  ]);
} finally {
  await server.stop();
  removeFolder(folder);
}
