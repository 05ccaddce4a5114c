import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginOf, periodFacts, periods } from './period.ts';

test('a period begins as many days ago as it says', () => {
  const now = Date.parse('2026-03-31T12:00:00Z');
  assert.equal(beginOf('24h', now), '2026-03-30T12:00:00.000Z');
  assert.equal(beginOf('7d', now), '2026-03-24T12:00:00.000Z');
  for (const period of periods) {
    assert.equal((now - Date.parse(beginOf(period, now))) / 86_400_000, periodFacts[period].days);
  }
});
