import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fisherGreater } from './fisher.ts';

test('agrees with the tea tasting (Fisher 1935): 3 of 4 right, p = 17/70', () => {
  assert.ok(Math.abs(fisherGreater(3, 4, 1, 4) - 17 / 70) < 1e-12);
  assert.ok(Math.abs(fisherGreater(4, 4, 0, 4) - 1 / 70) < 1e-12);
});

test('is small only where the first group succeeds more', () => {
  assert.ok(fisherGreater(95, 100, 60, 100) < 1e-8);
  assert.ok(fisherGreater(60, 100, 95, 100) > 0.999);
  assert.equal(fisherGreater(0, 0, 5, 10), 1);
  assert.throws(() => fisherGreater(3, 2, 0, 1), RangeError);
});
