import type { Migrations } from '@understudy/kernel';

export { PostgresDeliveryStore } from './delivery-store.ts';
export { PostgresOutgoingStore } from './outgoing-store.ts';
export { foldQueueDepths } from './queue-depths.ts';
export { PostgresWebhookStore } from './webhook-store.ts';

export const eventsMigrations: Migrations = { room: 'events', directory: new URL('./migrations/', import.meta.url) };
