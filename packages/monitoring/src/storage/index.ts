import type { Migrations } from '@understudy/kernel';

export const monitoringMigrations: Migrations = {
  room: 'monitoring',
  directory: new URL('./migrations/', import.meta.url),
};
export { PostgresAlertStore } from './alert-store.ts';
export { PostgresAuditWatchStore } from './audit-watch-store.ts';
