import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type ScoreFunction, scoreOf, shapeOf } from './score.ts';

const labels = ['a', 'b', 'c'];
const known = new Set(labels);
const logistic: ScoreFunction = { kind: 'logistic', bias: 0, odds: 1, lead: 0, entropy: 0, labels: { b: -2 } };

test('the top probability, rounded to a millionth', () => {
  const answer = scoreOf({ kind: 'top_probability' }, labels, Float32Array.of(0.2, 0.7, 0.1), known);
  assert.deepEqual(answer, { label: 'b', score: 0.7 });
});

test('a logistic score with the weight of the odds alone is the top probability, less what its label costs', () => {
  assert.deepEqual(scoreOf(logistic, labels, Float32Array.of(0.7, 0.2, 0.1), known), { label: 'a', score: 0.7 });
  const { label, score } = scoreOf(logistic, labels, Float32Array.of(0.2, 0.7, 0.1), known)!;
  assert.equal(label, 'b');
  assert.ok(Math.abs(score - 1 / (1 + Math.exp(-(Math.log(0.7 / 0.3) - 2)))) < 1e-6);
});

test('labels that the task has lost and probabilities that are no numbers are never answered', () => {
  assert.deepEqual(scoreOf(logistic, labels, Float32Array.of(0.9, Number.NaN, 0.1), new Set(['b', 'c']))?.label, 'c');
  assert.equal(scoreOf(logistic, labels, Float32Array.of(0.9, 0.05, 0.05), new Set()), null);
  assert.equal(scoreOf(logistic, labels, Float32Array.of(Number.NaN, Number.NaN, Number.NaN), known), null);
});

test('certainty stays a number in 0…1', () => {
  const sure = scoreOf({ ...logistic, lead: 2, entropy: -3 }, labels, Float32Array.of(1, 0, 0), known)!;
  assert.ok(sure.score > 0.999 && sure.score <= 1);
  const hopeless = scoreOf({ ...logistic, bias: -1000 }, labels, Float32Array.of(1, 0, 0), known)!;
  assert.equal(hopeless.score, 0);
  assert.equal(scoreOf(logistic, ['__proto__'], Float32Array.of(0.5), new Set(['__proto__']))!.score, 0.5);
});

test('the shape of an answer', () => {
  const { top, odds, lead, entropy } = shapeOf(Float32Array.of(0.25, 0.5, 0.25));
  assert.deepEqual([top, odds], [1, 0]);
  assert.ok(Math.abs(lead - Math.log(2)) < 1e-6 && Math.abs(entropy - 1.5 * Math.log(2)) < 0.002);
  assert.deepEqual(shapeOf(Float32Array.of(1)), { top: 0, odds: 12, lead: 12, entropy: 0 });
});
