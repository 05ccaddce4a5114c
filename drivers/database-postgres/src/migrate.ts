import { type Logger, type Migrations, silentLogger } from '@understudy/kernel';
import { Client } from 'pg';
import { APPLICATION_ROLE, connectionConfig } from './connection-config.ts';
import { databaseErrors } from './errors.ts';
import { asDatabaseError } from './failures.ts';
import { type MigrationFile, readMigrations } from './migration-files.ts';
import { assertApplicationRole, assertTenantTables } from './tenant-guard.ts';

export interface MigrateOptions {
  /** The owner's URL: a role that may create schemas and roles. */
  url: string;
  /** The rooms in the order in which their migrations run. The driver's own schema `kernel` comes first by itself. */
  migrations: readonly Migrations[];
  /** Names `room/NNNN_name.sql` of those that may run; absent = all. For restoring an older state. */
  only?: ReadonlySet<string>;
  logger?: Logger;
}

export interface MigrateResult {
  /** Names `room/NNNN_name.sql` of the files that this call applied. */
  applied: string[];
}

const kernel: Migrations = { room: 'kernel', directory: new URL('./storage/migrations/', import.meta.url) };

/** Any number will do as long as nobody else uses it: the first eight bytes of SHA-256("understudy migrations"). */
const LOCK = '5120467330116822018';

/** A second server waits this long for the first one to finish migrating. */
const LOCK_TIMEOUT_MS = 120_000;

interface AppliedRow {
  room: string;
  number: number;
  name: string;
  sha256: string;
}

/**
 * Brings a database forward to these migrations and checks that no tenant table is unprotected. Safe to call from
 * several servers at once: one works, the others wait and find nothing left to do. Each file is one transaction.
 *
 * @throws `migration_drift` `migration_failed` `database_newer` `database_misconfigured` `tenant_table_unprotected`
 *   `database_unavailable` `database_url_invalid`
 */
export async function migrate(options: MigrateOptions): Promise<MigrateResult> {
  const logger = options.logger ?? silentLogger;
  const rooms: { room: string; files: MigrationFile[] }[] = [];
  for (const migrations of [kernel, ...options.migrations]) {
    const files = await readMigrations(migrations);
    const { only } = options;
    rooms.push({
      room: migrations.room,
      files: only === undefined ? files : files.filter(({ name }) => only.has(`${migrations.room}/${name}`)),
    });
  }
  const client = new Client(
    connectionConfig(options.url, 'understudy migrate', { synchronous_commit: 'on', timezone: 'UTC' }),
  );
  client.on('error', () => {}); // the statement that is running reports it
  try {
    await client.connect();
    await client.query(`SET lock_timeout = ${LOCK_TIMEOUT_MS}`);
    await client.query('SELECT pg_advisory_lock($1)', [LOCK]);
    // Migrations that move data work across tenants; an owner without BYPASSRLS is bound by FORCE like anybody.
    await client.query("SELECT set_config('app.workspace', '*', false)");
    await prepareDatabase(client);
    const applied = await readApplied(client);
    assertNoDrift(rooms, applied);
    const done = new Set(applied.map((row) => `${row.room}/${row.name}`));
    const result: string[] = [];
    for (const { room, files } of rooms) {
      const pending = files.filter((file) => !done.has(`${room}/${file.name}`));
      for (const file of pending) {
        await apply(client, file);
        result.push(`${room}/${file.name}`);
        logger.info({ migration: `${room}/${file.name}` }, 'migration applied');
      }
    }
    const schemas = rooms.map(({ room }) => room);
    await assertApplicationRole(client);
    await assertTenantTables(client, schemas);
    return { applied: result };
  } catch (error) {
    throw asDatabaseError(error);
  } finally {
    await client.end().catch(() => {}); // closing the session releases the lock
  }
}

