import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { systemClock } from '@understudy/kernel';
import type { DatasetRow } from './dataset.ts';
import { hashesOf } from './example.ts';
import { type DecisionLabel, LabelledDecisions } from './labelled-decisions.ts';
import { PostgresLabelledDecisionStore } from './storage/index.ts';
import { createLakeApp, type LakeApp, workspace } from './testing/lake-app.ts';

let lake: LakeApp;
before(async () => {
  lake = await createLakeApp();
});
beforeEach(() => lake.db.asOwner('TRUNCATE lake.examples, lake.datasets, lake.label_counters'));
after(() => lake.close());

const labelled = new LabelledDecisions({ store: new PostgresLabelledDecisionStore(), clock: systemClock });

function label(change: Partial<DecisionLabel> = {}, text = 'buy cheap pills'): DecisionLabel {
  return {
    taskId: 'task_1',
    input: { text },
    label: 'spam',
    subject: null,
    external_id: null,
    occurred_at: '2026-05-01T10:00:00.000Z',
    attributes: {},
    decision: 'dec_1',
    source: 'reviewer',
    probability: 1,
    labelled_at: '2026-05-01T10:05:00.000Z',
    label_id: 'lab_1',
    authority: 3,
    ...change,
  };
}

const record = (...labels: DecisionLabel[]) =>
  lake.db.database.inWorkspace(workspace, (tx) => labelled.record(tx, workspace, labels));
const rows = async () => (await lake.examples.list(workspace, 'moderation', { limit: 100 })).rows;
const given = () => lake.examples.labelsGiven(workspace, 'moderation');
const importRows = (examples: object[]) =>
  lake.app.inject({ method: 'POST', url: '/v1/tasks/moderation/examples', payload: { examples } });

async function dataset(): Promise<{ id: string; rows: DatasetRow[] }> {
  const { dataset: made } = await lake.datasets.snapshot(workspace, 'moderation');
  const read: DatasetRow[] = [];
  for await (const batch of lake.datasets.readRows(made)) read.push(...batch);
  return { id: made.id, rows: read };
}

test('a labelled decision is an example that says where it comes from', async () => {
  await record(label({ source: 'audit', probability: 0.02, subject: 'user-1', attributes: { plan: 'free' } }));
  const [row] = await rows();
  assert.deepEqual(
    [row!.source, row!.probability, row!.decision, row!.labelled_at, row!.subject, row!.attributes],
    ['audit', 0.02, 'dec_1', '2026-05-01T10:05:00.000Z', 'user-1', { plan: 'free' }],
  );
  const answer = await lake.app.inject({ url: '/v1/tasks/moderation/examples?source=audit' });
  assert.equal(answer.json().data[0].probability, 0.02);
  assert.equal((await lake.app.inject({ url: '/v1/tasks/moderation/examples?source=import' })).json().data.length, 0);
});

test('the label of the most authority stands, of equals the latest, in whatever order they come', async () => {
  const first = label({ label: 'ok', label_id: 'lab_1', authority: 2, source: 'application', probability: null });
  const second = label({ label: 'toxic', label_id: 'lab_2', authority: 3 });
  const third = label({ label: 'spam', label_id: 'lab_3', authority: 1, source: 'application', probability: null });
  for (const order of [
    [first, second, third],
    [third, second, first],
    [second, first, third],
  ]) {
    await lake.db.asOwner('TRUNCATE lake.examples');
    for (const one of order) await record(one);
    assert.deepEqual(
      (await rows()).map((row) => [row.label, row.source, row.probability]),
      [['toxic', 'reviewer', 1]],
    );
    await lake.db.asOwner('TRUNCATE lake.examples');
    await record(...order);
    assert.deepEqual(
      (await rows()).map((row) => row.label),
      ['toxic'],
    );
  }
});

test('a later verdict changes the label and not the probability with which the decision came to be labelled', async () => {
  await record(label({ source: 'audit', probability: 0.05 }));
  await record(label({ label: 'ok', label_id: 'lab_2', probability: null }));
  assert.deepEqual(
    (await rows()).map((row) => [row.label, row.probability]),
    [['ok', 0.05]],
  );
});

test('one text that was decided three times is three rows, beside an import of it', async () => {
  await importRows([{ input: { text: 'buy cheap pills' }, label: 'spam' }]);
  for (const n of [1, 2, 3]) await record(label({ decision: `dec_${n}`, label_id: `lab_${n}` }));
  assert.equal((await rows()).length, 4);
  const again = await importRows([{ input: { text: 'buy  cheap pills' }, label: 'spam' }]);
  assert.deepEqual([again.json().accepted, again.json().duplicates], [0, 1]);
  const { rows: all } = await dataset();
  assert.equal(new Set(all.map(({ group }) => group)).size, 1);
  assert.equal(
    all.some(({ conflict }) => conflict),
    false,
  );
});

