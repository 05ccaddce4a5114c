import assert from 'node:assert/strict';
import { test } from 'node:test';

// The module makes the page's client when it is loaded; outside of a page there is no address for it.
Object.assign(globalThis, { window: { location: { origin: 'http://127.0.0.1' } } });
const { automationOver } = await import('./recent-automation.ts');

const start = Date.parse('2026-11-21T08:00:00Z');
const row = (seconds: number, outcome: 'automated' | 'review') => ({
  id: `dec_${seconds}`,
  created_at: new Date(start + seconds * 1000).toISOString(),
  outcome,
});

test('two minutes come out in steps of ten seconds, each with its own share', () => {
  const rows = Array.from({ length: 120 }, (_, second) => row(second, second >= 60 ? 'automated' : 'review'));
  const points = automationOver(rows);
  assert.equal(points.length, 12);
  assert.deepEqual(
    points.map(({ rate }) => rate),
    [0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1],
  );
  assert.equal(points[0]!.at, start + 5000);
  assert.ok(points.every(({ decisions }) => decisions === 10));
});

test('pauses are left out, and no span has more than 49 points', () => {
  const points = automationOver([row(0, 'review'), row(3600, 'automated')]);
  assert.deepEqual(
    points.map(({ rate }) => rate),
    [0, 1],
  );
  const long = automationOver(Array.from({ length: 1000 }, (_, index) => row(index * 100, 'automated')));
  assert.ok(long.length <= 49);
});
