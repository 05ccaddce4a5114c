import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { DatasetRow } from './ports.ts';
import { scoreRows } from './score-rows.ts';
import { exampleRows, imported } from './testing/fake-rooms.ts';
import { prepareData, readCertifyRows, readRows } from './training-files.ts';

let directory: string;
before(async () => {
  directory = await mkdtemp(join(tmpdir(), 'training-files-'));
});
after(() => rm(directory, { recursive: true }));

const never = new AbortController().signal;

async function* iterate(rows: DatasetRow[]) {
  yield* rows;
}
const prepare = (rows: DatasetRow[], signal = never) => prepareData(() => iterate(rows), 1, directory, signal);
const labelled = (...labels: string[]) =>
  labels.map((label, i) => ({ label, text: `t${i}`, group: `g${i}`, ...imported }));

test('every row goes to one file, as it was, and the holdout is never among the rows to learn from', async () => {
  const rows = exampleRows(400).map((row) => ({ ...row, text: `${row.text}\n"quoted" 👍\u2028` }));
  const prepared = await prepare(rows);
  const texts = new Map<string, string>();
  let fitted = 0;
  for await (const row of readRows(prepared.data.path)) {
    assert.ok(row.fold! >= 0 && row.fold! < prepared.data.folds);
    texts.set(row.text, prepared.data.labels[row.label]!);
    fitted++;
  }
  let held = 0;
  for await (const row of readRows(prepared.holdoutPath)) {
    assert.equal(row.fold, undefined);
    assert.ok(!texts.has(row.text));
    texts.set(row.text, prepared.data.labels[row.label]!);
    held++;
  }
  let certify = 0;
  for await (const row of readCertifyRows(prepared.certifyPath)) {
    assert.ok(!texts.has(row.text));
    assert.deepEqual([row.source, row.probability, row.occurredAt], ['import', null, null]);
    texts.set(row.text, prepared.data.labels[row.label]!);
    certify++;
  }
  assert.ok(certify > 80, `${certify} of 400 certify`);
  assert.deepEqual(
    [fitted, held, certify, fitted + held + certify, prepared.seen.length],
    [prepared.data.rows, prepared.holdoutRows, prepared.certifyRows, 400, fitted + held],
  );
  assert.deepEqual(texts, new Map(rows.map(({ text, label }) => [text, label])));
  assert.deepEqual(
    [prepared.data.labels, prepared.labelCounts],
    [
      ['a', 'b'],
      [200, 200],
    ],
  );
});

test('the same data and seed give the same files', async () => {
  const rows = exampleRows(100);
  const first = await readFile((await prepare(rows)).data.path);
  assert.deepEqual(await readFile((await prepare(rows)).data.path), first);
});

test('what nobody can learn from is refused, and the refusal says what is missing', async () => {
  const refused = async (rows: DatasetRow[], pattern: RegExp) =>
    assert.rejects(prepare(rows), (error: any) => {
      assert.equal(error.code, 'training_data_insufficient');
      assert.match(error.message, pattern);
      return true;
    });
  await refused([], /10 more examples \(there are 0.*there are none.*Examples a label: none/);
  await refused(labelled('a', 'b'), /8 more examples/);
  await refused(labelled(...Array(20).fill('a')), /two labels with 2 or more.*there is one.*"a" 20/);
  await refused(labelled(...Array(20).fill('a'), 'b'), /there is one.*"a" 20, "b" 1/);
  await refused(labelled(...Array.from({ length: 30 }, (_, i) => `l${i}`)), /there are none/);
  assert.equal((await prepare(labelled(...Array(8).fill('a'), 'b', 'b'))).data.labels.length, 2);
});

test('a cancelled preparation stops', async () => {
  await assert.rejects(prepare(exampleRows(50), AbortSignal.abort()), { name: 'AbortError' });
});

test('a directory that cannot be written to fails the run, not the process', async () => {
  const missing = join(directory, 'missing');
  await assert.rejects(
    prepareData(() => iterate(exampleRows(50)), 1, missing, never),
    { code: 'ENOENT' },
  );
});

test('rows are scored in order, labels matched by name, and excerpts never end within a character', async () => {
  const rows = exampleRows(600).map((row) => ({ ...row, text: `${row.text} ${'👍'.repeat(200)}` }));
  const { holdoutPath, holdoutRows } = await prepare(rows);
  const labels = ['b', 'z', 'a'];
  const scored = await scoreRows(holdoutPath, ['a', 'b'], async (text) => ({
    labels,
    probabilities: text.startsWith('a') ? Float32Array.of(0.25, 0.25, 0.5) : Float32Array.of(0.125, 0.75, 0.125),
  }));
  assert.equal(scored.length, holdoutRows);
  for (const row of scored) {
    assert.ok(row.excerpt.isWellFormed() && row.excerpt.length <= 301);
    const expected = row.truth === 0 ? [0, 0.5, 0.5] : [-1, 0.75, 0.125];
    assert.deepEqual([row.predicted, row.confidence, row.truthProbability], expected);
  }
});
