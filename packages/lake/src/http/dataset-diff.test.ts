import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { newId } from '@understudy/kernel';
import { LabelledDecisions } from '../labelled-decisions.ts';
import { PostgresLabelledDecisionStore } from '../storage/index.ts';
import { createLakeApp, type LakeApp, workspace } from '../testing/lake-app.ts';

let lake: LakeApp;
before(async () => {
  lake = await createLakeApp();
});
after(() => lake.close());
beforeEach(async () => {
  await lake.db.asOwner('DELETE FROM lake.examples');
  await lake.db.asOwner('DELETE FROM lake.datasets');
});

type Answer = Record<string, any>;
const base = '/v1/tasks/moderation';
const row = (text: string, label = 'ok', more: object = {}) => ({ input: { text }, label, ...more });

async function importRows(rows: readonly object[]): Promise<void> {
  const payload = rows.map((each) => JSON.stringify(each)).join('\n');
  const headers = { 'content-type': 'application/x-ndjson' };
  const response = await lake.app.inject({ method: 'POST', url: `${base}/examples`, headers, payload });
  assert.equal(response.statusCode, 200, response.body);
}

const snapshot = async (): Promise<string> =>
  (await lake.app.inject({ method: 'POST', url: `${base}/datasets` })).json().id;

const ask = (dataset: string, query: Record<string, string>, as = workspace) =>
  lake.app.inject({
    method: 'GET',
    url: `${base}/datasets/${dataset}/diff?${new URLSearchParams(query)}`,
    headers: { 'x-workspace': as },
  });

async function diff(dataset: string, query: Record<string, string>): Promise<Answer> {
  const response = await ask(dataset, query);
  assert.equal(response.statusCode, 200, response.body);
  return response.json();
}

async function remove(text: string): Promise<void> {
  await lake.db.asOwner(`DELETE FROM lake.examples WHERE input->>'text' = $1`, [text]);
}

test('rows are relabelled, added, removed and changed', async () => {
  await importRows([
    row('stays'),
    row('turns to spam'),
    row('goes'),
    row('gets a subject'),
    row('two labels', 'ok'),
    row('two labels', 'toxic'),
  ]);
  const before = await snapshot();
  for (const text of ['turns to spam', 'goes', 'gets a subject']) await remove(text);
  await lake.db.asOwner(`DELETE FROM lake.examples WHERE label = 'toxic'`);
  await importRows([
    row('turns to spam', 'spam', { external_id: 'c-9' }),
    row('comes "newly", 時計 😀'),
    row('gets a subject', 'ok', { subject: 'user-1', attributes: { stars: 5 } }),
    row('two labels', 'spam'),
  ]);
  const after = await snapshot();
  const { summary, data, next_cursor, base: from, dataset } = await diff(after, { base: before });
  assert.deepEqual({ from, dataset, next_cursor }, { from: before, dataset: after, next_cursor: null });
  assert.deepEqual(summary, {
    ...{ relabelled: 2, added: 1, removed: 1, changed: 1, unchanged: 2 },
    relabellings: [
      { from: 'ok', to: 'spam', rows: 1 },
      { from: 'toxic', to: 'spam', rows: 1 },
    ],
  });
  const short = data.map((each: Answer) => [each.change, each.text, each.before?.label, each.after?.label]);
  assert.deepEqual(short.slice(0, 2).sort(), [
    ['relabelled', 'turns to spam', 'ok', 'spam'],
    ['relabelled', 'two labels', 'toxic', 'spam'],
  ]);
  assert.deepEqual(short.slice(2), [
    ['added', 'comes "newly", 時計 😀', undefined, 'ok'],
    ['removed', 'goes', 'ok', undefined],
    ['changed', 'gets a subject', 'ok', 'ok'],
  ]);
  const changed = data.at(-1);
  assert.deepEqual(
    [changed.before.subject, changed.after.subject, changed.after.attributes.stars],
    [null, 'user-1', 5],
  );
  // Seen from the other side everything is the other way round.
  const back = await diff(before, { base: after });
  assert.deepEqual({ ...back.summary, relabellings: [] }, { ...summary, relabellings: [] });
  assert.deepEqual(
    back.data.filter((each: Answer) => each.change === 'removed').map((each: Answer) => each.text),
    ['comes "newly", 時計 😀'],
  );
  const itself = await diff(after, { base: after });
  assert.deepEqual([itself.data, itself.summary.unchanged], [[], 6]);
});

