import assert from 'node:assert/strict';
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { problem, type Script, ScriptedServer } from '@understudy/client/testing';
import { task } from './testing/answers.ts';
import { Home } from './testing/run-cli.ts';

const serve = (scripts: Record<string, Script>) => new ScriptedServer(scripts).start();

test('task create sends the definition and refuses to overwrite', async () => {
  using home = new Home();
  await using server = await serve({ 'PUT /v1/tasks/spam': { status: 201, body: task } });
  const created = await home.run(
    ['task', 'create', 'spam', '--labels', 'ok, spam', '--max-error', '0.1', '--min-confidence', '0.9', '--json'],
    server,
  );
  assert.equal(created.code, 0);
  assert.equal(JSON.parse(created.stdout).task, 'spam');
  assert.equal(created.stderr, '');
  const [request] = server.seen;
  assert.equal(request!.headers['if-none-match'], '*');
  assert.equal(request!.headers.authorization, 'Bearer us_test');
  assert.deepEqual(JSON.parse(request!.body), {
    kind: 'text_classification',
    labels: [{ name: 'ok' }, { name: 'spam' }],
    error_budget: { max_error: 0.1, confidence: 0.95 },
    automation: { mode: 'uncertified', min_confidence: 0.9 },
  });
});

test('a task from a file, labels from a file', async () => {
  using home = new Home();
  await using server = await serve({ 'PUT /v1/tasks/spam': { body: task } });
  const definition = home.file('task.json', JSON.stringify({ kind: 'text_classification', labels: [{ name: 'a' }] }));
  const labels = home.file('labels.txt', 'x\ny\n');
  const done = await home.run(
    ['task', 'create', 'spam', '--file', definition, '--labels-from', labels, '--title', 'T', '--replace'],
    server,
  );
  assert.equal(done.code, 0);
  const [request] = server.seen;
  assert.equal(request!.headers['if-none-match'], undefined);
  const expected = { kind: 'text_classification', labels: [{ name: 'x' }, { name: 'y' }], title: 'T' };
  assert.deepEqual(JSON.parse(request!.body), expected);
});

test('lists: tables for people, one JSON document for machines, nothing of the server reaches the terminal', async () => {
  using home = new Home();
  await using server = await serve({ 'GET /v1/tasks': { body: { data: [task], next_cursor: null } } });
  const people = await home.run(['task', 'list'], { url: server.url, env: { FORCE_COLOR: '1' } });
  assert.equal(people.code, 0);
  assert.match(people.stdout, /spam.*Spam red/);
  assert.ok(!people.stdout.includes('\u009b'));
  assert.ok(!people.stdout.includes('\u001b[31m'), 'the colour of the server was printed');
  assert.ok(people.stdout.includes('\u001b[1mspam\u001b[0m'), 'our own colour was not');
  const plain = await home.run(['task', 'list'], server);
  assert.ok(!plain.stdout.includes('\u001b'));
  const machine = await home.run(['--json', 'task', 'list'], server);
  assert.deepEqual(JSON.parse(machine.stdout), { data: [task], next_cursor: null });
  assert.ok(!machine.stdout.includes('\u009b'));
});

test('exit codes', async () => {
  using home = new Home();
  await using server = await serve({
    'GET /v1/tasks/gone': problem(404, 'task_not_found', 'no task gone'),
    'GET /v1/tasks/mine': problem(403, 'forbidden', 'the key lacks the scope tasks:read'),
    'GET /v1/tasks/old': problem(401, 'unauthenticated', 'expired'),
    'GET /v1/tasks/full': problem(507, 'storage_full', 'no room'),
    'GET /v1/tasks/busy': (_request, _count) =>
      problem(503, 'overloaded', 'busy', { headers: { 'retry-after': '600' } }),
  });
  const codeOf = async (words: string[], options = server as { url: string }) => (await home.run(words, options)).code;
  const [missing, forbidden, expired, full, busy] = await Promise.all(
    ['gone', 'mine', 'old', 'full', 'busy'].map((name) => codeOf(['task', 'show', name])),
  );
  assert.deepEqual([missing, forbidden, expired, full, busy], [3, 4, 4, 1, 5]);
  assert.equal(await codeOf(['task', 'show', 'x', '--timeout', '1'], { url: 'http://127.0.0.1:9' }), 5);
  assert.equal(await codeOf(['task', 'nonsense']), 2);
  assert.equal(await codeOf(['task', 'show']), 2);
  assert.equal(await codeOf(['task', 'show', 'x', '--nonsense']), 2);
  assert.equal(await codeOf(['task', 'create', 'x', '--max-error', '7', '--labels', 'a']), 2);
  assert.equal(await codeOf(['import', 'spam', 'nowhere.csv']), 2);
  assert.equal(await codeOf(['--help']), 0);
});

