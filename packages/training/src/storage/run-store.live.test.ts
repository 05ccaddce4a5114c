import { after, before } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
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
