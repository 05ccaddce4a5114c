import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GIVE_UP_MS } from './delivery.ts';
import { BREAKER_FAILURES, nextAttemptAt, restUntil, retryAfterMs } from './retry-schedule.ts';

const HOUR = 3_600_000;

/** All attempts of a delivery that never succeeds, in ms after the first. */
function attempts(random: () => number, wishMs: number | null = null): number[] {
  const all: number[] = [];
  for (let now: number | null = 0; now !== null; ) {
    all.push(now);
    now = nextAttemptAt({ failures: all.length, now, giveUpAt: GIVE_UP_MS, wishMs }, random);
    assert.ok(all.length < 400_000);
  }
  return all;
}

test('attempts spread over three days, the last when they are over, however the dice fall', () => {
  for (const [value, fewest, most] of [
    [0.999, 19, 30],
    [0.5, 25, 45],
    [0.1, 60, 200],
  ] as const) {
    const all = attempts(() => value);
    assert.ok(all.length >= fewest && all.length <= most, `${value}: ${all.length} attempts`);
    assert.equal(all.at(-1), GIVE_UP_MS);
    assert.ok(all.every((at, index) => index === 0 || at > all[index - 1]!));
    assert.ok(all[3]! < 3 * 60_000, 'the first ones come soon');
    assert.ok(all.every((at, index) => index === 0 || at - all[index - 1]! <= 6 * HOUR));
  }
});

test('jitter is full: what failed together does not come back together', () => {
  const at = (random: number) =>
    nextAttemptAt({ failures: 6, now: 0, giveUpAt: GIVE_UP_MS, wishMs: null }, () => random)!;
  assert.equal(at(0), 1000);
  assert.equal(at(0.5), (10_000 * 3 ** 5) / 2);
  assert.ok(at(0.999) > at(0.5));
});

test('a receiver’s wish is honoured, up to a day, and never beyond the end', () => {
  const next = (wishMs: number, now = 0) =>
    nextAttemptAt({ failures: 1, now, giveUpAt: GIVE_UP_MS, wishMs }, () => 0.5);
  assert.equal(next(HOUR), HOUR);
  assert.equal(next(1000 * HOUR), 24 * HOUR);
  assert.equal(next(1000 * HOUR, GIVE_UP_MS - HOUR), GIVE_UP_MS);
  assert.equal(next(0, GIVE_UP_MS), null);
  assert.equal(retryAfterMs('120', 0), 120_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 01:00:00 GMT', 0), HOUR);
  assert.equal(retryAfterMs('Thu, 01 Jan 1970 01:00:00 GMT', 2 * HOUR), 0);
  for (const header of [undefined, '', 'soon', '-5', '1e9999999999'])
    assert.equal(retryAfterMs(header, 0), null, header);
});

test('a target rests after some failures, ever longer, and at most five minutes', () => {
  for (let failures = 0; failures < BREAKER_FAILURES; failures++)
    assert.equal(
      restUntil(failures, 7, () => 0.5),
      null,
    );
  const rest = (failures: number, random: number) => restUntil(failures, 0, () => random)!;
  assert.deepEqual([rest(5, 0), rest(5, 1)], [2500, 5000]);
  assert.ok(rest(7, 0.5) > rest(6, 0.5));
  assert.deepEqual([rest(50, 0), rest(50, 1), rest(2000, 1)], [150_000, 300_000, 300_000]);
});
