import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { sql } from 'kysely';
import { exampleVersion, registryStoreContract } from '../testing/index.ts';
import { PostgresRegistryStore, registryMigrations } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [registryMigrations] });
});
after(() => db.close());

registryStoreContract('PostgresRegistryStore', async () => new PostgresRegistryStore(db.database));

test('the application cannot change a version or its history, nor see another workspace without a filter', async () => {
  const store = new PostgresRegistryStore(db.database);
  await store.addVersion(exampleVersion('ws_mine', 'm'), 0);
  await assert.rejects(
    db.database.inWorkspace('ws_mine', (tx) => sql`UPDATE registry.versions SET model = 'x'`.execute(tx)),
  );
  await assert.rejects(db.database.inWorkspace('ws_mine', (tx) => sql`DELETE FROM registry.alias_changes`.execute(tx)));
  const unfiltered = (workspace: string) =>
    db.database.inWorkspace(
      workspace,
      async (tx) => (await sql`SELECT 1 FROM registry.versions`.execute(tx)).rows.length,
    );
  assert.deepEqual([await unfiltered('ws_mine'), await unfiltered('ws_foreign')], [1, 0]);
});
