import assert from 'node:assert/strict';
import { after, before, beforeEach, describe, test } from 'node:test';
import { newId } from '@understudy/kernel';
import { LabelledDecisions } from '../labelled-decisions.ts';
import { ExampleSignatures, PostgresLabelledDecisionStore } from '../storage/index.ts';
import { createLakeApp, type LakeApp, workspace } from '../testing/lake-app.ts';

let lake: LakeApp;
let signatures: ExampleSignatures;
before(async () => {
  lake = await createLakeApp();
  signatures = new ExampleSignatures(lake.db.database);
  for (const [name, slug, taskId] of [
    [workspace, 'other', 'task_2'],
    ['ws_foreign', 'moderation', 'task_3'],
  ] as const) {
    lake.rules.set(name, slug, {
      taskId,
      labels: ['ok', 'spam'],
      input: { text: { type: 'string', max_length: 20_000 } },
    });
  }
});
after(() => lake.close());
beforeEach(async () => {
  for (const table of ['examples', 'example_signatures', 'example_unsigned'])
    await lake.db.asOwner(`DELETE FROM lake.${table}`);
});

const row = (text: string, label = 'ok') => ({ input: { text }, label });

async function importRows(rows: readonly object[], slug = 'moderation', as = workspace): Promise<void> {
  const response = await lake.app.inject({
    method: 'POST',
    url: `/v1/tasks/${slug}/examples`,
    headers: { 'content-type': 'application/x-ndjson', 'x-workspace': as },
    payload: rows.map((each) => JSON.stringify(each)).join('\n'),
  });
  assert.equal(response.statusCode, 200, response.body);
}

interface Page {
  data: { id: string; input: { text: string } }[];
  next_cursor: string | null;
}

async function page(query: Record<string, string>, slug = 'moderation', as = workspace): Promise<Page> {
  const url = `/v1/tasks/${slug}/examples?${new URLSearchParams(query)}`;
  const response = await lake.app.inject({ method: 'GET', url, headers: { 'x-workspace': as } });
  assert.equal(response.statusCode, 200, response.body);
  return response.json();
}

/** The texts of every page. */
async function found(q: string, more: Record<string, string> = {}, slug?: string, as?: string): Promise<string[]> {
  const texts: string[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const { data, next_cursor }: Page = await page({ q, ...more, ...(cursor === '' ? {} : { cursor }) }, slug, as);
    texts.push(...data.map(({ input }) => input.text));
    cursor = next_cursor;
  }
  return texts;
}

/** A row by `index`, as live traffic brings them: no signature stands for it yet. */
async function label(texts: readonly string[]): Promise<string[]> {
  const decided = new LabelledDecisions({
    store: new PostgresLabelledDecisionStore(),
    clock: { now: () => Date.now() },
  });
  const ids = texts.map(() => newId('dec', Date.now()));
  await lake.db.database.inWorkspace(workspace, (tx) =>
    decided.record(
      tx,
      workspace,
      texts.map((text, at) => ({
        ...{ taskId: 'task_1', input: { text }, subject: null, external_id: null, attributes: {} },
        ...{ decision: ids[at]!, label: 'ok', source: 'reviewer', probability: 1, authority: 1 },
        ...{ labelled_at: '2026-01-01T00:00:00.000Z', occurred_at: '2026-01-01T00:00:00.000Z' },
        label_id: newId('lab', Date.now()),
      })),
    ),
  );
  return ids;
}

describe('words are found', () => {
  const texts = [
    'Buy cheap WATCHES now, 100% off_price!',
    'The watch\tstopped;  returned it',
    'Straße über ÉCOLE',
    'ΟΔΟΣ Αθήνα',
    'この時計はとても安いです',
    '这个手表很便宜',
    'so happy 😀👍🏽 today',
    'Привет, мир',
    'ｆｕｌｌ ｗｉｄｔｈ',
    'a\\b "quoted" words',
  ];
  const cases: readonly [string, readonly number[]][] = [
    ['watch', [0, 1]],
    ['WATCHES', [0]],
    ['now cheap', [0]],
    ['cheap stopped', []],
    ['"cheap watches"', [0]],
    ['"watches cheap"', []],
    ['"watch stopped"', [1]],
    ['%', [0]],
    ['100%', [0]],
    ['f_p', [0]],
    ['w_tch', []],
    ['wat*', []],
    ['école', [2]],
    ['ber', [2]],
    ['ß', [2]],
    ['οδος', [3]],
    ['οδοσ', [3]],
    ['時計', [4]],
    ['安', [4]],
    ['便宜', [5]],
    ['宜', [5]],
    ['😀', [6]],
    ['👍', [6]],
    ['МИР', [7]],
    ['full', [8]],
    ['a\\b', [9]],
    ['"quoted"', [9]],
    ["'; DROP TABLE lake.examples; --", []],
    ['e', [0, 1, 2, 9]],
  ];
  const cases2 = async () => {
    for (const [q, hits] of cases) {
      const expected = hits.map((at) => texts[at]!);
      const all = await found(q);
      assert.deepEqual(all, expected, q);
    }
  };

  test('in imported rows, in any script, with no wildcard', async () => {
    await importRows(texts.map((text) => row(text)));
    const [{ n }] = (await lake.db.asOwner<{ n: string }>('SELECT count(*) AS n FROM lake.example_unsigned')) as [
      { n: string },
    ];
    assert.equal(Number(n), 0);
    await cases2();
  });

  test('in labelled decisions before and after they are signed', async () => {
    await label(texts);
    await cases2();
    await label(Array.from({ length: 990 }, (_, n) => `zzz ${n}`));
    assert.equal(await signatures.catchUp(), 1);
    await cases2();
  });
});

