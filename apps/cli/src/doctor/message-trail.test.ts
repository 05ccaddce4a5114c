import assert from 'node:assert/strict';
import { test } from 'node:test';
import { problem, ScriptedServer } from '@understudy/client/testing';
import { Home } from '../testing/run-cli.ts';

const trail = {
  id: 'c-17',
  ids: [{ kind: 'message', id: 'msg_1' }],
  steps: [
    {
      at: '2026-05-01T10:00:00.000Z',
      place: 'source',
      id: 'msg_1',
      what: 'comments took the message',
      current: false,
      details: {},
    },
    {
      at: '2026-05-01T10:00:00.001Z',
      place: 'decision',
      id: 'dec_1',
      what: 'answered spam',
      current: true,
      details: {},
    },
    { at: null, place: 'reply', id: 'rep_1', what: 'waits to be published', current: true, details: { bus: 'main' } },
  ],
  complete: true,
};

test('doctor --message tells what happened in order, then where it is now', async () => {
  using home = new Home();
  await using server = await new ScriptedServer({ 'GET /v1/trail': { body: trail } }).start();
  const { code, stdout, stderr } = await home.run(['doctor', '--message', 'c-17'], server);
  assert.equal(code, 0, stderr);
  assert.equal(server.seen[0]!.query.get('id'), 'c-17');
  const lines = stdout.split('\n');
  const at = (word: string) => lines.findIndex((line) => line.includes(word));
  assert.ok(at('took the message') < at('answered spam') && at('answered spam') < at('waits to be published'), stdout);
  const now = lines.filter((line) => line.startsWith('now'));
  assert.deepEqual(now.length, 2, stdout);
  assert.match(now[1]!, /reply rep_1 {2}waits to be published/);
  const json = await home.run(['doctor', '--message', 'c-17', '--json'], server);
  assert.deepEqual(JSON.parse(json.stdout), trail);
});

test('doctor --message says so when nothing is known, and fails', async () => {
  using home = new Home();
  await using server = await new ScriptedServer({
    'GET /v1/trail': problem(404, 'trail_not_found', 'nothing here is known by this id'),
  }).start();
  const { code, stderr } = await home.run(['doctor', '--message', 'x'], server);
  assert.notEqual(code, 0);
  assert.match(stderr, /nothing here is known by this id/);
});
