import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fitTemperature, type HeldOutScores, joinHeldOut, validationFigures } from './calibration.ts';
import { seededRandom } from './random.ts';

/** Rows whose true label is drawn from softmax(sharpness · scores). */
function drawn(rows: number, sharpness: number): HeldOutScores {
  const random = seededRandom(5);
  const labelCount = 3;
  const scores = Float32Array.from({ length: rows * labelCount }, () => 4 * random() - 2);
  const labels = Int32Array.from({ length: rows }, (_, row) => {
    const weights = [0, 1, 2].map((k) => Math.exp(sharpness * scores[row * labelCount + k]!));
    let left = random() * weights.reduce((sum, weight) => sum + weight, 0);
    return weights.findIndex((weight) => {
      left -= weight;
      return left < 0;
    });
  });
  return { scores, labels, labelCount };
}

for (const sharpness of [0.3, 1, 3]) {
  test(`finds the temperature ${sharpness} that rows were drawn with`, () => {
    const held = drawn(20_000, sharpness);
    assert.ok(Math.abs(fitTemperature(held) / sharpness - 1) < 0.06);
    const figures = validationFigures(held, 20_000, ['a', 'b', 'c']);
    assert.ok(figures.expectedCalibrationError < 0.02, String(figures.expectedCalibrationError));
    assert.equal(figures.rows, 20_000);
  });
}

test('a few rows, all right, do not make the model sure of everything', () => {
  const held = { scores: Float32Array.of(2, 0, 2, 0, 0, 2), labels: Int32Array.of(0, 0, 1), labelCount: 2 };
  assert.ok(fitTemperature(held) < 3);
  assert.equal(validationFigures(held, 3, ['a', 'b']).accuracy, 1);
});

test('further rows help to calibrate but are not judged', () => {
  const held = drawn(200, 3);
  const wrong = { scores: Float32Array.of(9, 0, 0), labels: Int32Array.of(1), labelCount: 3 };
  const both = joinHeldOut([held, wrong]);
  assert.equal(both.labels.length, 201);
  assert.deepEqual(both.scores.slice(-3), wrong.scores);
  const labels = ['a', 'b', 'c'];
  const [alone, joined] = [validationFigures(held, 200, labels), validationFigures(both, 200, labels)];
  assert.equal(joined.accuracy, alone.accuracy);
  assert.equal(joined.rows, 200);
  assert.ok(joined.logLoss > alone.logLoss, 'the wrong row made the temperature lower');
});
