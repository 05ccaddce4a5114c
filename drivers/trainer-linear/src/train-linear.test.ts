import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { decodeLinearModel, decodeModelFile, LinearScorer } from '@understudy/text';
import { type LinearParameters, parseParameters } from './parameters.ts';
import { trainLinear } from './train-linear.ts';

let folder: string;
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'understudy-linear-'));
});
after(() => rmSync(folder, { recursive: true, force: true }));

interface Row {
  text: string;
  label: number;
}

async function train(
  rows: Row[],
  labels: number,
  parameters: Record<string, unknown> = {},
  memoryLimitBytes = 1 << 30,
) {
  const path = join(folder, 'rows.ndjson');
  writeFileSync(path, rows.map((row, i) => `${JSON.stringify({ ...row, fold: i % 5 })}\n`).join(''));
  const names = Array.from({ length: labels }, (_, i) => `label ${i}`);
  const lines: string[] = [];
  const result = await trainLinear(
    {
      data: { path, rows: rows.length, labels: names, folds: 5, validationFold: 2 },
      parameters: parseParameters(parameters) as LinearParameters,
      seed: 3,
      threads: 1,
      memoryLimitBytes,
      outputPath: join(folder, 'model'),
    },
    { progress: () => {}, log: (line) => lines.push(line) },
  );
  const scorer = new LinearScorer(decodeLinearModel(decodeModelFile(readFileSync(join(folder, 'model')))));
  const predict = (text: string) => {
    const out = new Float32Array(labels);
    scorer.predict(text, out, 0);
    return { label: out.indexOf(Math.max(...out)), probability: Math.max(...out) };
  };
  return { result, lines, predict };
}

test('texts of any script are learned', async () => {
  const phrases = [
    ['わたしのカードはどこですか', '我的卡在哪里', 'บัตรของฉันอยู่ที่ไหน', 'где моя карта', 'أين بطاقتي', '💳❓'],
    ['返金してください', '请退款给我', 'ขอเงินคืน', 'верните деньги', 'أعد لي المال', '💸🙏'],
  ];
  const rows = Array.from({ length: 120 }, (_, i) => ({
    text: `${phrases[i % 2]![(i >> 1) % 6]} ${i % 7}`,
    label: i % 2,
  }));
  const { predict, result } = await train(rows, 2);
  assert.equal(result.validation.accuracy, 1);
  for (const [label, texts] of phrases.entries())
    for (const text of texts) assert.equal(predict(text).label, label, text);
});

test('imbalanced labels, one with a single row and one with none, are fitted', async () => {
  const rows = Array.from({ length: 300 }, (_, i) => ({
    text: i % 20 === 0 ? `urgent fraud stolen ${i}` : `ordinary question about rates ${i}`,
    label: i % 20 === 0 ? 1 : 0,
  }));
  rows.push({ text: 'sesquipedalian', label: 2 });
  const { predict } = await train(rows, 4);
  assert.equal(predict('fraud, my card was stolen').label, 1);
  assert.equal(predict('a question about rates').label, 0);
});

test('class weights tip an ambiguous text to the rare label', async () => {
  // `perhaps` stands in 60 % of the rare rows and in 15 % of the common ones: rare with a probability of a third.
  const rows = Array.from({ length: 800 }, (_, i) => {
    const label = i % 8 === 0 ? 1 : 0;
    const perhaps = label === 1 ? (i >> 3) % 5 < 3 : i % 20 < 3;
    return { text: perhaps ? 'perhaps' : 'certainly', label };
  });
  const even = await train(rows, 2, { C: 4 });
  const balanced = await train(rows, 2, { C: 4, class_weight: 1 });
  assert.equal(even.predict('perhaps').label, 0);
  assert.equal(balanced.predict('perhaps').label, 1);
  assert.equal(balanced.predict('certainly').label, 0);
});

test('1,000 labels', async () => {
  const rows = Array.from({ length: 1500 }, (_, i) => ({ text: `item k${i % 1000}q thing`, label: i % 1000 }));
  const { predict } = await train(rows, 1000, { C: 0.5, char_max: 0 });
  let right = 0;
  for (let label = 0; label < 500; label += 25) if (predict(`item k${label}q thing`).label === label) right++;
  assert.ok(right >= 19, `${right} of 20`);
});

test('what is missing is said', async () => {
  const refused = (rows: Row[], pattern: RegExp) =>
    assert.rejects(train(rows, 2), (error: { code?: string; message: string }) => {
      assert.equal(error.code, 'training_data_insufficient');
      assert.match(error.message, pattern);
      return true;
    });
  const rows = (count: number, text: (i: number) => string, label: (i: number) => number) =>
    Array.from({ length: count }, (_, i) => ({ text: text(i), label: label(i) }));
  await refused(
    rows(
      4,
      (i) => `text ${i}`,
      (i) => i % 2,
    ),
    /at least 10 rows \(there are 4\)/,
  );
  await refused(
    rows(
      20,
      (i) => `text ${i}`,
      () => 1,
    ),
    /second label \(there are only rows of label 1\)/,
  );
  await refused(
    rows(
      20,
      (i) => `text ${i}`,
      (i) => (i === 0 ? 1 : 0),
    ),
    /two rows or more of at least two labels/,
  );
  await refused(
    rows(
      20,
      () => ' \u200b ',
      (i) => i % 2,
    ),
    /visible characters/,
  );
});

test('a row that is not valid is named, and a limit on memory is kept', async () => {
  const row = { text: 'some text', label: 0 };
  const rows = Array.from({ length: 20 }, (_, i) => ({ ...row, label: i % 2 }));
  await assert.rejects(train([...rows, { ...row, label: 9 }], 2), { code: 'training_failed', message: /^Row 21 / });
  await assert.rejects(train(rows, 2, {}, 1 << 20), { code: 'training_out_of_memory' });
});

test('parameters are read strictly', () => {
  assert.equal((parseParameters({}) as LinearParameters).maxFeatures, 1 << 18);
  for (const wrong of [
    { c: 1 },
    { C: '1' },
    { C: 0 },
    { word_max: 1.5 },
    { char_min: 6, char_max: 5 },
    { constructor: 1 },
  ]) {
    assert.ok('parameter' in parseParameters(wrong), JSON.stringify(wrong));
  }
});
