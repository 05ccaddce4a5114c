import type { Migrations } from '@understudy/kernel';

export { PostgresReviewStore } from './review-store.ts';

export const reviewMigrations: Migrations = { room: 'review', directory: new URL('./migrations/', import.meta.url) };
