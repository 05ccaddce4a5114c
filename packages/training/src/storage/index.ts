import type { Migrations } from '@understudy/kernel';

export { PostgresCertificationStore } from './certification-store.ts';
export { PostgresRunStore } from './run-store.ts';

export const trainingMigrations: Migrations = {
  room: 'training',
  directory: new URL('./migrations/', import.meta.url),
};
