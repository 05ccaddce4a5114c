import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { Principal } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import fastify, { type FastifyInstance } from 'fastify';
import { trainingRoutes } from './http/index.ts';
import { etaSeconds, type Run } from './run.ts';
import { TrainingRuns } from './runs.ts';
import { exampleRows, exampleRun, FakeRooms, MajorityTrainer, MemoryRunStore } from './testing/index.ts';

const principal: Principal = { kind: 'api_key', workspace: 'ws_1', id: 'key_1', scopes: new Set() };

let clock: FakeClock;
let store: MemoryRunStore;
let runs: TrainingRuns;
beforeEach(() => {
  clock = new FakeClock();
  store = new MemoryRunStore(() => clock.now());
  const rooms = new FakeRooms(exampleRows(20));
  runs = new TrainingRuns({ store, tasks: rooms, datasets: rooms, trainers: [new MajorityTrainer()], clock });
});

test('a run is queued with its defaults', async () => {
  const run = await runs.start(principal, 't', {}, 'req_1');
  assert.deepEqual([run.status, run.trainer, run.seed, run.promote], ['queued', 'auto', 1, 'if_better']);
  assert.deepEqual(await runs.get('ws_1', run.id), run);
  assert.deepEqual(await runs.list('ws_1', 't', { limit: 5 }), [run]);
  await assert.rejects(runs.get('ws_2', run.id), { code: 'training_run_not_found' });
  await assert.rejects(runs.cancel('ws_2', run.id), { code: 'training_run_not_found' });
});

test('what cannot be honoured is refused before it is queued', async () => {
  await assert.rejects(runs.start(principal, 't', { trainer: 'magic' }, 'r'), (error: any) => {
    assert.equal(error.code, 'unknown_trainer');
    assert.match(error.message, /auto, majority/);
    return true;
  });
  await assert.rejects(runs.start(principal, 't', { parameters: { c: 1 } }, 'r'), { code: 'unknown_parameter' });
  assert.deepEqual(await store.list('ws_1', null, { limit: 5 }), []);
});

test('watching gives the run now and after each change, and ends with it', async () => {
  const run = await runs.start(principal, 't', {}, 'r');
  const seen: string[] = [];
  const watching = (async () => {
    for await (const now of runs.watch('ws_1', run.id, 0, new AbortController().signal)) seen.push(now.status);
  })();
  while (seen.length < 1) await new Promise((resolve) => setImmediate(resolve));
  await runs.cancel('ws_1', run.id);
  await watching;
  assert.deepEqual(seen, ['queued', 'cancelled']);
  const rest: Run[] = [];
  for await (const now of runs.watch('ws_1', run.id, run.version, new AbortController().signal)) rest.push(now);
  assert.deepEqual(
    rest.map(({ status }) => status),
    ['cancelled'],
  );
});

test('the time left follows from the time so far, and is not guessed at the start', () => {
  const running = exampleRun({ status: 'running', startedAt: 0 });
  const at = (fraction: number) =>
    etaSeconds({ ...running, progress: { phase: 'fit', fraction, detail: null } }, 10_000);
  assert.deepEqual([at(0.01), at(0.25), at(1)], [null, 30, 0]);
  assert.equal(etaSeconds(exampleRun(), 10_000), null);
});

async function app(): Promise<FastifyInstance> {
  const server = fastify();
  for (const $id of ['TrainingRunRequest', 'TrainingRun', 'TrainingRunList']) server.addSchema({ $id });
  server.decorateRequest('principal', null as never);
  server.addHook('onRequest', async (request) => {
    request.principal = principal;
  });
  trainingRoutes(runs, clock)(server);
  return server;
}

test('the events of a run are a stream that resumes after the last one seen', async () => {
  const server = await app();
  try {
    const run = await runs.start(principal, 't', {}, 'r');
    await runs.cancel('ws_1', run.id);
    const url = `/v1/training-runs/${run.id}/events`;
    const all = await server.inject({ url });
    assert.match(String(all.headers['content-type']), /text\/event-stream/);
    const [id, event, data] = all.body.trim().split('\n');
    assert.deepEqual([id, event], ['id: 2', 'event: cancelled']);
    assert.equal(JSON.parse(data!.slice(6)).status, 'cancelled');
    // Who has seen the end and asks again, because the line broke before its own note of it, is told it again.
    assert.equal((await server.inject({ url, headers: { 'last-event-id': '2' } })).body, all.body);
    assert.match((await server.inject({ url, headers: { 'last-event-id': 'x' } })).body, /^id: 2\n/);
  } finally {
    await server.close();
  }
});

test('a server that stops ends the streams of runs that go on, and waits for none', { timeout: 60_000 }, async (t) => {
  const server = await app();
  t.after(() => server.server.closeAllConnections());
  const url = await server.listen({ host: '127.0.0.1', port: 0 });
  const run = await runs.start(principal, 't', {}, 'r');
  const reader = (await fetch(`${url}/v1/training-runs/${run.id}/events`)).body!.pipeThrough(new TextDecoderStream());
  const chunks = reader[Symbol.asyncIterator]();
  assert.match(String((await chunks.next()).value), /^id: 1\nevent: progress\n/);
  const rest = chunks.next();
  await server.close();
  assert.equal((await rest).done, true, 'the stream ends as it should, without an event that did not happen');
});

test('runs over HTTP: 202 with a Location, pages, and no id or cursor that is made up', async () => {
  const server = await app();
  try {
    const first = await server.inject({ method: 'POST', url: '/v1/tasks/t/training-runs' });
    assert.equal(first.statusCode, 202);
    assert.equal(first.headers.location, `/v1/training-runs/${first.json().id}`);
    clock.advance(1);
    await server.inject({ method: 'POST', url: '/v1/tasks/t/training-runs', payload: { trainer: 'majority' } });
    const page = (await server.inject({ url: '/v1/tasks/t/training-runs?limit=1' })).json();
    assert.equal(page.data[0].trainer, 'majority');
    const next = await server.inject({ url: `/v1/tasks/t/training-runs?limit=1&cursor=${page.next_cursor}` });
    assert.deepEqual([next.json().data[0].id, next.json().next_cursor], [first.json().id, null]);
    const forged = Buffer.from('run_\u0000').toString('base64url');
    assert.equal(
      (await server.inject({ url: `/v1/tasks/t/training-runs?limit=1&cursor=${forged}` })).json().code,
      'invalid_cursor',
    );
    assert.equal((await server.inject({ url: '/v1/training-runs/run_..%2f' })).json().code, 'training_run_not_found');
    assert.equal(
      (await server.inject({ url: `${first.headers.location}x/events` })).json().code,
      'training_run_not_found',
    );
  } finally {
    await server.close();
  }
});