test('pages follow each other without a gap or a repetition, while rows are added and filters stand', async () => {
  const rows = Array.from({ length: 3000 }, (_, n) =>
    row(`item ${n} ${n % 7 === 0 ? 'needle' : 'hay'}`, n % 2 ? 'ok' : 'spam'),
  );
  await importRows(rows.slice(0, 1500));
  await label(['needle decided']);
  await importRows(rows.slice(1500));
  const wanted = rows.filter(({ input }) => input.text.includes('needle')).map(({ input }) => input.text);
  wanted.splice(rows.slice(0, 1500).filter(({ input }) => input.text.includes('needle')).length, 0, 'needle decided');
  assert.deepEqual(await found('needle', { limit: '7' }), wanted);
  assert.deepEqual(
    await found('needle', { limit: '50', label: 'spam' }),
    rows.filter(({ label, input }) => label === 'spam' && input.text.includes('needle')).map(({ input }) => input.text),
  );
  assert.deepEqual(await found('needle', { source: 'reviewer' }), ['needle decided']);
  const first = await page({ q: 'needle', limit: '10' });
  await importRows([row('a late needle')]);
  const second = await page({ q: 'needle', limit: '200', cursor: first.next_cursor! });
  assert.deepEqual(
    second.data.slice(0, 5).map(({ input }) => input.text),
    wanted.slice(10, 15),
  );
  assert.equal((await found('"a late needle"'))[0], 'a late needle');
});

test('imports that run at a time leave nothing out', async () => {
  const texts = (name: string) =>
    Array.from({ length: 2500 }, (_, n) => `${name} row ${n}${n % 500 === 0 ? ' needle' : ''}`);
  await Promise.all(['one', 'two', 'three'].map((name) => importRows(texts(name).map((text) => row(text)))));
  assert.equal((await found('needle', { limit: '2' })).length, 15);
});

test('the search keeps to the task and the workspace', async () => {
  await importRows([row('mine needle')]);
  await importRows([row('other needle')], 'other');
  await importRows([row('foreign needle')], 'moderation', 'ws_foreign');
  assert.deepEqual(await found('needle'), ['mine needle']);
  assert.deepEqual(await found('needle', {}, 'other'), ['other needle']);
  assert.deepEqual(await found('needle', {}, 'moderation', 'ws_foreign'), ['foreign needle']);
});

test('what was removed is in no signature either', async () => {
  await importRows([row('stays here'), row('secretword goes')]);
  const bits = async () =>
    (await lake.db.asOwner<{ bits: string }>(`SELECT encode(bits, 'hex') AS bits FROM lake.example_signatures`)).map(
      (one) => one.bits,
    );
  const before = await bits();
  const { id } = (await page({ q: 'secretword' })).data[0]!;
  await lake.app.inject({ method: 'DELETE', url: `/v1/tasks/moderation/examples/${id}` });
  assert.deepEqual(await found('secretword'), []);
  assert.equal(await signatures.catchUp(), 1);
  const after = await bits();
  assert.notDeepEqual(after, before);
  await lake.db.asOwner('DELETE FROM lake.examples');
  await lake.db.asOwner('DELETE FROM lake.example_signatures');
  await importRows([row('stays here')]);
  assert.deepEqual(await bits(), after);
});

test('a query without a character to look for, or too long, is refused', async () => {
  for (const q of ['', '   ', 'x'.repeat(201)]) {
    const response = await lake.app.inject({
      method: 'GET',
      url: `/v1/tasks/moderation/examples?${new URLSearchParams({ q })}`,
    });
    assert.equal(response.statusCode, 400, q);
  }
});
