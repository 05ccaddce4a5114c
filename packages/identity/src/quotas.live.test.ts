import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { isUnderstudyError, silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import type { Caller } from './caller.ts';
import { operatorPrincipal } from './operator.ts';
import { type Quota, QuotaMemory, Quotas } from './quotas.ts';
import {
  identityMigrations,
  PostgresAuditLog,
  PostgresIdentityStore,
  PostgresQuotaStore,
  QUOTAS_CHANNEL,
} from './storage/index.ts';

let db: TestDatabase;
let quotas: Quotas;
let store: PostgresQuotaStore;
const clock = new FakeClock();
const operator: Caller = { principal: operatorPrincipal, requestId: 'req_1' };

before(async () => {
  db = await createTestDatabase({ migrations: [identityMigrations] });
  await db.asOwner(`INSERT INTO identity.workspaces VALUES ('ws_a', 'A', now(), false), ('ws_b', 'B', now(), false)`);
  store = new PostgresQuotaStore(db.database);
  const audit = new PostgresAuditLog(clock);
  quotas = new Quotas({ database: db.database, store, workspaces: new PostgresIdentityStore(), audit });
});
after(() => db.close());

const none: Quota = { requestsPerMinute: null };

async function until(holds: () => boolean): Promise<void> {
  for (let turn = 0; turn < 2000 && !holds(); turn++) await new Promise((done) => setTimeout(done, 5));
  assert.ok(holds());
}

test('a quota is set, read, changed and taken away, each with a line in the audit log', async () => {
  assert.deepEqual(await quotas.get('ws_a'), none);
  assert.deepEqual(await quotas.set(operator, 'ws_a', { requestsPerMinute: 60 }), { requestsPerMinute: 60 });
  await quotas.set(operator, 'ws_a', { requestsPerMinute: 90 });
  assert.deepEqual([await quotas.get('ws_a'), await quotas.get('ws_b')], [{ requestsPerMinute: 90 }, none]);
  await quotas.set(operator, 'ws_a', none);
  assert.deepEqual(await quotas.get('ws_a'), none);
  const lines = await db.asOwner<{ details: unknown }>(
    `SELECT details FROM identity.audit_log WHERE action = 'workspace.quota_changed' ORDER BY entry_id`,
  );
  assert.equal(lines.length, 3);
});

test('a workspace that does not exist has no quota', async () => {
  const notFound = (error: unknown) => isUnderstudyError(error) && error.code === 'workspace_not_found';
  await assert.rejects(quotas.get('ws_none'), notFound);
  await assert.rejects(quotas.set(operator, 'ws_none', none), notFound);
});

test('a process hears of a change, and holds the default until it knows better', async () => {
  await quotas.set(operator, 'ws_b', { requestsPerMinute: 7 });
  const memory = new QuotaMemory({ directory: store, defaultPerMinute: 1_000, clock, logger: silentLogger });
  const stop = await db.listen(QUOTAS_CHANNEL, (workspace) => memory.forget(workspace));
  assert.equal(memory.limitOf('ws_b'), 1_000);
  await until(() => memory.limitOf('ws_b') === 7);
  await quotas.set(operator, 'ws_b', { requestsPerMinute: 8 });
  await until(() => memory.limitOf('ws_b') === 8);
  await quotas.set(operator, 'ws_b', none);
  await until(() => memory.limitOf('ws_b') === 1_000);
  stop();
});

test('while the database is away what was known holds, and it is not asked at every request', async () => {
  let asked = 0;
  let answer: Promise<Quota> = Promise.resolve({ requestsPerMinute: 5 });
  const directory = {
    read: () => {
      asked++;
      return answer;
    },
  };
  const memory = new QuotaMemory({ directory, defaultPerMinute: null, clock, logger: silentLogger });
  assert.equal(memory.limitOf('ws_a'), null);
  await until(() => memory.limitOf('ws_a') === 5);
  answer = Promise.reject(new Error('away'));
  answer.catch(() => {});
  clock.advance(61_000);
  for (let i = 0; i < 10; i++) {
    assert.equal(memory.limitOf('ws_a'), 5);
    await new Promise((done) => setImmediate(done));
  }
  assert.equal(asked, 2);
  clock.advance(2_000);
  memory.limitOf('ws_a');
  assert.equal(asked, 3);
});
