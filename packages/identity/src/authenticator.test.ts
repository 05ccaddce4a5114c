import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Principal, silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import type { ApiKey } from './api-key.ts';
import { KeyAuthenticator } from './authenticator.ts';
import { operatorPrincipal } from './operator.ts';
import type { KeyDirectory } from './ports.ts';
import { hashSecret, newApiKeySecret, newOperatorSecret } from './secret.ts';
import { hostileTokens } from './testing/hostile-tokens.ts';

/** A directory in memory that counts what it is asked and can be away. */
class MemoryDirectory implements KeyDirectory {
  readonly keys = new Map<string, ApiKey>();
  readonly touched: { workspace: string; id: string; at: number }[] = [];
  asked = 0;
  away = false;
  /** Set to hold answers back until it resolves. */
  gate: Promise<void> | undefined;

  async findByHash(hash: Uint8Array): Promise<ApiKey | null> {
    this.asked++;
    const found = this.keys.get(Buffer.from(hash).toString('hex')) ?? null;
    const answer = found === null ? null : { ...found };
    await this.gate;
    if (this.away) throw new Error('away');
    return answer;
  }

  async touch(uses: readonly { workspace: string; id: string; at: number }[]): Promise<void> {
    if (this.away) throw new Error('away');
    this.touched.push(...uses);
  }

  add(secret: string, change: Partial<ApiKey> = {}): ApiKey {
    const key: ApiKey = {
      id: `key_${this.keys.size}`,
      workspace: 'ws_a',
      name: 'a key',
      hint: 'us_…',
      scopes: ['tasks:read'],
      requestsPerMinute: null,
      createdBy: 'operator',
      createdAt: 0,
      expiresAt: null,
      revokedAt: null,
      lastUsedAt: null,
      ...change,
    };
    this.keys.set(hashSecret(secret).toString('hex'), key);
    return key;
  }
}

function setUp(cacheSize?: number) {
  const directory = new MemoryDirectory();
  const clock = new FakeClock();
  const operatorKey = newOperatorSecret();
  const make = () =>
    new KeyAuthenticator({
      directory,
      clock,
      logger: silentLogger,
      operatorHash: hashSecret(operatorKey),
      ...(cacheSize === undefined ? {} : { cacheSize }),
    });
  return { directory, clock, operatorKey, make, authenticator: make() };
}

test('a key is its workspace, id and scopes; the second time without a question and without a promise', async () => {
  const { directory, authenticator } = setUp();
  const secret = newApiKeySecret();
  const key = directory.add(secret, { requestsPerMinute: 60 });
  assert.deepEqual(await authenticator.authenticate(secret), {
    ...{ kind: 'api_key', workspace: 'ws_a', id: key.id, scopes: new Set(['tasks:read']), requestsPerMinute: 60 },
  });
  const again = authenticator.authenticate(secret);
  assert.ok(!(again instanceof Promise));
  assert.equal(again?.id, key.id);
  assert.equal(directory.asked, 1);
});

test('requests that arrive together ask once', async () => {
  const { directory, authenticator } = setUp();
  const secret = newApiKeySecret();
  directory.add(secret);
  const principals = await Promise.all(Array.from({ length: 50 }, () => authenticator.authenticate(secret)));
  assert.ok(principals.every((principal) => principal?.workspace === 'ws_a'));
  assert.equal(directory.asked, 1);
});

test('tokens that are no keys are refused without a question and without a promise', () => {
  const { directory, authenticator } = setUp();
  for (const token of hostileTokens) assert.equal(authenticator.authenticate(token), null, token.slice(0, 60));
  assert.equal(directory.asked, 0);
  assert.equal(authenticator.size, 0);
});

test('an unknown key is asked for once in a while, however often it is sent', async () => {
  const { directory, authenticator, clock } = setUp();
  const secret = newApiKeySecret();
  assert.equal(await authenticator.authenticate(secret), null);
  assert.equal(authenticator.authenticate(secret), null);
  assert.equal(directory.asked, 1);
  clock.advance(3_000);
  assert.equal(await authenticator.authenticate(secret), null);
  assert.equal(directory.asked, 2);
});

