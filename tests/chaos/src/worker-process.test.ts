import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  type Workspace,
} from '@understudy/e2e';

const PATIENCE_MS = 120_000;

let server: ServerProcess;
let shop: Workspace;

before(async () => {
  server = await ServerProcess.start({
    dataDir: join(scratchFolder(), 'data'),
    settings: { UNDERSTUDY_WORKER_PROCESS: 'on' },
  });
  shop = await makeWorkspace(() => server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', topicLabels);
});
after(() => server.stop());

/** Processes that the worker's entry runs in and that have `parent` as theirs. */
function workersOf(parent: number): number[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const worker = readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('worker-process/entry.ts');
      const above = /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${name}/status`, 'utf8'))?.[1];
      return worker && Number(above) === parent ? [Number(name)] : [];
    } catch {
      return []; // ended meanwhile
    }
  });
}

const alive = (pid: number) => {
  try {
    process.kill(pid, 0);
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

const queued = async () => {
  const { json } = await send(server.url, { path: '/v1/review/queues', key: shop.key });
  const queues = json.data as { task: string; depth: number }[];
  return queues.find(({ task }) => task === 'inquiries')?.depth ?? 0;
};
const predict = (text: string) =>
  send(server.url, { method: 'POST', path: '/v1/predict/inquiries', key: shop.key, body: { input: { text } } });

test('a worker process that is killed is replaced, and nothing that it had to do is lost', async () => {
  await predict('where is my parcel?');
  await eventually('the first item', async () => (await queued()) === 1, PATIENCE_MS);
  const [first] = workersOf(server.pid);
  assert.ok(first !== undefined, 'the work is done in a process of its own');
  process.kill(first, 'SIGKILL');
  for (const text of ['one more', 'and another']) assert.equal((await predict(text)).status, 200);
  await eventually('its successor', () => workersOf(server.pid).some((pid) => pid !== first), PATIENCE_MS);
  await eventually('the other items', async () => (await queued()) === 3, PATIENCE_MS);
});

test('the figures of both processes are one answer', async () => {
  const metrics = async () => (await send(server.url, { path: '/metrics', key: shop.key })).text;
  assert.match(await metrics(), /^understudy_decisions_total\{.*\} 3$/m);
});

test('a worker process does not outlive the server that it belongs to', async () => {
  const [worker] = workersOf(server.pid);
  await server.kill();
  await eventually('its end', () => !alive(worker!), PATIENCE_MS);
});
