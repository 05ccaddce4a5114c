import assert from 'node:assert/strict';
import { test } from 'node:test';
import { tampering } from './h7-tampering.ts';

test('H7 at a small scale: every tampered export is found, every untouched one verifies', async () => {
  const results = await tampering({ seeds: 3, decisions: 200 });
  assert.deepEqual(
    results.filter(({ pass }) => !pass),
    [],
  );
  assert.ok(results.length > 12);
});
