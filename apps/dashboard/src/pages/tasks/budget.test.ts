import assert from 'node:assert/strict';
import { test } from 'node:test';
import { asSet, budgetProblem, inWords, percentageOf, shareOf } from './budget.ts';

test('shares are said as people count', () => {
  assert.equal(inWords(0.05), '5 in 100');
  assert.equal(inWords(0.005), '5 in 1,000');
  assert.equal(inWords(0.025), '25 in 1,000');
  assert.equal(inWords(0.1), '10 in 100');
  assert.equal(inWords(0.0002), '2 in 10,000');
  assert.equal(inWords(1 / 3), '1 in 3');
  assert.equal(inWords(0.07), '7 in 100');
});

test('impossible budgets are refused with a reason, possible ones are not', () => {
  for (const [maxError, confidence] of [
    [0, 0.95],
    [1, 0.95],
    [-0.1, 0.95],
    [Number.NaN, 0.95],
    [0.05, 1],
    [0.05, 0.5],
    [0.05, Number.NaN],
  ] as const) {
    assert.notEqual(budgetProblem(maxError, confidence), null, `${maxError} at ${confidence}`);
  }
  assert.equal(budgetProblem(0.001, 0.999), null);
  assert.equal(budgetProblem(0.999, 0.501), null);
});

test('percentages survive the way there and back', () => {
  for (const share of [0.05, 0.07, 0.001, 0.29, 0.999]) assert.equal(shareOf(percentageOf(share)), share);
});

test('budgets are shown as they were set', () => {
  assert.equal(asSet(0.05), '5\u00a0%');
  assert.equal(asSet(0.07), '7\u00a0%');
  assert.equal(asSet(0.0025), '0.25\u00a0%');
  assert.equal(asSet(0.999), '99.9\u00a0%');
});
