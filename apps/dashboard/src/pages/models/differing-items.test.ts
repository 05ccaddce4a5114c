import assert from 'node:assert/strict';
import { test } from 'node:test';
import { itemsOf } from './differing-items.ts';

test('fields of one decision stand together', () => {
  const items = itemsOf([
    { decision: 'dec_1', field: 'outcome', recorded: 'automated', replayed: 'review' },
    { decision: 'dec_1', field: 'label', recorded: 'spam', replayed: null },
    { decision: 'dec_2', field: 'label', recorded: 'ok', replayed: 'spam' },
  ]);
  assert.deepEqual(items, [
    {
      decision: 'dec_1',
      recorded: { outcome: 'automated', label: 'spam' },
      replayed: { outcome: 'review', label: null },
    },
    { decision: 'dec_2', recorded: { label: 'ok' }, replayed: { label: 'spam' } },
  ]);
});
