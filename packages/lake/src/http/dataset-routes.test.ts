import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { isUnderstudyError } from '@understudy/kernel';
import type { DatasetRow } from '../dataset.ts';
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

async function importRows(rows: object[], slug = 'moderation'): Promise<void> {
  const response = await lake.app.inject({
    method: 'POST',
    url: `/v1/tasks/${slug}/examples`,
    headers: { 'content-type': 'application/x-ndjson' },
    payload: rows.map((each) => JSON.stringify(each)).join('\n'),
  });
  assert.equal(response.statusCode, 200, response.body);
}

async function snapshot(slug = 'moderation'): Promise<{ status: number; body: Answer }> {
  const response = await lake.app.inject({ method: 'POST', url: `/v1/tasks/${slug}/datasets` });
  return { status: response.statusCode, body: response.json() };
}

async function readAll(id: string): Promise<DatasetRow[]> {
  const rows: DatasetRow[] = [];
  for await (const batch of lake.datasets.readRows(await lake.datasets.get(workspace, 'moderation', id)))
    rows.push(...batch);
  return rows;
}

const some = [
  row('Buy cheap watches now at our shop!', 'spam', { subject: 'user-1', external_id: 'c-1' }),
  row('BUY cheap watches now, at our shop', 'spam', { occurred_at: '2026-01-02T03:04:05.678Z' }),
  row('Thanks for the "explanation",\nit helped', 'ok', { attributes: { lang: 'en', 'odd, name': 'x"y', stars: 5 } }),
  row('You are an idiot', 'toxic', { subject: 'user-1' }),
  row('It depends', 'ok'),
  row('It  depends', 'toxic'),
];

