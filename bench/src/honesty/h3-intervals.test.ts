import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditedIntervals, intervalsAtEveryLook } from './h3-intervals.ts';

test('H3 at one tenth: intervals from audits and reviews hold the true error, precision, recall and F1', () => {
  const results = auditedIntervals(100, 0.1);
  assert.equal(results.length, 6);
  for (const { scenario, pass, measured } of results) assert.ok(pass, `${scenario}: ${JSON.stringify(measured)}`);
});

test('H3 at one tenth: an anytime interval that is read again and again is ever wrong in at most α of runs', () => {
  const [anytime, fixed] = intervalsAtEveryLook(100, 0.5);
  assert.ok(anytime?.pass, JSON.stringify(anytime));
  // The harness can tell: the interval for one look breaks when it is read often.
  assert.ok(Number(fixed?.measured['ever left out the truth']) > 0.05, JSON.stringify(fixed));
});
