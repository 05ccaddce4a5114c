import type { Migrations } from '@understudy/kernel';

export const ledgerMigrations: Migrations = { room: 'ledger', directory: new URL('./migrations/', import.meta.url) };
export { PostgresLedgerStorage } from './postgres-ledger-storage.ts';
