import type { Migrations } from '@understudy/kernel';

export { PostgresAuditLog } from './audit-log.ts';
export { PostgresIdentityStore } from './identity-store.ts';
export { KEYS_CHANNEL, PostgresKeyDirectory } from './key-directory.ts';

export const identityMigrations: Migrations = {
  room: 'identity',
  directory: new URL('./migrations/', import.meta.url),
};
