import assert from 'node:assert/strict';
import { test } from 'node:test';
import { budgetStops, placeOf, stopAt } from './dial-scale.ts';

test('every stop stands at its own place, and values between stops between them', () => {
  for (const [index, stop] of budgetStops.entries()) {
    assert.equal(placeOf(stop, budgetStops), index);
    assert.equal(stopAt(index, budgetStops), stop);
  }
  const place = placeOf(0.045, budgetStops);
  assert.ok(place > placeOf(0.04, budgetStops) && place < placeOf(0.05, budgetStops));
});

test('what lies outside stands at the end', () => {
  assert.equal(placeOf(0.0001, budgetStops), 0);
  assert.equal(placeOf(0.9, budgetStops), budgetStops.length - 1);
  assert.equal(stopAt(-3, budgetStops), budgetStops[0]);
  assert.equal(stopAt(99, budgetStops), budgetStops.at(-1));
});
