import assert from 'node:assert/strict';
import { test } from 'node:test';
import { echoes } from './h6-echo.ts';

test('H6 at a small size: copied answers change no certificate, and would break one if they counted', () => {
  const results = echoes({ seeds: 12, feedback: 2000 });
  for (const { scenario, measured, pass } of results) assert.ok(pass, `${scenario}: ${JSON.stringify(measured)}`);
  assert.equal(results[0]!.measured.rows_that_count, 0);
});
