import type { Migrations } from '@understudy/kernel';

export { PostgresRunStore } from './run-store.ts';

export const trainingMigrations: Migrations = {
  room: 'training',
  directory: new URL('./migrations/', import.meta.url),
};
