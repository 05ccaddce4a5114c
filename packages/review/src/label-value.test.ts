import assert from 'node:assert/strict';
import { createSecretKey } from 'node:crypto';
import { test } from 'node:test';
import { dueAt, HEAD_START_MS, labelValue } from './label-value.ts';
import { drawLots } from './lots.ts';

const judged = (confidence: number, over: object = {}) => ({
  candidates: [
    { label: 'spam', score: confidence },
    { label: 'ok', score: 1 - confidence },
  ],
  confidence,
  threshold: 0.9,
  suggestion: { label: 'spam', confidence },
  ...over,
});
const none = new Map<string, number>();

test('a label is worth more where the model was unsure or close to its threshold, and for seldom labels', () => {
  assert.ok(labelValue(judged(0.5), none) > labelValue(judged(0.7), none));
  assert.ok(labelValue(judged(0.89), none) > labelValue(judged(0.7), none));
  const seldom = new Map([
    ['spam', 2],
    ['ok', 98],
  ]);
  const often = new Map([
    ['spam', 98],
    ['ok', 2],
  ]);
  assert.ok(labelValue(judged(0.7), seldom) > labelValue(judged(0.7), often));
});

test('without a model every label is worth the same, and no odd figure leaves [0, 1]', () => {
  assert.equal(labelValue(judged(0.5, { suggestion: null, confidence: null, candidates: [] }), none), 0.5);
  for (const odd of [
    judged(1),
    judged(0, { threshold: 0 }),
    judged(1, { threshold: 1, candidates: [] }),
    judged(Number.NaN),
  ]) {
    const value = labelValue(odd, none);
    assert.ok(value >= 0 && value <= 1, String(value));
  }
});

test('nothing starves: whatever comes later than the head start waits behind', () => {
  assert.ok(dueAt(0, 0) < dueAt(HEAD_START_MS + 1, 1));
  assert.ok(dueAt(HEAD_START_MS - 1, 1) < dueAt(0, 0));
});

test('lots are the same for the same decision, differ by key, and spread over [0, 1)', () => {
  const key = createSecretKey(Buffer.alloc(32, 1));
  assert.deepEqual(drawLots(key, 'dec_a'), drawLots(key, 'dec_a'));
  assert.notDeepEqual(drawLots(createSecretKey(Buffer.alloc(32, 2)), 'dec_a'), drawLots(key, 'dec_a'));
  const lots = Array.from({ length: 2000 }, (_, i) => drawLots(key, `dec_${i}`));
  for (const name of ['hide', 'second', 'gold', 'place'] as const) {
    const mean = lots.reduce((sum, lot) => sum + lot[name], 0) / lots.length;
    assert.ok(Math.abs(mean - 0.5) < 0.03, `${name}: ${mean}`);
  }
});
