import { after, before } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { systemClock } from '@understudy/kernel';
import { ledgerStorageContract } from '../testing/ledger-storage.contract.ts';
import { ledgerMigrations, PostgresLedgerStorage } from './index.ts';

let database: TestDatabase;
before(async () => {
  database = await createTestDatabase({ migrations: [ledgerMigrations] });
  await new PostgresLedgerStorage(database.database).ensurePartitions(Date.now(), Date.now());
});
after(() => database.close());

ledgerStorageContract('PostgreSQL', async () => ({
  storage: new PostgresLedgerStorage(database.database),
  clock: systemClock,
}));
