import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beginOf, openingPeriod, overviewPeriods, periodFacts } from './period.ts';

test('a period begins as long ago as it says', () => {
  const now = Date.parse('2026-03-31T12:00:00Z');
  assert.equal(beginOf('24h', now), '2026-03-30T12:00:00.000Z');
  assert.equal(beginOf('7d', now), '2026-03-24T12:00:00.000Z');
  assert.equal(beginOf('15m', now), '2026-03-31T11:45:00.000Z');
  for (const period of overviewPeriods) {
    assert.equal((now - Date.parse(beginOf(period, now))) / 3_600_000, periodFacts[period].hours);
  }
});

test('a workspace whose decisions are all young opens on what goes on just now', () => {
  const now = Date.parse('2026-03-31T12:00:00Z');
  const minutesAgo = (minutes: number) => openingPeriod(now - minutes * 60_000, now);
  assert.deepEqual([minutesAgo(1), minutesAgo(14), minutesAgo(15), minutesAgo(59)], ['15m', '15m', '1h', '1h']);
  assert.equal(openingPeriod(null, now), '30d');
});
