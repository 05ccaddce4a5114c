import type { Migrations } from '@understudy/kernel';

export { PostgresTaskStore } from './task-store.ts';

export const decisionsMigrations: Migrations = {
  room: 'decisions',
  directory: new URL('./migrations/', import.meta.url),
};
export { PostgresAuditKeys } from './audit-keys.ts';
export { PostgresCertificateStore } from './certificate-store.ts';
