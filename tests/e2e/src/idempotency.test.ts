import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, before, describe, test } from 'node:test';
import {
  eventually,
  makeWorkspace,
  ServerProcess,
  scratchFolder,
  send,
  topicLabels,
  topicRows,
  trainedByHand,
  type Workspace,
} from './index.ts';

const scratch = scratchFolder();
const dataDir = join(scratch, 'data');
let server: ServerProcess;
let operatorKey: string;
let shop: Workspace;
let other: Workspace;
/** Every secret that this test has seen, to look for afterwards where none may be. */
const secrets: string[] = [];

before(async () => {
  server = await ServerProcess.start({ dataDir, settings: { UNDERSTUDY_LOG_LEVEL: 'debug' } });
  operatorKey = server.operatorKey!;
  shop = await makeWorkspace(() => server, operatorKey, 'Shop');
  other = await makeWorkspace(() => server, operatorKey, 'Other');
  secrets.push(operatorKey, shop.key, other.key);
  for (const workspace of [shop, other]) {
    await workspace.makeTask('inquiries', topicLabels, trainedByHand);
    await workspace.makeTask('second', topicLabels);
  }
});
after(() => server?.stop());

const keyed = (key: string, more: Record<string, string> = {}) => ({ headers: { 'Idempotency-Key': key, ...more } });
const decide = (key: string, body: unknown, workspace = shop, path = '/v1/predict/inquiries') =>
  workspace.post(path, body, keyed(key));

describe('predictions', () => {
  test('the same key and body give the first answer, byte by byte, and one row', async () => {
    const body = { input: { text: 'where is my parcel' }, external_id: 'once' };
    const first = await decide('order-1', body);
    assert.equal(first.status, 200, first.text);
    assert.equal(first.headers['idempotency-replayed'], undefined);
    for (let round = 0; round < 3; round++) {
      const again = await decide('order-1', body);
      assert.equal(again.text, first.text);
      assert.equal(again.status, first.status);
      assert.equal(again.headers['idempotency-replayed'], 'true');
      assert.equal(again.headers['content-type'], first.headers['content-type']);
    }
    assert.equal((await shop.decisions('&external_id=once')).length, 1);
  });

  test('quoted and bare are one key', async () => {
    const body = { input: { text: 'quoted' } };
    const bare = await decide('quoted-1', body);
    const quoted = await decide('"quoted-1"', body);
    assert.equal(quoted.text, bare.text);
    assert.equal(quoted.headers['idempotency-replayed'], 'true');
  });

  test('another body → 422, and nothing more is decided', async () => {
    await decide('order-2', { input: { text: 'one' }, external_id: 'two' });
    const reused = await decide('order-2', { input: { text: 'two' }, external_id: 'two' });
    assert.deepEqual([reused.status, reused.json.code], [422, 'idempotency_key_reused']);
    assert.equal((await shop.decisions('&external_id=two')).length, 1);
  });

  test('a key never answers for another task: same body, another path', async () => {
    const body = { input: { text: 'same words' } };
    const first = await decide('order-3', body);
    const second = await decide('order-3', body, shop, '/v1/predict/second');
    assert.ok(
      second.status === 422 || (second.status === 200 && second.json.task === 'second'),
      `${second.status} ${second.text}`,
    );
    assert.equal(first.json.task, 'inquiries');
  });

  test('in flight together: one decides, the others get 409 or its answer', async () => {
    const body = { input: { text: 'all at once' }, external_id: 'storm' };
    const replies = await Promise.all(Array.from({ length: 40 }, () => decide('storm', body)));
    const answers = new Set(replies.filter(({ status }) => status === 200).map(({ text }) => text));
    assert.equal(answers.size, 1);
    for (const reply of replies) {
      if (reply.status === 200) continue;
      assert.deepEqual([reply.status, reply.json.code], [409, 'idempotency_key_in_flight']);
      assert.ok(Number(reply.headers['retry-after']) >= 1);
    }
    assert.equal((await shop.decisions('&external_id=storm')).length, 1);
  });

  test('the same key in another workspace is another key', async () => {
    const body = { input: { text: 'shared' } };
    const ours = await decide('shared-1', body);
    const theirs = await decide('shared-1', body, other);
    assert.equal(theirs.status, 200);
    assert.notEqual(theirs.json.id, ours.json.id);
    assert.equal(theirs.headers['idempotency-replayed'], undefined);
    assert.equal((await decide('shared-1', { input: { text: 'x' } }, other)).status, 422);
  });

  test('a batch is replayed whole', async () => {
    const items = topicRows(20).map(({ input }) => ({ input, subject: 'batch' }));
    const first = await decide('batch-1', { items }, shop, '/v1/predict/inquiries/batch');
    const again = await decide('batch-1', { items }, shop, '/v1/predict/inquiries/batch');
    assert.equal(first.status, 200, first.text);
    assert.equal(again.text, first.text);
    assert.equal((await shop.decisions('&subject=batch')).length, 20);
  });

  test('a refused request does not burn the key', async () => {
    assert.equal((await decide('typo', { input: { txt: 'x' } })).status, 400);
    const fixed = await decide('typo', { input: { text: 'x' } });
    assert.ok([200, 422].includes(fixed.status), fixed.text);
  });

  test('keys of one character and of 255 work; empty, longer and unprintable ones → 400', async () => {
    const body = { input: { text: 'keys' } };
    for (const key of ['a', 'k'.repeat(255), 'with spaces and ~'])
      assert.equal((await decide(key, body)).status, 200, key);
    for (const key of ['', '""', 'k'.repeat(256), 'tab\there', 'ümlaut']) {
      const reply = await decide(key, body);
      assert.deepEqual([reply.status, reply.json?.code], [400, 'invalid_idempotency_key'], `${key} ${reply.text}`);
    }
  });
});

