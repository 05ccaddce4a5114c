import type { Migrations } from '@understudy/kernel';

export { PostgresAuditLog } from './audit-log.ts';
export { PostgresIdentityStore } from './identity-store.ts';
export { KEYS_CHANNEL, PostgresKeyDirectory } from './key-directory.ts';
export { PostgresMemberStore } from './member-store.ts';
export { PostgresQuotaStore, QUOTAS_CHANNEL } from './quota-store.ts';
export { PostgresSessionDirectory, SESSIONS_CHANNEL } from './session-directory.ts';
export { PostgresSessionStore } from './session-store.ts';

export const identityMigrations: Migrations = {
  room: 'identity',
  directory: new URL('./migrations/', import.meta.url),
};
