export { APPLICATION_ROLE } from './connection-config.ts';
export { type EmbeddedOptions, type EmbeddedPostgres, startEmbedded } from './embedded/embedded-postgres.ts';
export { databaseErrors } from './errors.ts';
export type { ExclusiveOptions, ExclusiveSession } from './exclusive-session.ts';
export { isForeignKeyViolation, isSerializationFailure, isUniqueViolation } from './failures.ts';
export { type MigrateOptions, type MigrateResult, migrate } from './migrate.ts';
export type { NotificationHandler } from './notifications.ts';
export { type DatabaseOptions, type OpenDatabase, openDatabase, type PoolStatistics } from './postgres-database.ts';