/** The application role and the record of migrations. Roles belong to the whole cluster, so this may race. */
async function prepareDatabase(client: Client): Promise<void> {
  try {
    await client.query(`
      DO $$
      BEGIN
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${APPLICATION_ROLE}') THEN
          CREATE ROLE ${APPLICATION_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE NOINHERIT;
        END IF;
      EXCEPTION WHEN duplicate_object OR unique_violation THEN NULL;
      END $$`);
    await client.query(`
      DO $$
      BEGIN
        IF NOT pg_has_role(current_user, '${APPLICATION_ROLE}', 'MEMBER') THEN
          GRANT ${APPLICATION_ROLE} TO CURRENT_USER;
        END IF;
      EXCEPTION WHEN unique_violation THEN NULL;
      END $$`);
    await client.query(`
      CREATE SCHEMA IF NOT EXISTS kernel;
      CREATE TABLE IF NOT EXISTS kernel.migrations (
        room text NOT NULL,
        number integer NOT NULL,
        name text NOT NULL,
        sha256 text NOT NULL,
        applied_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (room, number)
      )`);
  } catch (error) {
    if ((error as { code?: string }).code !== '42501') throw error;
    throw databaseErrors.database_misconfigured(
      `The role of DATABASE_URL may not prepare the database. As an administrator run: CREATE ROLE ${APPLICATION_ROLE} NOLOGIN; GRANT ${APPLICATION_ROLE} TO <that role>; GRANT CREATE ON DATABASE <that database> TO <that role>;`,
      { cause: error },
    );
  }
}

async function readApplied(client: Client): Promise<AppliedRow[]> {
  const { rows } = await client.query<AppliedRow>(
    'SELECT room, number, name, sha256 FROM kernel.migrations ORDER BY room, number',
  );
  return rows;
}

function assertNoDrift(rooms: { room: string; files: MigrationFile[] }[], applied: AppliedRow[]): void {
  for (const row of applied) {
    const known = rooms.find(({ room }) => room === row.room)?.files;
    const file = known?.find(({ number }) => number === row.number);
    const title = `${row.room}/${row.name}`;
    if (known === undefined || (file === undefined && row.number > (known.at(-1)?.number ?? 0))) {
      throw databaseErrors.database_newer(`The database has applied ${title}, which this version does not know.`);
    }
    if (file === undefined) throw databaseErrors.migration_drift(`${title} was applied but its file is gone.`);
    if (file.name !== row.name) {
      throw databaseErrors.migration_drift(`${title} was applied but its file is now called ${file.name}.`);
    }
    if (file.sha256 !== row.sha256) {
      throw databaseErrors.migration_drift(`${title} was changed after it was applied.`);
    }
  }
  for (const { room, files } of rooms) {
    const ofRoom = applied.filter((row) => row.room === room);
    const last = ofRoom.at(-1);
    const late = files.find(
      ({ number }) => number < (last?.number ?? 0) && !ofRoom.some((row) => row.number === number),
    );
    if (late !== undefined) {
      throw databaseErrors.migration_drift(
        `${room}/${late.name} comes before ${last?.name}, which was applied already.`,
      );
    }
  }
}

async function apply(client: Client, file: MigrationFile): Promise<void> {
  try {
    await client.query('BEGIN');
    await openSchema(client, file.room);
    await client.query(file.sql);
    await client.query('INSERT INTO kernel.migrations (room, number, name, sha256) VALUES ($1, $2, $3, $4)', [
      file.room,
      file.number,
      file.name,
      file.sha256,
    ]);
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => {});
    const mapped = asDatabaseError(error);
    if (mapped !== error) throw mapped;
    throw databaseErrors.migration_failed(`${file.room}/${file.name}: ${(error as Error).message}`, { cause: error });
  }
}

/** Makes a room's schema, and gives the application role its rights on whatever the room will make in it. */
async function openSchema(client: Client, room: string): Promise<void> {
  const schema = client.escapeIdentifier(room);
  await client.query(`
    CREATE SCHEMA IF NOT EXISTS ${schema};
    GRANT USAGE ON SCHEMA ${schema} TO ${APPLICATION_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO ${APPLICATION_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT USAGE, SELECT ON SEQUENCES TO ${APPLICATION_ROLE};
    ALTER DEFAULT PRIVILEGES IN SCHEMA ${schema} GRANT EXECUTE ON FUNCTIONS TO ${APPLICATION_ROLE}`);
}
