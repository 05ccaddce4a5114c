import assert from 'node:assert/strict';
import { test } from 'node:test';
import { H2_FULL, nearDuplicates } from './h2-near-duplicates.ts';

test('H2 at a small scale: grouping finds planted copies, and without it the promise breaks', () => {
  const results = nearDuplicates({ ...H2_FULL, splits: 6, texts: 500 });
  assert.deepEqual(
    results.filter(({ pass }) => !pass),
    [],
  );
  assert.equal(results.length, 2);
});
