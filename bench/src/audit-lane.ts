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
  const rates = new Map<number, number[]>([
    [0, []],
    [AUDITED, []],
  ]);
  /** CPU time of everything a request, µs: of all that the server started, what follows from a decision included. */
  const costs = new Map<number, number[]>([
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
    rates.get(rate)!.push(requestsPerSecond);
    costs.get(rate)!.push((spent / (requestsPerSecond * seconds)) * 1e6);
  };
  await bracketed('all rounds', async () => {
    for (let round = 0; round < ROUNDS; round++) {
      for (const rate of round % 2 === 0 ? [0, AUDITED] : [AUDITED, 0]) await measure(rate);
    }
  });
  const [without, with_] = [rates.get(0)!, rates.get(AUDITED)!];
  const pairs = without.map((rate, round) => 1 - with_[round]! / rate);
  const cost = median(pairs);
  const [cpuWithout, cpuWith] = [costs.get(0)!, costs.get(AUDITED)!];
  const cpuPairs = cpuWithout.map((cpu, round) => 100 * (cpuWith[round]! / cpu - 1));
  keepResults('audit-lane', [
    { name: 'no audits, requests/s', value: spread(without) },
    { name: '5 % audited, requests/s', value: spread(with_) },
    {
      name: 'cost, median of the pairs',
      value: `${(cost * 100).toFixed(1)} % (${spread(
        pairs.map((pair) => pair * 100),
        1,
      )} %)`,
      target: '≤ 2 %',
      reached: cost <= 0.02,
    },
    { name: 'CPU of everything without audits, µs a request', value: spread(cpuWithout) },
    { name: 'the same with 5 % audited', value: spread(cpuWith) },
    { name: 'more CPU, median of the pairs, %', value: spread(cpuPairs, 1) },
  ]);
} finally {
  await server.stop();
  removeFolder(folder);
}
