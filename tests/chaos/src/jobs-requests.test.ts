import assert from 'node:assert/strict';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { UnderstudyClient } from '@understudy/client';
import { eventually, makeWorkspace, ServerProcess, scratchFolder, type Workspace } from '@understudy/e2e';
import { FaultProxy, healthy } from './fault-proxy.ts';
import { JobOracle } from './job-oracle.ts';
import { seeded } from './random.ts';

/** Jobs whose requests are cut, repeated and changed, and whose items are bad. One tenth of RELIABILITY.md's sizes. */

const PATIENCE_MS = 600_000;
const SEED = Number(process.env.UNDERSTUDY_TEST_SEED ?? 9);
const scratch = scratchFolder();
let server: ServerProcess;
let shop: Workspace;

before(async () => {
  server = await ServerProcess.start({ dataDir: join(scratch, 'data') });
  shop = await makeWorkspace(server, server.operatorKey!, 'Shop');
  await shop.makeTask('inquiries', ['a', 'b']);
});
after(() => server?.stop());

const oracle = (prefix: string) => new JobOracle(shop, join(scratch, `${prefix}.log`), prefix);

test(`rows 9 and 14: answers are cut after the commit and everything is sent twice, shuffled: 1,000 jobs, each once (seed ${SEED})`, {
  timeout: PATIENCE_MS,
}, async () => {
  const random = seeded(SEED);
  const proxy = await FaultProxy.start(() => Number(new URL(server.url).port));
  proxy.faults = { ...healthy, cutsAnswer: () => random() < 0.2 };
  const client = new UnderstudyClient({
    baseUrl: `http://127.0.0.1:${proxy.port}`,
    apiKey: shop.key,
    maxRetries: 20,
    wait: () => new Promise((done) => setTimeout(done, 5)),
  });
  const names = Array.from({ length: 1000 }, (_, i) => `row9-${i}`);
  const order = [...names, ...names].map((name) => ({ name, at: random() })).sort((a, b) => a.at - b.at);
  const ids = new Map<string, Set<string>>(names.map((name) => [name, new Set()]));
  try {
    let next = 0;
    await Promise.all(
      Array.from({ length: 24 }, async () => {
        while (next < order.length) {
          const { name } = order[next++]!;
          const job = await client.jobs.create(
            { task: 'inquiries', input: { text: name }, external_id: name },
            { idempotencyKey: name },
          );
          ids.get(name)!.add(job.id);
        }
      }),
    );
  } finally {
    proxy.close();
  }
  assert.ok(proxy.cuts >= 100, `${proxy.cuts} answers were cut`);
  assert.deepEqual(
    [...ids].filter(([, some]) => some.size !== 1),
    [],
  );
  const all = oracle('unused');
  await all.drained(PATIENCE_MS);
  assert.equal((await all.jobs()).length, 1000);
  const rows = (await shop.decisions()).filter(({ external_id }) => external_id?.startsWith('row9-'));
  assert.deepEqual([rows.length, new Set(rows.map(({ external_id }) => external_id)).size], [1000, 1000]);
});

test('row 10: 50 keys, 20 at once each: 50 jobs; a changed body is refused; another workspace’s key is its own', {
  timeout: PATIENCE_MS,
}, async () => {
  const other = await makeWorkspace(server, server.operatorKey!, 'Other');
  await other.makeTask('inquiries', ['a', 'b']);
  const ask = (workspace: Workspace, key: string, text = 'same') =>
    workspace.post('/v1/jobs', { task: 'inquiries', input: { text } }, { headers: { 'Idempotency-Key': key } });
  const made = new Set<string>();
  for (let key = 0; key < 50; key++) {
    const replies = await Promise.all(Array.from({ length: 20 }, () => ask(shop, `row10-${key}`)));
    const accepted = replies.filter(({ status }) => status === 202);
    assert.deepEqual(
      replies.filter(({ status }) => status !== 202 && status !== 409),
      [],
    );
    const ids = new Set(accepted.map(({ json }) => json.id));
    assert.equal(ids.size, 1);
    assert.equal(new Set(accepted.map(({ text }) => text)).size, 1, 'each gets the first answer');
    made.add([...ids][0]!);
    const changed = await Promise.all(Array.from({ length: 4 }, () => ask(shop, `row10-${key}`, 'changed')));
    assert.deepEqual(
      new Set(changed.map(({ status, json }) => `${status} ${json.code}`)),
      new Set(['422 idempotency_key_reused']),
    );
    const theirs = await ask(other, `row10-${key}`, 'changed');
    assert.equal(theirs.status, 202);
    assert.equal(made.has(theirs.json.id), false);
  }
  assert.equal(made.size, 50);
  assert.equal((await new JobOracle(other, join(scratch, 'other.log'), 'x').jobs()).length, 50);
});

test('row 13: one item in a hundred is poison: exactly those are dead letters; after the fix all of them succeed', {
  timeout: PATIENCE_MS,
}, async () => {
  const [jobs, poison] = [1000, 10];
  await shop.makeTask('strict', ['a', 'b'], { input: { text: { type: 'string', max_length: 200 } } });
  const notBefore = new Date(Date.now() + 15_000).toISOString();
  const bad = new Set<string>();
  let next = 0;
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      while (next < jobs) {
        const i = next++;
        const poisoned = i % (jobs / poison) === 7;
        const body = {
          task: 'strict',
          input: { text: 'x'.repeat(poisoned ? 150 : 50) },
          external_id: `row13-${i}`,
          not_before: notBefore,
        };
        const { json, status, text } = await shop.post('/v1/jobs', body);
        assert.equal(status, 202, text);
        if (poisoned) bad.add(json.id);
      }
    }),
  );
  // From now on what is longer than this can never succeed.
  const narrow = (longest: number) =>
    shop.put('/v1/tasks/strict', {
      kind: 'text_classification',
      labels: [{ name: 'a' }, { name: 'b' }],
      input: { text: { type: 'string', max_length: longest } },
    });
  assert.equal((await narrow(100)).status, 200);
  assert.ok(Date.now() < Date.parse(notBefore), 'the jobs were handed over before they are due');
  const all = oracle('row13');
  await all.drained(PATIENCE_MS);
  const letters: any[] = [];
  for (let cursor = ''; ; ) {
    const { json } = await shop.get(`/v1/dead-letters?task=strict&limit=200${cursor}`);
    letters.push(...json.data);
    if (json.next_cursor === null) break;
    cursor = `&cursor=${json.next_cursor}`;
  }
  assert.deepEqual(new Set(letters.map(({ origin }) => origin.id)), bad);
  assert.deepEqual(
    [letters.length, new Set(letters.map(({ kind, reason }) => `${kind} ${reason.code}`))],
    [poison, new Set(['unprocessable input_too_long'])],
  );
  const succeeded = (await all.jobs('&task=strict')).filter(({ status }) => status === 'succeeded');
  assert.equal(succeeded.length, jobs - poison);

  assert.equal((await narrow(200)).status, 200);
  const replay = await eventually('the fix is known', async () => {
    const { json } = await shop.post('/v1/dead-letters/replay', { filter: { task: 'strict' } });
    return json.refused.length === 0 && json.replayed > 0 ? json : null;
  });
  assert.equal(replay.replayed, poison);
  await all.drained(PATIENCE_MS);
  assert.deepEqual(
    (await all.jobs('&task=strict')).filter(({ status }) => status !== 'succeeded'),
    [],
  );
  const rows = (await shop.decisions('&task=strict')).map(({ external_id }) => external_id);
  assert.deepEqual([rows.length, new Set(rows).size], [jobs, jobs]);
});
