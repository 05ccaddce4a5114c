import type { Migrations } from '@understudy/kernel';

export const ledgerMigrations: Migrations = { room: 'ledger', directory: new URL('./migrations/', import.meta.url) };
export { PostgresEchoStore } from './echo-store.ts';
export { PostgresFeedCursors } from './feed-cursors.ts';
export { PostgresLedgerStorage } from './postgres-ledger-storage.ts';
export { PostgresRecordReader } from './record-reader.ts';
export { PostgresRollupStorage } from './rollup-storage.ts';