test('a decision whose label was corrected is one row that was relabelled, whatever others have its text', async () => {
  const labelled = new LabelledDecisions({
    store: new PostgresLabelledDecisionStore(),
    clock: { now: () => Date.now() },
  });
  const decisions = [newId('dec', Date.now()), newId('dec', Date.now())];
  const label = (decision: string, name: string) =>
    lake.db.database.inWorkspace(workspace, (tx) =>
      labelled.record(tx, workspace, [
        {
          ...{ taskId: 'task_1', input: { text: 'the same text' }, subject: null, external_id: null, attributes: {} },
          ...{ decision, label: name, source: 'reviewer', probability: 1, authority: 1 },
          ...{ labelled_at: '2026-01-01T00:00:00.000Z', occurred_at: '2026-01-01T00:00:00.000Z' },
          label_id: newId('lab', Date.now()),
        },
      ]),
    );
  await importRows([row('the same text')]);
  for (const decision of decisions) await label(decision, 'ok');
  const before = await snapshot();
  await label(decisions[1]!, 'spam');
  const { summary, data } = await diff(await snapshot(), { base: before });
  assert.deepEqual(
    { ...summary, relabellings: [] },
    {
      ...{ relabelled: 1, added: 0, removed: 0, changed: 0, unchanged: 2 },
      relabellings: [],
    },
  );
  assert.deepEqual([data[0].before.decision, data[0].after.decision], [decisions[1], decisions[1]]);
});

test('pages and the stream give every row once, by kind and then by digest', async () => {
  await importRows(Array.from({ length: 300 }, (_, n) => row(`first ${n}`)));
  const before = await snapshot();
  await lake.db.asOwner(`DELETE FROM lake.examples WHERE input->>'text' LIKE '%7'`);
  await importRows([
    ...Array.from({ length: 15 }, (_, n) => row(`first ${n * 20 + 7}`, 'spam')),
    ...Array.from({ length: 200 }, (_, n) => row(`second ${n}`)),
  ]);
  const after = await snapshot();
  const rows: Answer[] = [];
  let pages = 0;
  for (let cursor: string | null = ''; cursor !== null; pages++) {
    const page: Answer = await diff(after, { base: before, limit: '60', ...(cursor === '' ? {} : { cursor }) });
    rows.push(...page.data);
    cursor = page.next_cursor;
  }
  assert.equal(pages, 4);
  assert.deepEqual(
    ['relabelled', 'added', 'removed', 'changed'].map((name) => rows.filter(({ change }) => change === name).length),
    [15, 200, 15, 0],
  );
  assert.equal(new Set(rows.map(({ text }) => text)).size, 230);
  const stream = await ask(after, { base: before, format: 'ndjson' });
  assert.match(String(stream.headers['content-type']), /ndjson/);
  assert.deepEqual(
    stream.body
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    rows,
  );
  const removed = await diff(after, { base: before, change: 'removed', limit: '10' });
  assert.equal(removed.data.length, 10);
  const rest = await diff(after, { base: before, change: 'removed', limit: '10', cursor: removed.next_cursor });
  assert.deepEqual([rest.data.length, rest.next_cursor], [5, null]);
});

test('what cannot be compared is refused, and nothing stays in the work folder', async () => {
  await importRows([row('one')]);
  const one = await snapshot();
  const nobody = `sha256:${'0'.repeat(64)}`;
  const code = async (dataset: string, query: Record<string, string>, as?: string) =>
    (await ask(dataset, query, as)).json().code;
  assert.equal(await code(one, { base: nobody }), 'dataset_not_found');
  assert.equal(await code(nobody, { base: one }), 'dataset_not_found');
  assert.equal(await code(one, { base: one }, 'ws_foreign'), 'dataset_not_found');
  assert.equal(await code(one, { base: one, cursor: 'bm9wZQ' }), 'invalid_cursor');
  assert.equal(await code(one, { base: one, format: 'ndjson', limit: '5' }), 'invalid_cursor');
  assert.equal((await ask(one, {})).statusCode, 400);
  assert.equal((await ask(one, { base: one, change: 'other' })).statusCode, 400);
  assert.deepEqual(await lake.scratchFiles(), []);
});
