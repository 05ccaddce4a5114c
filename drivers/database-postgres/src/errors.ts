import { defineErrors } from '@understudy/kernel';

export const databaseErrors = defineErrors({
  database_unavailable: {
    title: 'The database cannot be reached',
    description:
      'The database is starting, restarting, overloaded or gone. Nothing was stored by this request unless it carried an Idempotency-Key and had already committed; repeat it after the stated delay.',
    retryable: true,
  },
  storage_full: {
    title: 'The disk is full',
    description:
      'The database could not write because its disk has no room left. Free some space; the server recovers by itself, nothing that was acknowledged is lost.',
    retryable: true,
  },
  database_url_invalid: {
    title: 'DATABASE_URL is not usable',
    description: 'DATABASE_URL has to be one postgres:// or postgresql:// URL with a user and a database name.',
    retryable: false,
  },
  database_misconfigured: {
    title: 'The database is not set up as the server needs it',
    description:
      'The role that DATABASE_URL names cannot do what the migrations need, or the application role `understudy_app` has rights that would defeat tenant isolation. The message says which statement mends it.',
    retryable: false,
  },
  migration_drift: {
    title: 'An applied migration was changed',
    description:
      'A migration file that this database has already applied was edited, renamed, removed or preceded by a new one. Migrations only go forward: restore the file that the message names.',
    retryable: false,
  },
  migration_failed: {
    title: 'A migration failed',
    description:
      'The named migration file raised an error and was rolled back as a whole; the files before it stay applied.',
    retryable: false,
  },
  database_newer: {
    title: 'The database is newer than this server',
    description:
      'The database has applied migrations that this version does not know. Start the newer version again, or restore a backup made by this one.',
    retryable: false,
  },
  tenant_table_unprotected: {
    title: 'A tenant table has no row-level security',
    description:
      'Every table with a `workspace_id` column has to be protected with `kernel.protect(…)`, and every view has to run with the rights of its caller. The server does not start otherwise.',
    retryable: false,
  },
  database_not_empty: {
    title: 'The database holds data already',
    description: 'A backup is restored into an empty database only, so that it can overwrite nobody’s data.',
    retryable: false,
  },
  dump_invalid: {
    title: 'The dump does not fit this database',
    description: 'It names a table or sequence that cannot be one. Nothing was restored.',
    retryable: false,
  },
  data_directory_in_use: {
    title: 'The data directory is in use',
    description:
      'Another Understudy server is running on this data directory. Stop it first, or give this one a directory of its own.',
    retryable: false,
  },
  data_directory_unusable: {
    title: 'The data directory cannot be used',
    description:
      'The data directory belongs to another user, was made by another major version of PostgreSQL, or is not a database directory. The message says which, and what to do.',
    retryable: false,
  },
  embedded_postgres_unavailable: {
    title: 'The embedded PostgreSQL cannot run here',
    description:
      'There is no PostgreSQL binary for this platform, or no unprivileged user to run it under. Set DATABASE_URL to use a PostgreSQL server of your own.',
    retryable: false,
  },
  embedded_postgres_failed: {
    title: 'The embedded PostgreSQL did not start',
    description: 'The embedded PostgreSQL server ended while starting; the message carries the last lines of its log.',
    retryable: false,
  },
});
