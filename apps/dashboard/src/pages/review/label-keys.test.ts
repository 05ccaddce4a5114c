import assert from 'node:assert/strict';
import { test } from 'node:test';
import { keyOf, matchingLabels, placeOf } from './label-keys.ts';

test('ten labels have keys', () => {
  assert.equal(keyOf(0), '1');
  assert.equal(keyOf(9), '0');
  assert.equal(keyOf(10), undefined);
  assert.equal(placeOf('0'), 9);
  assert.equal(placeOf('x'), -1);
});

test('labels are found by what people type', () => {
  const labels = ['lost_card', 'card_arrival', 'new_card', 'cash', 'discard'];
  assert.deepEqual(matchingLabels(labels, 'card'), ['card_arrival', 'lost_card', 'new_card', 'discard']);
  assert.deepEqual(matchingLabels(labels, 'Card Arr'), ['card_arrival']);
  assert.deepEqual(matchingLabels(labels, ' '), labels);
  assert.deepEqual(matchingLabels(labels, 'zebra'), []);
});
