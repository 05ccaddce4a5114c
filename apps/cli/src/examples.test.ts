import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Script, ScriptedServer } from '@understudy/client/testing';
import { Home } from './testing/run-cli.ts';

const serve = (scripts: Record<string, Script>) => new ScriptedServer(scripts).start();
const BASE = `sha256:${'a'.repeat(64)}`;
const NEXT = `sha256:${'b'.repeat(64)}`;

test('examples are searched for words, with the other filters beside', async () => {
  using home = new Home();
  await using server = await serve({ 'GET /v1/tasks/spam/examples': { body: { data: [], next_cursor: null } } });
  const done = await home.run(
    ['examples', 'list', 'spam', '--search', '50% "big watch" 時計', '--source', 'audit', '--label', 'ok'],
    server,
  );
  assert.equal(done.code, 0, done.stderr);
  assert.match(done.stdout, /no example matches/);
  const asked = Object.fromEntries(server.seen[0]!.query);
  assert.deepEqual(asked, { q: '50% "big watch" 時計', source: 'audit', label: 'ok', limit: '50' });
  const blank = await home.run(['examples', 'list', 'spam', '--search', ' '], server);
  assert.equal(blank.code, 2);
  assert.match(blank.stderr, /--search needs a word/);
});

const side = (label: string) => ({ label, digest: 'd', source: 'import' });
const page = (data: object[], next_cursor: string | null) => ({
  ...{ base: BASE, dataset: NEXT, data, next_cursor },
  summary: { relabelled: 1, added: 1, removed: 0, changed: 0, unchanged: 1204, relabellings: [] },
});
const relabelled = { change: 'relabelled', text: 'Buy \u001b[31mnow', before: side('ok'), after: side('spam') };
const added = { change: 'added', text: 'Hello', before: null, after: side('ok') };

test('two dataset versions are compared row by row, page after page', async () => {
  using home = new Home();
  const pages = [page([relabelled], 'c2'), page([added], null)];
  await using server = await serve({
    [`GET /v1/tasks/spam/datasets/${NEXT}/diff`]: ({ query }) => ({ body: pages[query.has('cursor') ? 1 : 0]! }),
  } as Record<string, Script>);
  const shown = await home.run(['datasets', 'diff', 'spam', BASE, NEXT], server);
  assert.equal(shown.code, 0, shown.stderr);
  assert.match(shown.stdout, /relabelled\s+1/);
  assert.match(shown.stdout, /the same\s+1,204/);
  assert.match(shown.stdout, /relabelled\s+ok → spam\s+Buy/);
  assert.match(shown.stdout, /added\s+ok\s+Hello/);
  assert.ok(!shown.stdout.includes('\u001b'));
  assert.equal(server.seen[0]!.query.get('base'), BASE);
  assert.equal(server.seen[1]!.query.get('cursor'), 'c2');
  const json = await home.run(
    ['dataset', 'diff', 'spam', BASE, NEXT, '--change', 'added', '-n', '1', '--json'],
    server,
  );
  assert.deepEqual(JSON.parse(json.stdout), page([relabelled], 'c2'));
  assert.equal(server.seen[2]!.query.get('change'), 'added');
  assert.equal(server.seen[2]!.query.get('limit'), '1');
});