test('the operator key is the operator; another one of its form is nobody', () => {
  const { authenticator, operatorKey } = setUp();
  assert.equal(authenticator.authenticate(operatorKey), operatorPrincipal);
  assert.equal(authenticator.authenticate(newOperatorSecret()), null);
});

test('a key expires on time, cached or not', async () => {
  const { directory, authenticator, clock } = setUp();
  const secret = newApiKeySecret();
  directory.add(secret, { expiresAt: clock.now() + 1_000 });
  assert.ok(await authenticator.authenticate(secret));
  clock.advance(999);
  assert.ok(authenticator.authenticate(secret));
  clock.advance(1);
  assert.equal(authenticator.authenticate(secret), null);
  clock.advance(60_000);
  assert.equal(await authenticator.authenticate(secret), null);
});

test('a revocation reaches a process that hears of it at once, and one that does not within five seconds', async () => {
  const { directory, clock, make, authenticator: told } = setUp();
  const deaf = make();
  const secret = newApiKeySecret();
  const key = directory.add(secret);
  assert.ok(await told.authenticate(secret));
  assert.ok(await deaf.authenticate(secret));
  key.revokedAt = clock.now();
  told.invalidate(key.id);
  assert.equal(await told.authenticate(secret), null);
  assert.ok(deaf.authenticate(secret));
  let elapsed = 0;
  for (; elapsed < 5_000; elapsed += 100) {
    clock.advance(100);
    if ((await deaf.authenticate(secret)) === null) break;
  }
  assert.ok(elapsed < 5_000);
  assert.equal(await deaf.authenticate(secret), null);
});

test('an idle key is asked for again after its age, even though nothing refreshed it meanwhile', async () => {
  const { directory, clock, authenticator } = setUp();
  const secret = newApiKeySecret();
  const key = directory.add(secret);
  assert.ok(await authenticator.authenticate(secret));
  key.revokedAt = clock.now();
  clock.advance(4_000);
  assert.equal(await authenticator.authenticate(secret), null);
});

test('a look-up that began before a revocation does not bring the key back into memory', async () => {
  const { directory, clock, authenticator } = setUp();
  const secret = newApiKeySecret();
  const key = directory.add(secret);
  const gate = Promise.withResolvers<void>();
  directory.gate = gate.promise;
  const early = authenticator.authenticate(secret);
  key.revokedAt = clock.now();
  authenticator.invalidate(key.id);
  gate.resolve();
  await early;
  assert.equal(await authenticator.authenticate(secret), null);
});

test('while the database is away a known key lives on for its age and no longer, and a refresh is no error', async () => {
  const { directory, clock, authenticator } = setUp();
  const secret = newApiKeySecret();
  directory.add(secret);
  assert.ok(await authenticator.authenticate(secret));
  directory.away = true;
  clock.advance(3_000);
  assert.ok(authenticator.authenticate(secret));
  await new Promise(setImmediate);
  clock.advance(1_000);
  await assert.rejects(async () => authenticator.authenticate(secret), /away/);
  await assert.rejects(async () => authenticator.authenticate(newApiKeySecret()), /away/);
  directory.away = false;
  assert.ok(await authenticator.authenticate(secret));
});

test('memory stays bounded under a flood of keys and of unknown tokens', async () => {
  const { directory, authenticator } = setUp(10);
  for (let i = 0; i < 100; i++) {
    const secret = newApiKeySecret();
    directory.add(secret);
    await authenticator.authenticate(secret);
    await authenticator.authenticate(newApiKeySecret());
  }
  assert.ok(authenticator.size <= 20);
});

test('the last use is written down in batches, the latest time once a key; a failure is no error', async () => {
  const { directory, clock, authenticator } = setUp();
  const secret = newApiKeySecret();
  const key = directory.add(secret);
  await authenticator.authenticate(secret);
  clock.advance(1_500);
  const last = authenticator.authenticate(secret) as Principal;
  assert.ok(last);
  await authenticator.flush();
  assert.deepEqual(directory.touched, [{ workspace: 'ws_a', id: key.id, at: clock.now() }]);
  await authenticator.flush();
  assert.equal(directory.touched.length, 1);
  directory.away = true;
  authenticator.authenticate(secret);
  await authenticator.flush();
  assert.equal(directory.touched.length, 1);
});
