import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { FakeClock } from '@understudy/kernel/testing';
import { Tasks } from '../tasks.ts';
import { RecordingAuditTrail, taskStoreContract } from '../testing/index.ts';
import { decisionsMigrations, PostgresTaskStore } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [decisionsMigrations] });
});
after(() => db.close());

taskStoreContract('PostgresTaskStore', async () => new PostgresTaskStore(db.database));

test('the same definition again is no edit, however the database orders its fields', async () => {
  const audit = new RecordingAuditTrail();
  const tasks = new Tasks({ store: new PostgresTaskStore(db.database), audit, clock: new FakeClock() });
  const principal = { kind: 'api_key', workspace: 'ws_1', id: 'key_1', scopes: new Set<string>() } as const;
  const definition = {
    kind: 'text_classification',
    labels: [{ name: 'a', description: 'first' }, { name: 'b' }],
    automation: { mode: 'uncertified', min_confidence: 0.9 },
  } as const;
  const put = () => tasks.put(principal, 'same', structuredClone(definition) as never, {}, 'req_1');
  const first = await put();
  assert.deepEqual((await put()).task, first.task);
  assert.equal(audit.entries.length, 1);
});

test('a revision keeps its labels for ever', async () => {
  const rows = await db.asOwner<{ revision: number }>('SELECT revision FROM decisions.task_revisions');
  assert.ok(rows.length > 0);
  await assert.rejects(
    db.database.asSystem((tx) => tx.deleteFrom('decisions.task_revisions').execute()),
    /permission denied|database/,
  );
});
