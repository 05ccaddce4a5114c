import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exactMcNemar } from '@understudy/statistics';
import { choose, score } from './choose.ts';
import { compare } from './compare.ts';
import { evaluate, type ScoredRow } from './evaluation.ts';
import { wilson } from './intervals.ts';
import type { TrainedModel } from './trainer.ts';

const close = (actual: number, expected: number, tolerance = 5e-4) =>
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not ${expected}`);

const row = (truth: number, predicted: number, confidence: number, truthProbability = confidence): ScoredRow => ({
  truth,
  predicted,
  confidence,
  truthProbability,
  excerpt: `${truth} as ${predicted}`,
});

test('Wilson intervals are the published ones (Newcombe 1998, table I)', () => {
  for (const [successes, trials, low, high] of [
    [81, 263, 0.2553, 0.3662],
    [15, 148, 0.0624, 0.1605],
    [0, 20, 0, 0.1611],
    [1, 29, 0.0061, 0.1718],
  ] as const) {
    const interval = wilson(successes, trials);
    close(interval.low, low, 5e-5);
    close(interval.high, high, 5e-5);
  }
  assert.deepEqual(wilson(0, 0), { estimate: 0, low: 0, high: 1 });
  assert.equal(wilson(5, 5).high, 1);
});

test('the report of seven rows, computed by hand', () => {
  const rows = [
    row(0, 0, 0.9),
    row(0, 0, 0.8),
    row(0, 1, 0.7, 0.2),
    row(1, 1, 0.95),
    row(1, 1, 0.95),
    row(1, 0, 0.6, 0.3),
    row(2, 1, 0.99, 0.01),
  ];
  const report = evaluate(rows, ['a', 'b', 'c', 'never']);
  close(report.accuracy, 4 / 7);
  assert.deepEqual(
    report.per_label.map(({ support, precision, recall }) => [support, precision.estimate, recall.estimate]),
    [
      [3, 2 / 3, 2 / 3],
      [3, 2 / 4, 2 / 3],
      [1, 0, 0],
      [0, 0, 0],
    ],
  );
  // F1: a 2/3, b 4/7, c 0; the label that nobody saw does not count
  close(report.macro_f1, (2 / 3 + 4 / 7 + 0) / 3);
  assert.deepEqual(report.confusion.cells, [
    { truth: 'a', predicted: 'a', count: 2 },
    { truth: 'a', predicted: 'b', count: 1 },
    { truth: 'b', predicted: 'a', count: 1 },
    { truth: 'b', predicted: 'b', count: 2 },
    { truth: 'c', predicted: 'b', count: 1 },
  ]);
  const losses = [0.9, 0.8, 0.2, 0.95, 0.95, 0.3, 0.01].map((p) => -Math.log(p));
  close(report.log_loss, losses.reduce((sum, loss) => sum + loss, 0) / 7);
  // Fifteenths: 0.9 → 13; 0.8 → 12; 0.7 → 10; 0.95, 0.95, 0.99 → 14; 0.6 → 9
  const gaps = [1 * 0.1, 1 * 0.2, 1 * 0.7, 3 * Math.abs(2 / 3 - 2.89 / 3), 1 * 0.6];
  close(report.expected_calibration_error, gaps.reduce((sum, gap) => sum + gap, 0) / 7);
  assert.deepEqual(
    report.worst_mistakes.map(({ text }) => text),
    ['2 as 1', '0 as 1', '1 as 0'],
  );
});

test('no rows: nothing is claimed', () => {
  const report = evaluate([], ['a', 'b']);
  assert.deepEqual([report.rows, report.accuracy, report.accuracy_interval.high], [0, 0, 1]);
  assert.deepEqual([report.reliability, report.worst_mistakes, report.expected_calibration_error], [[], [], 0]);
});

test('a certainty of one falls into the last bin, and a probability of zero costs a finite loss', () => {
  const report = evaluate([row(0, 0, 1), row(0, 1, 1, 0)], ['a', 'b']);
  assert.deepEqual(report.reliability, [{ low: 14 / 15, high: 1, count: 2, confidence: 1, accuracy: 0.5 }]);
  assert.ok(Number.isFinite(report.log_loss));
});

test('the exact McNemar test agrees with the binomial distribution', () => {
  assert.equal(exactMcNemar(0, 0), 1);
  assert.equal(exactMcNemar(5, 5), 1);
  close(exactMcNemar(0, 5), 2 / 2 ** 5, 1e-12);
  close(exactMcNemar(10, 2), (2 * (1 + 12 + 66)) / 2 ** 12, 1e-12);
  assert.equal(exactMcNemar(2, 10), exactMcNemar(10, 2));
  // Agresti, Categorical Data Analysis: 86 against 150, z = -4.17
  close(exactMcNemar(86, 150), 3.7e-5, 1e-5);
  assert.ok(exactMcNemar(2000, 3000) < 1e-40 && exactMcNemar(2500, 2500) === 1);
});

test('a challenger must be right more often where the two disagree; equals are settled by the log loss', () => {
  const right = row(0, 0, 0.8);
  const surer = row(0, 0, 0.9);
  const wrong = row(0, 1, 0.8, 0.2);
  const better = compare([right, right, wrong], [wrong, wrong, right], '4');
  assert.equal(better.better, true);
  assert.match(better.reason, /^promoted: on 3 held-out rows .* version 4 is wrong 2 times .* right 1 times/);
  assert.deepEqual([better.evidence.gained, better.evidence.lost, better.evidence.p_value], [2, 1, 1]);
  assert.equal(compare([wrong], [right], '4').better, false);
  assert.equal(compare([surer], [right], '4').better, true);
  assert.equal(compare([right], [right], '4').better, false);
  assert.equal(compare([], [], '4').better, false);
});

const trained = (accuracy: number, calibration: number, bytes: number, microseconds: number): TrainedModel => ({
  format: 'f',
  path: '/tmp/m',
  bytes,
  sha256: '0',
  parameters: {},
  validation: { rows: 100, accuracy, macroF1: accuracy, logLoss: 1, expectedCalibrationError: calibration },
  heldOut: null,
  microsecondsPerPrediction: microseconds,
  durationSeconds: 1,
  peakMemoryBytes: 1,
});

test('auto takes the more accurate model, unless miscalibration, size or slowness eat the difference', () => {
  const MiB = 2 ** 20;
  const linear = { trainer: 'linear', model: trained(0.91, 0.02, MiB, 50) };
  close(score(linear.model), 0.91, 1e-12);
  const choice = (model: TrainedModel) => choose([linear, { trainer: 'neural', model }]).chosen.trainer;
  assert.equal(choice(trained(0.925, 0.02, 8 * MiB, 100)), 'neural');
  assert.equal(choice(trained(0.911, 0.02, 8 * MiB, 100)), 'linear');
  assert.equal(choice(trained(0.925, 0.08, MiB, 50)), 'linear');
  assert.equal(choice(trained(0.91, 0.02, MiB, 50)), 'linear');
  const { reason, scores } = choose([linear]);
  assert.match(reason, /only trainer/);
  assert.deepEqual(
    scores.map(({ trainer }) => trainer),
    ['linear'],
  );
  assert.throws(() => choose([]), /nothing to choose/);
});