test('a decision and an import that contradict each other are a conflict, and both stay', async () => {
  await importRows([{ input: { text: 'buy cheap pills' }, label: 'ok' }]);
  await record(label());
  assert.deepEqual(
    (await rows()).map((row) => [row.source, row.label, row.conflict]),
    [
      ['import', 'ok', true],
      ['reviewer', 'spam', true],
    ],
  );
  assert.deepEqual((await lake.examples.stats(workspace, 'moderation')).sources, [
    { name: 'import', examples: 1 },
    { name: 'reviewer', examples: 1 },
  ]);
});

test('a dataset version keeps the provenance, and what it is the hash of includes it', async () => {
  await importRows([{ input: { text: 'hello there' }, label: 'ok' }]);
  await record(label({ probability: 0.1, source: 'audit' }));
  const { id, rows: written } = await dataset();
  assert.deepEqual(
    written
      .map(({ source, probability, decision, labelled_at }) => ({ source, probability, decision, labelled_at }))
      .sort((a, b) => (a.source < b.source ? -1 : 1)),
    [
      { source: 'audit', probability: 0.1, decision: 'dec_1', labelled_at: '2026-05-01T10:05:00.000Z' },
      { source: 'import', probability: null, decision: null, labelled_at: null },
    ],
  );
  await lake.db.asOwner('TRUNCATE lake.examples');
  await importRows([{ input: { text: 'hello there' }, label: 'ok' }]);
  await record(label({ probability: 0.2, source: 'audit' }));
  assert.notEqual((await dataset()).id, id);
  const [newest] = (await lake.app.inject({ url: '/v1/tasks/moderation/datasets' })).json().data;
  assert.deepEqual(newest.sources, [
    { name: 'audit', rows: 1 },
    { name: 'import', rows: 1 },
  ]);
  const url = `/v1/tasks/moderation/datasets/${id}/data`;
  const plain = (await lake.app.inject({ url: `${url}?format=csv` })).body;
  assert.match(plain, /^text,label,subject,external_id,occurred_at\r\n/);
  const full = (await lake.app.inject({ url: `${url}?format=csv&provenance=include` })).body;
  assert.match(full, /^text,label,subject,external_id,occurred_at,source,probability,decision,labelled_at\r\n/);
  assert.match(full, /audit,0\.1,dec_1,2026-05-01T10:05:00\.000Z/);
});

test('the content of an import has the hash that it had before decisions could be examples', () => {
  const row = {
    input: { text: 'a' },
    label: 'ok',
    subject: null,
    external_id: null,
    occurred_at: null,
    attributes: {},
  };
  assert.equal(hashesOf(row).content_hash, '6633aa4ac5641fdee2d4543dab86e48ed8bb7ebe9d9269df9054e75917196f39');
});

test('labels are counted: stored rows and changes, not what changes nothing, duplicates or removals', async () => {
  assert.deepEqual(await given(), { labels: 0, production: 0, changedAt: null });
  await importRows([
    { input: { text: 'a' }, label: 'ok' },
    { input: { text: 'b' }, label: 'ok' },
    { input: { text: 'b' }, label: 'ok' },
  ]);
  const before = (await dataset()).id;
  await record(label(), label({ decision: 'dec_2', label_id: 'lab_2' }));
  await record(label());
  await record(label({ label: 'ok', label_id: 'lab_3' }));
  const counted = await given();
  assert.deepEqual([counted.labels, counted.production], [5, 3]);
  const { dataset: now } = await lake.datasets.snapshot(workspace, 'moderation');
  assert.equal(now.labelsGiven, 5);
  assert.equal((await lake.datasets.get(workspace, 'moderation', before)).labelsGiven, 2);
});

test('an erasure takes the row out; another workspace takes nothing', async () => {
  await record(label());
  const forget = (who: string) => lake.db.database.inWorkspace(who, (tx) => labelled.forget(tx, who, ['dec_1']));
  await forget('ws_other');
  assert.equal((await rows()).length, 1);
  await forget(workspace);
  assert.deepEqual(await rows(), []);
});

test('a rebuild begins with the imports alone', async () => {
  await importRows([{ input: { text: 'a' }, label: 'ok' }]);
  await record(label(), label({ decision: 'dec_2', label_id: 'lab_2' }));
  await lake.db.database.inWorkspace(workspace, (tx) => labelled.clear(tx, workspace));
  assert.deepEqual(
    (await rows()).map(({ source }) => source),
    ['import'],
  );
  const { labels, production } = await given();
  assert.deepEqual([labels, production], [1, 0]);
});

test('a decision with an empty input is an example like any other', async () => {
  await record(label({}, ''), label({ decision: 'dec_2', label_id: 'lab_2' }));
  assert.equal((await dataset()).rows.length, 2);
});
