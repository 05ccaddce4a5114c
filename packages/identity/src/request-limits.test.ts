import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import { KeyRateLimiter } from './rate-limiter.ts';
import { RequestLimits } from './request-limits.ts';

const key = (id: string, workspace = 'ws_a', requestsPerMinute: number | null = null) =>
  ({ kind: 'api_key', workspace, id, scopes: new Set<string>(), requestsPerMinute }) satisfies Principal & {
    requestsPerMinute: number | null;
  };

function limitsWith(quotas: Record<string, number>, clock = new FakeClock()) {
  return new RequestLimits({
    keys: new KeyRateLimiter(clock, 10),
    workspaces: new KeyRateLimiter(clock, 10),
    quotas: { limitOf: (workspace) => quotas[workspace] ?? null },
  });
}

test('without a quota only the key counts', () => {
  const limits = limitsWith({});
  const { allowed, limits: counted } = limits.take(key('key_1'));
  assert.deepEqual(
    [allowed, counted.map(({ name, limit, remaining }) => [name, limit, remaining])],
    [true, [['key', 10, 9]]],
  );
});

test('all keys of a workspace share its quota, and no other workspace does', () => {
  const limits = limitsWith({ ws_a: 6, ws_b: 6 });
  for (let i = 0; i < 6; i++) assert.ok(limits.take(key(`key_${i % 3}`)).allowed);
  const refused = limits.take(key('key_9'));
  assert.equal(refused.allowed, false);
  assert.deepEqual(
    refused.limits.map(({ name, allowed, remaining }) => [name, allowed, remaining]),
    [
      ['key', true, 10],
      ['workspace', false, 0],
    ],
  );
  assert.equal(refused.limits[1]!.resetSeconds, 10);
  assert.ok(limits.take(key('key_1', 'ws_b')).allowed);
});

test('what one limit refuses is not counted against the other', () => {
  const clock = new FakeClock();
  const limits = limitsWith({ ws_a: 100 }, clock);
  const small = key('key_1', 'ws_a', 1);
  assert.ok(limits.take(small).allowed);
  for (let i = 0; i < 50; i++) assert.equal(limits.take(small).allowed, false);
  const { limits: counted } = limits.take(key('key_2'));
  assert.deepEqual(
    counted.map(({ name, remaining }) => [name, remaining]),
    [
      ['key', 9],
      ['workspace', 98],
    ],
  );
});

test('a member counts by session, and against the workspace too', () => {
  const limits = limitsWith({ ws_a: 2 });
  const member = (session: string): Principal & { requestsPerMinute: null } => ({
    ...key('mem_1'),
    kind: 'member',
    session,
    requestsPerMinute: null,
  });
  assert.equal(limits.take(member('ses_1')).limits[0]!.name, 'session');
  assert.ok(limits.take(member('ses_2')).allowed);
  assert.equal(limits.take(member('ses_3')).allowed, false);
});
