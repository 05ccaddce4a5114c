import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { exampleRun } from '../testing/example-run.ts';
import { runStoreContract } from '../testing/run-store.contract.ts';
import { PostgresRunStore, trainingMigrations } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [trainingMigrations] });
});
after(() => db.close());

runStoreContract('PostgresRunStore', async () => {
  await db.asOwner('TRUNCATE training.runs');
  return new PostgresRunStore(db.database);
});

test('the policy of a task has one open run; runs by hand and of other tasks are not in its way', async () => {
  await db.asOwner('TRUNCATE training.runs');
  const store = new PostgresRunStore(db.database);
  const begun = (taskId: string, requestedBy = 'policy') => store.create(exampleRun({ taskId, requestedBy }));
  await begun('task_1', 'key_1');
  await begun('task_1');
  await begun('task_2');
  await begun('task_1', 'key_1');
  await assert.rejects(begun('task_1'), /runs_of_policy/);
  await db.asOwner(`UPDATE training.runs SET status = 'succeeded' WHERE task_id = 'task_1'`);
  await begun('task_1');
  assert.equal((await store.list('ws_1', 'task_1', { limit: 10 })).length, 4);
});
