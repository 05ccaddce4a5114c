import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Script, ScriptedServer } from '@understudy/client/testing';
import { Home } from './testing/run-cli.ts';

const serve = (scripts: Record<string, Script>) => new ScriptedServer(scripts).start();

const summary = (facts: object = {}) => ({
  id: 'job_1',
  task: 'routing',
  status: 'queued',
  priority: 5,
  attempts: 0,
  progress: { done: 0, total: 1, unit: 'items', eta_seconds: null },
  error: null,
  not_before: null,
  created_at: '2026-01-01T00:00:00.000Z',
  started_at: null,
  finished_at: null,
  ...facts,
});

test('jobs create sends a text, and a file as one job', async () => {
  using home = new Home();
  await using server = await serve({ 'POST /v1/jobs': { status: 202, body: summary() } });
  const one = await home.run(
    ['jobs', 'create', 'routing', 'where is it', '--priority', '9', '--subject', 'c1'],
    server,
  );
  assert.equal(one.code, 0, one.stderr);
  assert.match(one.stdout, /job_1 is accepted/);
  assert.deepEqual(JSON.parse(server.seen[0]!.body), {
    task: 'routing',
    priority: 9,
    subject: 'c1',
    input: { text: 'where is it' },
  });
  assert.ok(server.seen[0]!.headers['idempotency-key'] !== undefined);
  const file = home.file('rows.ndjson', '{"input":{"text":"a"},"external_id":"1"}\n{"input":{"text":"b"}}\n');
  const many = await home.run(['jobs', 'create', 'routing', '--file', file, '--json'], server);
  assert.equal(many.code, 0, many.stderr);
  const { items } = JSON.parse(server.seen[1]!.body);
  assert.deepEqual(items, [{ input: { text: 'a' }, external_id: '1' }, { input: { text: 'b' } }]);
  assert.equal((await home.run(['jobs', 'create', 'routing'], server)).code, 2);
  assert.equal((await home.run(['jobs', 'create', 'routing', 'x', '--priority', '10'], server)).code, 2);
});

test('jobs watch ends with a failure where the job failed, and prints every item', async () => {
  using home = new Home();
  const failed = summary({
    status: 'failed',
    error: { code: 'job_items_failed', detail: '1 of 2 items' },
    failed_items: 1,
  });
  const items = [
    { position: 0, decision: null, error: { code: 'task_not_found', detail: 'gone' } },
    { position: 1, decision: { id: 'dec_1', label: 'billing' }, error: null },
  ];
  await using server = await serve({
    'GET /v1/jobs/job_1/events': {
      headers: { 'content-type': 'text/event-stream' },
      body: `id: 3\nevent: failed\ndata: ${JSON.stringify(failed)}\n\n`,
    },
    'GET /v1/jobs/job_1': { body: { ...failed, decisions: items, next_cursor: null } },
  });
  const done = await home.run(['jobs', 'watch', 'job_1'], server);
  assert.equal(done.code, 1, done.stderr);
  assert.deepEqual(
    done.stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
    items,
  );
});

test('dead-letters replay takes ids or --all, and an edit for one', async () => {
  using home = new Home();
  await using server = await serve({
    'POST /v1/dead-letters/replay': { body: { replayed: 1, refused: [], more: false } },
  });
  const edited = await home.run(['dead-letters', 'replay', 'dlt_1', '--input', 'what was meant'], server);
  assert.equal(edited.code, 0, edited.stderr);
  assert.deepEqual(JSON.parse(server.seen[0]!.body), {
    ids: ['dlt_1'],
    edits: [{ id: 'dlt_1', input: { text: 'what was meant' } }],
  });
  await home.run(['dead-letters', 'replay', '--all', '--kind', 'failed'], server);
  assert.deepEqual(JSON.parse(server.seen[1]!.body), { filter: { kind: 'failed' } });
  assert.equal((await home.run(['dead-letters', 'replay'], server)).code, 2);
  assert.equal((await home.run(['dead-letters', 'replay', 'dlt_1', '--all'], server)).code, 2);
});
