import type { Migrations } from '@understudy/kernel';

export { PostgresRegistryStore } from './registry-store.ts';

export const registryMigrations: Migrations = {
  room: 'registry',
  directory: new URL('./migrations/', import.meta.url),
};