describe('stored answers', () => {
  test('a new key is made once, and its secret is replayed', async () => {
    const body = { name: 'integration', scopes: ['predictions:write'] };
    const first = await shop.post('/v1/keys', body, keyed('make-key'));
    assert.equal(first.status, 201, first.text);
    secrets.push(first.json.secret);
    const again = await shop.post('/v1/keys', body, keyed('make-key'));
    assert.equal(again.text, first.text);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    const named = (await shop.get('/v1/keys?limit=200')).json.data.filter(({ name }: any) => name === 'integration');
    assert.equal(named.length, 1);
    assert.equal(JSON.stringify(named).includes(first.json.secret), false);
    const reused = await shop.post('/v1/keys', { ...body, name: 'else' }, keyed('make-key'));
    assert.equal(reused.status, 422);
  });

  test('a workspace is made once', async () => {
    const make = () =>
      send(server.url, {
        method: 'POST',
        path: '/v1/workspaces',
        key: operatorKey,
        body: { name: 'Once' },
        headers: { 'Idempotency-Key': 'make-workspace' },
      });
    const [first, again] = [await make(), await make()];
    assert.equal(first.status, 201);
    secrets.push(first.json.key.secret);
    assert.equal(again.text, first.text);
  });

  test('a streamed import is replayed without importing twice; other rows under its key → 422', async () => {
    const csv = `text,label\n${topicRows(200, 4)
      .map(({ input, label }) => `${input.text},${label}`)
      .join('\n')}\n`;
    const pieces = (text: string) => Readable.from(text.match(/[\s\S]{1,700}/g)!.map((piece) => Buffer.from(piece)));
    const load = (text: string, key = 'import-1') =>
      shop.post('/v1/tasks/inquiries/examples', pieces(text), keyed(key, { 'Content-Type': 'text/csv' }));
    const first = await load(csv);
    assert.deepEqual([first.status, first.json.accepted], [200, 200], first.text);
    const again = await load(csv);
    assert.equal(again.text, first.text);
    assert.equal(again.headers['idempotency-replayed'], 'true');
    const reused = await load(`${csv}one more row,billing\n`);
    assert.deepEqual([reused.status, reused.json.code], [422, 'idempotency_key_reused']);
    assert.equal((await shop.get('/v1/tasks/inquiries/examples/stats')).json.examples, 200);
  });

  test('labels, datasets and training runs happen once', async () => {
    const decision = (await shop.post('/v1/predict/inquiries', { input: { text: 'label me' } })).json.id;
    const label = () =>
      shop.post(`/v1/decisions/${decision}/labels`, { label: 'billing', source: 'application' }, keyed('label-1'));
    const [first, again] = [await label(), await label()];
    assert.deepEqual([first.status, again.text], [201, first.text]);
    assert.equal((await shop.get(`/v1/decisions/${decision}`)).json.labels.length, 1);

    const dataset = () => shop.post('/v1/tasks/inquiries/datasets', undefined, keyed('dataset-1'));
    const [made, replayed] = [await dataset(), await dataset()];
    assert.deepEqual([made.status, replayed.status, replayed.text], [201, 201, made.text]);
    assert.equal(replayed.headers.location, made.headers.location);

    const run = () => shop.post('/v1/tasks/inquiries/training-runs', { promote: 'never' }, keyed('run-1'));
    const [started, repeated] = [await run(), await run()];
    assert.equal(repeated.text, started.text);
    assert.equal((await shop.get('/v1/tasks/inquiries/training-runs')).json.data.length, 1);
    await shop.post(`/v1/training-runs/${started.json.id}/cancel`);
    await shop.runEnd(started.json.id);
  });
});

