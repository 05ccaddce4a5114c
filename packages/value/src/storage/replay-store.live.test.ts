import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { sql } from 'kysely';
import { exampleReplay, replayStoreContract } from '../testing/index.ts';
import { PostgresReplayStore, valueMigrations } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [valueMigrations] });
});
after(() => db.close());

const empty = async () => {
  await db.database.asSystem((tx) => sql`DELETE FROM value.replays`.execute(tx));
  return new PostgresReplayStore(db.database);
};

replayStoreContract('PostgresReplayStore', empty);

test('another workspace sees no replay, even without a filter', async () => {
  const store = await empty();
  await store.create(exampleReplay({ workspace: 'ws_mine' }), 10);
  const unfiltered = (workspace: string) =>
    db.database.inWorkspace(workspace, async (tx) => (await sql`SELECT 1 FROM value.replays`.execute(tx)).rows.length);
  assert.deepEqual([await unfiltered('ws_mine'), await unfiltered('ws_foreign')], [1, 0]);
});
