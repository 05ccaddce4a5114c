import assert from 'node:assert/strict';
import { test } from 'node:test';
import { figures, fitTemperature, joinScored } from './calibration.ts';
import { seededRandom } from './random.ts';

/** Rows whose labels are drawn from softmax(temperature · scores). */
function drawn(rows: number, labelCount: number, temperature: number) {
  const random = seededRandom(8);
  const scores = Float32Array.from({ length: rows * labelCount }, () => 2 * random() - 1);
  const labels = new Int32Array(rows);
  for (let row = 0; row < rows; row++) {
    const own = scores.subarray(row * labelCount, (row + 1) * labelCount);
    const weights = Array.from(own, (score) => Math.exp(temperature * score));
    let rest = random() * weights.reduce((sum, weight) => sum + weight, 0);
    let label = 0;
    while (label < labelCount - 1 && rest > weights[label]!) rest -= weights[label++]!;
    labels[row] = label;
  }
  return { scores, labels, labelCount };
}

test('the temperature that made the labels is found, and calibrates', () => {
  for (const truth of [0.5, 1, 4]) {
    const rows = drawn(20_000, 5, truth);
    const found = fitTemperature(rows);
    assert.ok(Math.abs(found / truth - 1) < 0.1, `${found} for ${truth}`);
    assert.ok(figures(rows, () => found).expectedCalibrationError < 0.02);
    assert.ok(figures(rows, () => found * 4).expectedCalibrationError > 0.05);
  }
});

test('a handful of rows that are all right do not claim certainty', () => {
  const rows = { scores: Float32Array.of(1, 0, 1, 0, 0, 1), labels: Int32Array.of(0, 0, 1), labelCount: 2 };
  const found = fitTemperature(rows);
  assert.ok(found > 1 && found < 6, `${found}`);
});

test('figures count as they should', () => {
  const rows = { scores: Float32Array.of(9, 0, 0, 9, 9, 0, 9, 0), labels: Int32Array.of(0, 1, 1, 0), labelCount: 2 };
  const result = figures(joinScored([rows], 2), () => 1);
  assert.equal(result.accuracy, 0.75);
  assert.ok(Math.abs(result.macroF1 - (4 / 5 + 2 / 3) / 2) < 1e-12);
  assert.ok(Math.abs(result.expectedCalibrationError - 0.25) < 1e-3);
});
