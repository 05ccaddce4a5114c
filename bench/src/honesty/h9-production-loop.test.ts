import assert from 'node:assert/strict';
import { test } from 'node:test';
import { productionLoops } from './h9-production-loop.ts';

test('H9 at a small size: certificates from production labels hold, unweighted ones break where it was planted', () => {
  for (const { scenario, measured, pass } of productionLoops({ seeds: 2, rounds: 9, decisions: 800, short: true })) {
    assert.ok(pass, `${scenario}: ${JSON.stringify(measured)}`);
  }
});
