import type { Migrations } from '@understudy/kernel';

export const busMigrations: Migrations = { room: 'bus', directory: new URL('./migrations/', import.meta.url) };
