export { openPostgresBus, type PostgresBusOptions, postgresCapabilities } from './postgres-event-bus.ts';
