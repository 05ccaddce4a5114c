import assert from 'node:assert/strict';
import { test } from 'node:test';
import { certificatesHold, H1_FULL } from './h1-certificates.ts';

test('H1 at a tenth: certificates on synthetic traffic keep their promise', () => {
  const results = certificatesHold({ ...H1_FULL, splits: H1_FULL.splits / 10 });
  assert.equal(results.length, 10);
  assert.deepEqual(
    results.filter(({ pass }) => !pass),
    [],
  );
  const calibrated = results[0]!.measured['budget 5 %'] as string;
  assert.match(calibrated, /100 % certified/, 'a good model is certified');
});
