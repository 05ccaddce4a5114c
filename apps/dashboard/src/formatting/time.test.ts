import assert from 'node:assert/strict';
import { test } from 'node:test';
import { day, exactTime, relativeTime, shortTime, stopwatch } from './time.ts';

const at = Date.parse('2026-11-21T23:30:05Z');
const now = Date.parse('2026-11-22T00:30:00Z');

test('times stand in the viewer’s zone', () => {
  assert.equal(exactTime(at, { timeZone: 'UTC' }), '21 Nov 2026, 23:30:05 UTC');
  assert.match(exactTime(at, { timeZone: 'Asia/Tokyo' }), /^22 Nov 2026, 08:30:05 GMT\+9$/);
  assert.equal(shortTime(at, { now, timeZone: 'UTC' }), '21 Nov, 23:30');
  assert.equal(shortTime(at, { now: Date.parse('2027-02-01T00:00:00Z'), timeZone: 'UTC' }), '21 Nov 2026, 23:30');
  assert.equal(day(at, { timeZone: 'Asia/Tokyo' }), '22 Nov 2026');
});

test('distances', () => {
  const ago = (milliseconds: number) => relativeTime(now - milliseconds, { now, timeZone: 'UTC' });
  assert.equal(ago(10_000), 'just now');
  assert.equal(ago(-10_000), 'just now');
  assert.equal(ago(50_000), '1 min ago');
  assert.equal(ago(3_600_000), '1 h ago');
  assert.equal(ago(-3 * 3_600_000), 'in 3 h');
  assert.equal(ago(26 * 3_600_000), '1 day ago');
  assert.equal(ago(8 * 86_400_000), '14 Nov, 00:30');
});

test('a stopwatch has hours only when it needs them', () => {
  assert.equal(stopwatch(7_900), '0:07');
  assert.equal(stopwatch(750_000), '12:30');
  assert.equal(stopwatch(3_723_000), '1:02:03');
  assert.equal(stopwatch(-5), '0:00');
});
