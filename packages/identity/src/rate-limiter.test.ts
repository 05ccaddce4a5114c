import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@understudy/kernel/testing';
import type { KeyPrincipal } from './authenticator.ts';
import { KeyRateLimiter } from './rate-limiter.ts';

const key = (id: string, requestsPerMinute: number | null = null): KeyPrincipal => ({
  kind: 'api_key',
  workspace: 'ws_a',
  id,
  scopes: new Set(),
  requestsPerMinute,
});

test('a key may send its limit at once, then waits as long as it is told', () => {
  const clock = new FakeClock();
  const limiter = new KeyRateLimiter(clock, 1_000);
  const limited = key('key_1', 60);
  for (let left = 59; left >= 0; left--) {
    assert.deepEqual(limiter.take(limited), { allowed: true, limit: 60, remaining: left, resetSeconds: 60 - left });
  }
  const refused = limiter.take(limited);
  assert.deepEqual(refused, { allowed: false, limit: 60, remaining: 0, resetSeconds: 1 });
  clock.advance(refused.resetSeconds * 1_000);
  assert.equal(limiter.take(limited).allowed, true);
  assert.equal(limiter.take(limited).allowed, false);
});

test('asking while refused does not put the next request off', () => {
  const clock = new FakeClock();
  const limiter = new KeyRateLimiter(clock, 1);
  const one = key('key_1');
  assert.ok(limiter.take(one).allowed);
  for (let second = 1; second < 60; second++) {
    clock.advance(1_000);
    assert.equal(limiter.take(one).allowed, false);
  }
  clock.advance(1_000);
  assert.ok(limiter.take(one).allowed);
});

test('keys do not share a limit, and those without one have the default', () => {
  const limiter = new KeyRateLimiter(new FakeClock(), 2);
  assert.equal(limiter.take(key('key_1')).limit, 2);
  limiter.take(key('key_1'));
  assert.equal(limiter.take(key('key_1')).allowed, false);
  assert.equal(limiter.take(key('key_2')).allowed, true);
});

test('a clock that goes back gives nothing and takes nothing', () => {
  const clock = new FakeClock();
  const limiter = new KeyRateLimiter(clock, 2);
  limiter.take(key('key_1'));
  clock.advance(-3_600_000);
  assert.equal(limiter.take(key('key_1')).remaining, 0);
  assert.equal(limiter.take(key('key_1')).allowed, false);
});
