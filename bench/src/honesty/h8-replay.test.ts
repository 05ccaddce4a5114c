import assert from 'node:assert/strict';
import { test } from 'node:test';
import { replaying } from './h8-replay.ts';

test('H8 at a small scale: history replayed with nothing changed is history', async () => {
  const results = await replaying({ seeds: 2, decisions: 500 });
  assert.deepEqual(
    results.filter(({ pass }) => !pass),
    [],
  );
  assert.equal(results.length, 3);
});
