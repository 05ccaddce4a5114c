import { after, before } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { certificationStoreContract } from '../testing/certification-store.contract.ts';
import { PostgresCertificationStore, trainingMigrations } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [trainingMigrations] });
});
after(() => db.close());

certificationStoreContract('PostgresCertificationStore', async () => {
  await db.asOwner('TRUNCATE training.certification_scores');
  return new PostgresCertificationStore(db.database);
});