describe('a version', () => {
  test('is addressed by its rows: same rows, same id, in whatever order and task', async () => {
    await importRows(some);
    const first = await snapshot();
    assert.equal(first.status, 201);
    assert.match(first.body.id, /^sha256:[0-9a-f]{64}$/);
    assert.equal(first.body.rows, 6);
    assert.deepEqual(first.body.labels, [
      { name: 'ok', rows: 2 },
      { name: 'spam', rows: 2 },
      { name: 'toxic', rows: 2 },
    ]);
    assert.equal(first.body.conflicts, 2);
    // The two spam rows and the row of the same subject; the thanks; the contested row.
    assert.equal(first.body.groups, 3);
    const again = await snapshot();
    assert.equal(again.status, 200);
    assert.deepEqual(again.body, first.body);

    lake.rules.set(workspace, 'twin', {
      taskId: 'task_2',
      labels: ['ok', 'spam', 'toxic'],
      input: { text: { type: 'string', max_length: 500 } },
    });
    await importRows([...some].reverse(), 'twin');
    const twin = await snapshot('twin');
    assert.equal(twin.status, 201);
    assert.equal(twin.body.id, first.body.id);

    await importRows([row('one more')]);
    const grown = await snapshot();
    assert.equal(grown.status, 201);
    assert.notEqual(grown.body.id, first.body.id);
    const list = (await lake.app.inject({ url: `${base}/datasets?limit=1` })).json() as Answer;
    assert.deepEqual(list.data, [grown.body]);
    const older = (await lake.app.inject({ url: `${base}/datasets?cursor=${list.next_cursor}` })).json() as Answer;
    assert.deepEqual(older, { data: [first.body], next_cursor: null });
    assert.deepEqual((await lake.app.inject({ url: `${base}/datasets/${first.body.id}` })).json(), first.body);
  });

  test('gives back its rows with groups and conflicts', async () => {
    await importRows(some);
    const { body } = await snapshot();
    const rows = await readAll(body.id);
    assert.deepEqual(
      rows.map((each) => each.digest),
      rows.map((each) => each.digest).sort(),
    );
    const of = (text: string) => rows.find((each) => each.text === text)!;
    const watches = of('Buy cheap watches now at our shop!');
    assert.equal(watches.subject, 'user-1');
    assert.equal(watches.external_id, 'c-1');
    assert.equal(of('BUY cheap watches now, at our shop').group, watches.group);
    assert.equal(of('BUY cheap watches now, at our shop').occurred_at, '2026-01-02T03:04:05.678Z');
    assert.equal(of('You are an idiot').group, watches.group, 'the same subject');
    assert.deepEqual(of('Thanks for the "explanation",\nit helped').attributes, {
      lang: 'en',
      'odd, name': 'x"y',
      stars: 5,
    });
    assert.equal(of('It depends').group, of('It  depends').group);
    assert.deepEqual([of('It depends').conflict, of('It  depends').conflict, watches.conflict], [true, true, false]);
  });

  test('leaves as CSV, NDJSON and Parquet; CSV and NDJSON come back as the same rows', async () => {
    const strings = some.map((each, i) =>
      i === 2 ? { ...each, attributes: { lang: 'en', 'odd, name': 'x"y' } } : each,
    );
    await importRows(strings);
    const { body } = await snapshot();
    for (const [format, type] of [
      ['csv', 'text/csv'],
      ['ndjson', 'application/x-ndjson'],
    ]) {
      const data = await lake.app.inject({ url: `${base}/datasets/${body.id}/data?format=${format}` });
      assert.equal(data.statusCode, 200);
      await lake.db.asOwner('DELETE FROM lake.examples');
      const back = await lake.app.inject({
        method: 'POST',
        url: `${base}/examples`,
        headers: { 'content-type': type },
        payload: data.rawPayload,
      });
      assert.equal(back.json().accepted, 6, back.body);
      assert.equal((await snapshot()).body.id, body.id);
    }
    const parquet = await lake.app.inject({ url: `${base}/datasets/${body.id}/data` });
    assert.equal(parquet.rawPayload.subarray(0, 4).toString(), 'PAR1');
    assert.equal(parquet.rawPayload.subarray(-4).toString(), 'PAR1');
    assert.equal(Number(parquet.headers['content-length']), parquet.rawPayload.length);
  });

  test('that is damaged in the store is not read', async () => {
    await importRows(some);
    const { body } = await snapshot();
    const dataset = await lake.datasets.get(workspace, 'moderation', body.id);
    lake.objects.corrupt(dataset.object.key, (bytes) => {
      bytes[100]! ^= 1;
      return bytes;
    });
    await assert.rejects(readAll(body.id), (error) => isUnderstudyError(error) && error.code === 'object_corrupt');
    for (const format of ['csv', 'ndjson', 'parquet']) {
      const data = await lake.app.inject({ url: `${base}/datasets/${body.id}/data?format=${format}` });
      assert.equal(data.json().code, 'object_corrupt');
    }
  });

  test('needs rows, an id of its task, and no fields', async () => {
    assert.equal((await snapshot()).body.code, 'dataset_empty');
    const id = `sha256:${'0'.repeat(64)}`;
    assert.equal((await lake.app.inject({ url: `${base}/datasets/${id}` })).json().code, 'dataset_not_found');
    assert.equal((await lake.app.inject({ url: `${base}/datasets/latest` })).statusCode, 400);
    const named = await lake.app.inject({ method: 'POST', url: `${base}/datasets`, payload: { name: 'x' } });
    assert.equal(named.json().code, 'unknown_field');
    assert.equal(named.json().errors[0].pointer, '/name');
    await importRows(some);
    const { body } = await snapshot();
    lake.rules.set('ws_other', 'moderation', { taskId: 'task_1', labels: [], input: {} });
    const foreign = await lake.app.inject({
      url: `${base}/datasets/${body.id}/data`,
      headers: { 'x-workspace': 'ws_other' },
    });
    assert.equal(foreign.json().code, 'dataset_not_found');
  });

  test('asked for many times at once is made once', async () => {
    await importRows(some);
    const answers = await Promise.all(Array.from({ length: 5 }, () => snapshot()));
    assert.equal(new Set(answers.map((answer) => answer.body.id)).size, 1);
    assert.equal(answers.filter((answer) => answer.status === 201).length, 1);
    const keys: string[] = [];
    for await (const { key } of lake.objects.list('datasets/')) keys.push(key);
    const referenced = await lake.db.asOwner<{ object_key: string }>('SELECT object_key FROM lake.datasets');
    assert.ok(referenced.every((each) => keys.includes(each.object_key)));
  });

  test('of thousands of rows keeps them all, in bounded batches', async () => {
    await importRows(
      Array.from({ length: 5000 }, (_, i) => row(`row number ${i} ${'x'.repeat(i % 300)}`, i % 2 ? 'ok' : 'spam')),
    );
    const { body } = await snapshot();
    const rows = await readAll(body.id);
    assert.equal(rows.length, 5000);
    assert.equal(new Set(rows.map((each) => each.text)).size, 5000);
  });
});

test('a reader that stops early, and a caller that goes away, leave no file and no process', async () => {
  await importRows(some);
  const { body } = await snapshot();
  const dataset = await lake.datasets.get(workspace, 'moderation', body.id);
  for await (const batch of lake.datasets.readRows(dataset)) {
    assert.ok(batch.length > 0);
    break;
  }
  await importRows([row('another')]);
  await assert.rejects(lake.datasets.snapshot(workspace, 'moderation', AbortSignal.abort()));
  assert.deepEqual(await lake.scratchFiles(), []);
});

test('files that a crash has left are swept once they are a day old', async () => {
  await importRows(some);
  await snapshot();
  const { newId } = await import('@understudy/kernel');
  const orphan = `datasets/${workspace}/${newId('obj', Date.now() - 90_000_000)}.parquet`;
  const young = `datasets/${workspace}/${newId('obj', Date.now())}.parquet`;
  async function* bytes() {
    yield Buffer.from('x');
  }
  await lake.objects.put(orphan, bytes());
  await lake.objects.put(young, bytes());
  assert.equal(await lake.datasets.sweepOrphans(), 1);
  assert.equal(await lake.objects.head(orphan), null);
  assert.notEqual(await lake.objects.head(young), null);
});