describe('row 10: the routes of the loop', () => {
  before(async () => {
    for (const workspace of [shop, other]) await workspace.makeTask('loop', topicLabels);
  });

  const decided = async (workspace: Workspace, text: string) => {
    const { json } = await workspace.post('/v1/predict/loop', { input: { text } });
    await eventually('the item waits', async () => {
      return (await workspace.get(`/v1/review/items/${json.review.item}`)).status === 200;
    });
    return json;
  };

  test('a claim, a verdict, a gold item and a replay happen once; another body → 422', async () => {
    const made = [await decided(shop, 'loop one'), await decided(shop, 'loop two')];
    const claim = (limit: number) => shop.post('/v1/review/claims', { task: 'loop', limit }, keyed('claim-1'));
    const [held, again] = [await claim(50), await claim(50)];
    assert.deepEqual([held.status, again.text], [200, held.text]);
    assert.equal((await claim(1)).json.code, 'idempotency_key_reused');
    const mine = held.json.claims.find(({ decision }: any) => decision.id === made[0].id);
    const verdict = (label: string) =>
      shop.post(`/v1/review/items/${mine.item}/verdict`, { claim_token: mine.claim_token, label }, keyed('verdict-1'));
    const replies = await Promise.all(Array.from({ length: 40 }, () => verdict('billing')));
    for (const { status, json } of replies) {
      assert.ok(status === 200 || (status === 409 && json.code === 'idempotency_key_in_flight'), JSON.stringify(json));
    }
    assert.equal((await verdict('billing')).status, 200);
    // The claim's token makes a verdict happen once, with a key or without.
    const differs = await verdict('delivery');
    assert.deepEqual([differs.status, differs.json.code], [409, 'verdict_differs']);
    assert.equal((await shop.get(`/v1/decisions/${made[0].id}`)).json.labels.length, 1);

    const gold = (label: string) => shop.post('/v1/review/gold', { decision: made[1].id, label }, keyed('gold-1'));
    const [golden, replayed] = [await gold('billing'), await gold('billing')];
    assert.deepEqual([golden.status, replayed.status, replayed.text], [201, 201, golden.text]);
    assert.equal((await gold('delivery')).status, 422);
    assert.equal((await shop.get('/v1/review/gold')).json.data.length, 1);

    const replay = (what: object) => shop.post('/v1/tasks/loop/replays', { what }, keyed('replay-1'));
    const [begun, repeated] = [await replay({}), await replay({})];
    assert.deepEqual([begun.status, repeated.text], [202, begun.text]);
    assert.equal((await replay({ threshold: 0.5 })).status, 422);
    assert.equal((await shop.get('/v1/tasks/loop/replays')).json.data.length, 1);
  });

  test('the same keys in another workspace are other keys', async () => {
    const { id } = await decided(other, 'theirs');
    const claims = await other.post('/v1/review/claims', { task: 'loop', limit: 1 }, keyed('claim-1'));
    assert.deepEqual([claims.status, claims.headers['idempotency-replayed']], [200, undefined]);
    const gold = await other.post('/v1/review/gold', { decision: id, label: 'billing' }, keyed('gold-1'));
    assert.deepEqual([gold.status, gold.json.decision], [201, id]);
    const replay = await other.post('/v1/tasks/loop/replays', { what: { threshold: 0.5 } }, keyed('replay-1'));
    assert.equal(replay.status, 202, replay.text);
    assert.equal((await other.get('/v1/tasks/loop/replays')).json.data.length, 1);
  });
});

describe('after a restart', () => {
  test('every answer is still replayed', async () => {
    const decision = { input: { text: 'before the restart' } };
    const first = await decide('restart-1', decision);
    const key = { name: 'survivor', scopes: ['tasks:read'] };
    const made = await shop.post('/v1/keys', key, keyed('restart-key'));
    secrets.push(made.json.secret);
    await server.stop();
    server = await ServerProcess.start({ dataDir, settings: { UNDERSTUDY_LOG_LEVEL: 'debug' } });
    const replayed = await decide('restart-1', decision);
    assert.equal(replayed.text, first.text);
    assert.equal(replayed.headers['idempotency-replayed'], 'true');
    assert.equal((await shop.post('/v1/keys', key, keyed('restart-key'))).text, made.text);
    assert.equal((await decide('restart-1', { input: { text: 'else' } })).status, 422);
    assert.equal((await shop.verifyLedger()).ok, true);
  });
});

describe('row 30: secrets at rest', () => {
  test('none in any file of the server or any line of its log', async () => {
    for (const path of [
      '/v1/me',
      '/nowhere',
      '/v1/tasks/%00',
      `/v1/decisions/${shop.key}`,
      `/v1/tasks?cursor=${shop.key}`,
    ]) {
      await shop.get(path);
    }
    await shop.post('/v1/predict/inquiries', `{"input": "${shop.key}"`);
    const payload = 'payload-that-no-log-may-hold';
    await shop.post('/v1/predict/inquiries', { input: { text: payload, more: 1 } });
    await server.stop();
    secrets.push('make-key'); // an Idempotency-Key opens the stored answer: only its hash is kept
    const files = readdirSync(scratch, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    assert.ok(files.length > 500, `${files.length} files`);
    const found: string[] = [];
    for (const file of files) {
      const path = join(file.parentPath, file.name);
      const content = readFileSync(path).toString('latin1');
      for (const secret of secrets) {
        // The hint shows the first characters; the rest is what must not be there.
        if (content.includes(secret === 'make-key' ? secret : secret.slice(-24)))
          found.push(`${secret.slice(0, 8)}… in ${path}`);
      }
      if (file.name.endsWith('.log') && content.includes(payload)) found.push(`a payload in ${path}`);
    }
    assert.deepEqual(found, []);
    assert.ok(server.log.length > 1000, 'the debug log was read');
  });
});
