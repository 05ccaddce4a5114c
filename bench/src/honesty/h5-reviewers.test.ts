import assert from 'node:assert/strict';
import { test } from 'node:test';
import { H5_FULL, reviewersAreFound } from './h5-reviewers.ts';

test('H5 on twelve streams: a reviewer who errs and one who only confirms are found, and the audited error is corrected', () => {
  const results = reviewersAreFound({ ...H5_FULL, seeds: 12 });
  assert.equal(results.length, 2);
  assert.deepEqual(
    results.filter(({ pass }) => !pass),
    [],
  );
  const uncorrected = Number.parseFloat(String(results[1]!.measured['uncorrected interval covers']));
  assert.ok(uncorrected < 50, 'without the correction the same harness shows the error overstated');
});