test('an error is one line with its request id; with --json it is one object on stderr', async () => {
  using home = new Home();
  await using server = await serve({
    'GET /v1/tasks/gone': problem(404, 'task_not_found', 'no task \u001b]0;x\u0007gone'),
  });
  const people = await home.run(['task', 'show', 'gone'], server);
  assert.equal(people.stderr, 'understudy: no task gone (task_not_found, request req_scripted)\n');
  assert.equal(people.stdout, '');
  const machine = await home.run(['task', 'show', 'gone', '--json'], server);
  assert.equal(machine.stdout, '');
  const { error } = JSON.parse(machine.stderr);
  assert.deepEqual(
    [error.code, error.status, error.request_id, error.exit_code],
    ['task_not_found', 404, 'req_scripted', 3],
  );
});

test('login stores a profile that only its owner can read, and sends its key to no other server', async () => {
  using home = new Home();
  const me = {
    workspace: { id: 'ws_1', name: 'Shop' },
    principal: { kind: 'api_key', id: 'key_1', name: 'k', expires_at: null },
    scopes: ['tasks:read'],
    rate_limit: null,
  };
  await using server = await serve({ 'GET /v1/me': { body: me } });
  await using other = await serve({ 'GET /v1/me': problem(401, 'unauthenticated', 'no key') });
  const stored = await home.run(['login', '--url', server.url, '--json'], { stdin: 'us_secret\n' });
  assert.equal(stored.code, 0, stored.stderr);
  assert.ok(!stored.stdout.includes('us_secret'));
  const path = join(home.path, '.config/understudy/config.json');
  assert.equal(statSync(path).mode & 0o777, 0o600);
  const who = await home.run(['whoami', '--json']);
  assert.equal(JSON.parse(who.stdout).workspace.name, 'Shop');
  assert.equal(server.seen.at(-1)!.headers.authorization, 'Bearer us_secret');
  assert.equal((await home.run(['whoami', '--url', other.url])).code, 4);
  assert.equal(other.seen[0]!.headers.authorization, undefined);
  assert.equal((await home.run(['logout'])).code, 0);
  assert.equal((await home.run(['logout'])).code, 2);
});

test('a damaged ledger is exit code 1, with what is damaged', async () => {
  using home = new Home();
  const report = {
    ok: false,
    workspace: 'ws_1',
    head: 'ab',
    size: 3,
    entries: 9,
    erased: 0,
    damage: { altered: 1 },
    found: [{ kind: 'altered', commit: 2, position: 0, id: 'dec_7', detail: 'not what was hashed' }],
  };
  await using server = await serve({
    'GET /v1/ledger/verify': { body: `{"progress":{"done":1,"total":3}}\n${JSON.stringify({ report })}\n` },
  });
  const people = await home.run(['ledger', 'verify'], server);
  assert.equal(people.code, 1);
  assert.match(people.stdout, /damaged/);
  assert.match(people.stdout, /altered +2 +0 +dec_7 +not what was hashed/);
  const machine = await home.run(['ledger', 'verify', '--json', '--trusted', `3:${'a'.repeat(64)}`], server);
  assert.equal(machine.code, 1);
  assert.deepEqual(JSON.parse(machine.stdout), report);
  assert.equal(server.seen[1]!.query.get('trusted'), `3:${'a'.repeat(64)}`);
});

test('promote and rollback', async () => {
  using home = new Home();
  await using server = await serve({
    'GET /v1/models/spam/aliases': {
      body: {
        data: [
          { alias: 'champion', version: '4', previous: '3', reason: '', evidence: {}, by: 'k', at: task.created_at },
        ],
      },
    },
    'PUT /v1/models/spam/aliases/champion': ({ body }) => ({
      body: { model: 'spam', alias: 'champion', version: JSON.parse(body).version },
    }),
  });
  assert.match(
    (await home.run(['promote', 'spam', '4', '--reason', 'better'], server)).stdout,
    /champion is version 4/,
  );
  assert.match((await home.run(['rollback', 'spam'], server)).stdout, /champion is version 3/);
  const bodies = server.requests('PUT /v1/models/spam/aliases/champion').map(({ body }) => JSON.parse(body));
  assert.deepEqual(bodies, [
    { version: '4', reason: 'better' },
    { version: '3', reason: 'rolled back from version 4' },
  ]);
});

test('deleting asks, and where nobody can be asked it wants --yes', async () => {
  using home = new Home();
  await using server = await serve({ 'DELETE /v1/tasks/spam': { status: 204 } });
  assert.equal((await home.run(['task', 'delete', 'spam'], server)).code, 2);
  assert.equal(server.seen.length, 0);
  assert.equal((await home.run(['task', 'delete', 'spam', '--yes'], server)).code, 0);
});
