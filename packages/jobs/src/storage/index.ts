import type { Migrations } from '@understudy/kernel';

export { PostgresDeadLetterStore } from './dead-letter-store.ts';
export { JOB_CHANNEL, JobBell } from './job-bell.ts';
export { PostgresJobStore } from './job-store.ts';
export { PostgresQueueFigures } from './queue-figures.ts';
export { PostgresSourceStore, SOURCES_CHANNEL } from './source-store.ts';
export { PostgresTrailStore } from './trail-store.ts';

export const jobsMigrations: Migrations = { room: 'jobs', directory: new URL('./migrations/', import.meta.url) };
