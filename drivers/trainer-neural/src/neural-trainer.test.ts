import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { decodeModelFile, decodeNetworkModel, NetworkScorer } from '@understudy/text';
import type { TrainJob, TrainProgress } from '@understudy/training';
import { NeuralTrainer } from './neural-trainer.ts';
import { seededRandom } from './random.ts';

const folder = mkdtempSync(join(tmpdir(), 'trainer-neural-'));
after(() => rmSync(folder, { recursive: true }));

const LABELS = ['billing', 'delivery', 'account'];
const WORDS = [
  'invoice charged refund twice payment receipt amount price bank fee',
  'parcel courier late arrived tracking box shipped address door damaged',
  'password login email reset locked profile delete settings username sign',
].map((words) => words.split(' '));
const FILLER = 'please my the a help I with was is not can you since yesterday again why thanks'.split(' ');

interface Row {
  text: string;
  label: number;
}

/** Two words of the label, one of any label and some filler, in any order. */
function rows(count: number, labels = 3): Row[] {
  const random = seededRandom(1);
  const pick = (words: readonly string[]) => words[Math.floor(random() * words.length)]!;
  return Array.from({ length: count }, (_, i) => {
    const label = i % labels;
    const words = [pick(WORDS[label]!), pick(WORDS[label]!), pick(WORDS.flat())];
    for (let w = 0; w < 4; w++) words.push(pick(FILLER));
    return { text: words.sort(() => random() - 0.5).join(' '), label };
  });
}

let jobs = 0;

function job(data: readonly Row[], change: Partial<TrainJob> = {}): TrainJob {
  const path = join(folder, `${++jobs}.ndjson`);
  const lines = data.map((row, i) => JSON.stringify({ ...row, fold: Math.floor(i / 3) % 5 }));
  writeFileSync(path, lines.map((line) => `${line}\n`).join(''));
  return {
    kind: 'text_classification',
    data: { path, rows: data.length, labels: LABELS, folds: 5, validationFold: 0 },
    parameters: { epochs: 6, hidden: 32, members: 2 },
    seed: 3,
    threads: 2,
    memoryLimitBytes: 1 << 30,
    outputPath: join(folder, `${jobs}.model`),
    ...change,
  };
}

function context(signal = new AbortController().signal) {
  const updates: TrainProgress[] = [];
  const lines: string[] = [];
  const progress = (update: TrainProgress) => {
    updates.push(update);
  };
  return { signal, updates, lines, progress, log: (line: string) => void lines.push(line) };
}

const trainer = new NeuralTrainer();

test('learns, says how well, and gives the same bytes on one thread as on two', async () => {
  const data = rows(360);
  const seen = context();
  const two = job(data);
  const trained = await trainer.train(two, seen);
  const bytes = readFileSync(two.outputPath);
  assert.equal(trained.format, 'understudy-network/1');
  assert.equal(trained.bytes, bytes.length);
  assert.equal(trained.sha256, createHash('sha256').update(bytes).digest('hex'));
  assert.equal(trained.validation.rows, 72);
  assert.ok(trained.validation.accuracy > 0.85, String(trained.validation.accuracy));
  assert.ok(trained.microsecondsPerPrediction > 0 && trained.peakMemoryBytes > 0 && trained.durationSeconds > 0);
  assert.equal(trained.parameters.epochs, 6);

  const scorer = new NetworkScorer(decodeNetworkModel(decodeModelFile(bytes)));
  const probabilities = new Float32Array(3);
  scorer.predict('my password reset email', probabilities, 0);
  assert.ok(probabilities[2]! > 0.6, String(probabilities));

  const fractions = seen.updates.map((update) => update.fraction);
  assert.deepEqual(
    fractions,
    fractions.toSorted((a, b) => a - b),
  );
  assert.equal(fractions.at(-1), 1);
  assert.deepEqual(
    [...new Set(seen.updates.map((update) => update.phase))],
    ['read', 'tune', 'validate', 'calibrate', 'fit', 'write'],
  );
  assert.ok(seen.lines.some((line) => line.includes('validation fold')));

  const one = await trainer.train(job(data, { threads: 1 }), context());
  assert.equal(one.sha256, trained.sha256);
  assert.deepEqual(one.validation, trained.validation);
  const otherSeed = await trainer.train(
    job(data, { seed: 4, parameters: { epochs: 1, hidden: 16, members: 1 } }),
    context(),
  );
  assert.notEqual(otherSeed.sha256, trained.sha256);
});

test('stops when cancelled, leaving no artifact', async () => {
  const abort = new AbortController();
  const seen = context(abort.signal);
  const cancelled = job(rows(300), { parameters: { epochs: 200, hidden: 512, members: 16 } });
  const running = trainer.train(cancelled, {
    ...seen,
    progress: (update) => {
      if (update.phase === 'tune' && update.detail) abort.abort();
    },
  });
  await assert.rejects(running, { code: 'training_cancelled' });
  assert.ok(!existsSync(cancelled.outputPath));
  await assert.rejects(trainer.train(cancelled, seen), { code: 'training_cancelled' });
});

const refused: [string, string, () => TrainJob][] = [
  ['one label', 'training_data_insufficient', () => job(rows(30, 1))],
  ['two rows', 'training_data_insufficient', () => job(rows(2))],
  ['no rows at all', 'training_data_insufficient', () => job([])],
  ['empty texts', 'training_data_insufficient', () => job(rows(30).map(({ label }) => ({ text: ' ', label })))],
  [
    'no text shared',
    'training_data_insufficient',
    () => {
      const distinct = rows(30).map(({ label }, i) => ({ text: String.fromCodePoint(0x4e00 + i), label }));
      return job(distinct, { parameters: { min_rows: 5 } });
    },
  ],
  ['an unknown parameter', 'unknown_parameter', () => job(rows(30), { parameters: { depth: 3 } })],
  ['too little memory', 'training_out_of_memory', () => job(rows(30), { memoryLimitBytes: 50 << 20 })],
  ['a label out of range', 'training_failed', () => job([...rows(30), { text: 'x', label: 3 }])],
];

for (const [what, code, make] of refused) {
  test(`refuses ${what}: ${code}`, async () => {
    const refusedJob = make();
    await assert.rejects(trainer.train(refusedJob, context()), { code });
    assert.ok(!existsSync(refusedJob.outputPath));
  });
}

test('learns from ten rows, imbalanced, of which some are empty or not words', async () => {
  const data = [
    ...rows(9),
    { text: '😀 🚚🚚', label: 1 },
    { text: '', label: 0 },
    { text: '荷物が届かない', label: 1 },
  ];
  const trained = await trainer.train(job(data, { parameters: {} }), context());
  assert.equal(trained.parameters.min_rows, 1);
});
