import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@understudy/kernel/testing';
import { Pauses } from './pauses.ts';

test('pauses double up to the limit, each a draw from nothing to there', () => {
  const clock = new FakeClock();
  const draws = [1, 0.5, 0.25, 0, 1, 1];
  const pauses = new Pauses(clock, () => draws.shift() ?? 1);
  const ended: number[] = [];
  for (let failure = 1; failure <= 6; failure++) {
    assert.equal(pauses.fail('bus', 500, 4_000), failure);
    const begin = clock.now();
    while (pauses.blocks('bus')) clock.advance(1);
    ended.push(clock.now() - begin);
  }
  assert.deepEqual(ended, [500, 500, 500, 0, 4_000, 4_000]);
  assert.deepEqual([pauses.succeed('bus'), pauses.succeed('bus'), pauses.blocks('bus')], [true, false, false]);
  assert.equal(pauses.fail('bus', 500, 4_000), 1);
});

test('leaving alone is no failure', () => {
  const clock = new FakeClock();
  const pauses = new Pauses(clock, () => 1);
  pauses.hold('topic', 100);
  assert.equal(pauses.blocks('topic'), true);
  clock.advance(100);
  assert.deepEqual([pauses.blocks('topic'), pauses.succeed('topic')], [false, false]);
});

test('any number of names take a bounded memory, the last ones kept', () => {
  const pauses = new Pauses(new FakeClock(), () => 1);
  for (let name = 0; name < 100_000; name++) pauses.fail(`topic-${name}`, 500, 4_000);
  let known = 0;
  for (let name = 0; name < 100_000; name++) if (pauses.blocks(`topic-${name}`)) known++;
  assert.ok(known <= 10_000 && pauses.blocks('topic-99999'), `${known} known`);
});

test('a clock that is set back makes no pause longer', () => {
  const clock = new FakeClock();
  const pauses = new Pauses(clock, () => 1);
  pauses.fail('bus', 500, 4_000);
  assert.equal(pauses.blocks('bus'), true);
  clock.advance(-3_600_000);
  assert.equal(pauses.blocks('bus'), false);
});
