import assert from 'node:assert/strict';
import { test } from 'node:test';
import { backoff, isRetryable, type RetryPolicy, retryAfterSeconds } from './retry.ts';

const policy = (random: number): RetryPolicy => ({
  maxRetries: 3,
  baseMilliseconds: 250,
  capMilliseconds: 8000,
  random: () => random,
});

test('Retry-After is read as a delta, as a date, and not at all when malformed', () => {
  const now = Date.parse('2026-05-01T12:00:00Z');
  assert.equal(retryAfterSeconds('7', now), 7);
  assert.equal(retryAfterSeconds('Fri, 01 May 2026 12:00:05 GMT', now), 5);
  assert.equal(retryAfterSeconds('Fri, 01 May 2026 11:00:00 GMT', now), 0);
  for (const header of ['soon', '-1', '1.5', '', null]) assert.equal(retryAfterSeconds(header, now), undefined);
});

test('the wait is full jitter under a doubling bound with a cap', () => {
  assert.deepEqual(
    [1, 2, 3, 20].map((repeat) => backoff(repeat, undefined, policy(1))),
    [250, 500, 1000, 8000],
  );
  assert.equal(backoff(3, undefined, policy(0)), 0);
});

test('what the server asked for is a floor', () => {
  assert.equal(backoff(1, 3, policy(0)), 3000);
  assert.equal(backoff(1, 3, policy(1)), 3250);
});

test('statuses and codes that may succeed later', () => {
  for (const status of [408, 429, 502, 503, 504]) assert.ok(isRetryable(status, 'x'));
  assert.ok(isRetryable(409, 'idempotency_key_in_flight'));
  for (const status of [400, 401, 403, 404, 409, 412, 422, 507]) assert.ok(!isRetryable(status, 'x'));
});
