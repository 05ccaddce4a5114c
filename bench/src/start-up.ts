/**
 * Starting and being idle, as `npm start` does it: the first start on an empty folder with its three example tasks, a
 * warm start on what it left behind, and the memory of everything together (server, model hosts, PostgreSQL), measured
 * as the sum of proportional set sizes 15 s after a warm start: while the demo plays, without it and idle, and after
 * each of the three tasks was served.
 * There is no peer: the floors are the targets. Linux only (reads /proc).
 *
 *   node bench/src/start-up.ts [--warm-starts 5]
 */
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { UnderstudyClient } from '@understudy/client';
import { megabytes, memoryOf } from './process-memory.ts';
import { type Figure, keepResults } from './results.ts';
import { newOperatorKey, removeFolder, startServerProcess, temporaryFolder } from './server-process.ts';
import { bracketed } from './spin-control.ts';
import { median, spread } from './statistics.ts';

const { values } = parseArgs({ options: { 'warm-starts': { type: 'string', default: '5' } } });
const TEXT = 'Where is my order? It was due last week and the tracking page shows nothing.';
const SETTLE_MS = 15_000;

const folder = temporaryFolder('start-up');
const dataDir = join(folder, 'data');
const operatorKey = newOperatorKey();
const seconds = (milliseconds: number) => `${(milliseconds / 1000).toFixed(2)} s`;

/** Until the own model answers; before that, decisions go to people. */
async function untilDecided(client: UnderstudyClient, task: string): Promise<void> {
  for (;;) {
    const decision = await client.predict(task, { input: { text: TEXT } }).catch(() => null);
    if (decision?.decided_by != null) return;
    await pause(20);
  }
}

function measureMemory(name: string, pid: number, figures: Figure[], targetMb?: number): void {
  const processes = memoryOf(pid, dataDir);
  for (const { command, pss, rss } of processes) {
    console.log(`  ${megabytes(pss).padStart(7)} PSS ${megabytes(rss).padStart(7)} RSS  ${command.slice(0, 100)}`);
  }
  const pss = processes.reduce((sum, one) => sum + one.pss, 0);
  const rss = processes.reduce((sum, one) => sum + one.rss, 0);
  figures.push({
    name: `memory ${name}: PSS of ${processes.length} processes`,
    value: megabytes(pss),
    ...(targetMb === undefined ? {} : { target: `≤ ${targetMb} MB`, reached: pss <= targetMb * 2 ** 20 }),
  });
  figures.push({ name: `memory ${name}: sum of RSS (shared memory counts in each)`, value: megabytes(rss) });
}

const figures: Figure[] = [];
try {
  const { key, tasks } = await bracketed('first start', async () => {
    const startedAt = performance.now();
    const server = await startServerProcess({ dataDir, operatorKey, demo: true });
    figures.push({ name: 'first start (empty folder) → listening', value: seconds(server.startedIn) });
    const [, secret] = await server.printed(/key \(shown this once\):\s+(us_\S+)/);
    const client = new UnderstudyClient({ baseUrl: server.url, apiKey: secret! });
    const first = await (async () => {
      for (;;) {
        const { data } = await client.tasks.list();
        if (data[0] !== undefined) return data[0].task;
        await pause(20);
      }
    })();
    await Promise.race([untilDecided(client, first), server.printed(/^Ready\./m)]);
    figures.push({
      name: 'first start → first decision by an own model',
      value: seconds(performance.now() - startedAt),
    });
    await server.printed(/^Ready\./m);
    figures.push({ name: 'first start → all example tasks trained', value: seconds(performance.now() - startedAt) });
    const { data } = await client.tasks.list();
    await server.stop();
    return { key: secret!, tasks: data.map(({ task }) => task) };
  });

  const listening: number[] = [];
  const deciding: number[] = [];
  await bracketed('warm starts', async () => {
    for (let i = 0; i < Number(values['warm-starts']); i++) {
      const startedAt = performance.now();
      const server = await startServerProcess({ dataDir, operatorKey, demo: true });
      listening.push(server.startedIn);
      await untilDecided(new UnderstudyClient({ baseUrl: server.url, apiKey: key }), tasks[0]!);
      deciding.push(performance.now() - startedAt);
      await server.stop();
    }
  });
  figures.push({
    name: 'warm start → listening, ms',
    value: spread(listening),
    target: '≤ 3000',
    reached: median(listening) <= 3000,
  });
  figures.push({ name: 'warm start → first decision by an own model, ms', value: spread(deciding) });

  const living = await startServerProcess({ dataDir, operatorKey, demo: true });
  await pause(SETTLE_MS);
  measureMemory('while the demo plays', living.child.pid!, figures);
  await living.stop();

  const server = await startServerProcess({ dataDir, operatorKey });
  await pause(SETTLE_MS);
  measureMemory('idle', server.child.pid!, figures, 300);
  const client = new UnderstudyClient({ baseUrl: server.url, apiKey: key });
  for (const task of tasks) await untilDecided(client, task);
  await pause(SETTLE_MS);
  measureMemory(`after serving ${tasks.length} tasks`, server.child.pid!, figures);
  await server.stop();
  keepResults('start-up', figures);
} finally {
  removeFolder(folder);
}
