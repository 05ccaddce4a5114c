import type { Migrations } from '@understudy/kernel';

export const valueMigrations: Migrations = { room: 'value', directory: new URL('./migrations/', import.meta.url) };
export { PostgresReplayStore } from './replay-store.ts';
