import type { Migrations } from '@understudy/kernel';

export { PostgresOpenAiSettingsStore } from './openai-settings-store.ts';
export { PostgresPredictRouteStore } from './predict-route-store.ts';

export const compatMigrations: Migrations = { room: 'compat', directory: new URL('./migrations/', import.meta.url) };
