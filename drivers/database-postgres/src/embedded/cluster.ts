import { execFile } from 'node:child_process';
import { chownSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { databaseErrors } from '../errors.ts';
import type { Binaries } from './binaries.ts';
import { SERVER_ENVIRONMENT } from './postmaster.ts';
import type { ServerUser } from './server-user.ts';

const run = promisify(execFile);

/** The superuser of the embedded cluster: owns the database and its tables, runs migrations, serves no request. */
export const OWNER_ROLE = 'understudy_owner';

export interface ClusterOptions {
  binaries: Binaries;
  /** Where the cluster goes (PGDATA). Its parent has to be reachable for `user`. */
  cluster: string;
  password: string;
  user: ServerUser | undefined;
  /** False only for throw-away clusters of unit tests. */
  durable: boolean;
}

/**
 * Makes a new cluster with `initdb`: UTF-8, code point order whatever locales the machine has, checksums, password
 * authentication on every way in. It appears under its name only once it is complete and on disk.
 *
 * @throws `embedded_postgres_failed`
 */
export async function initialiseCluster(options: ClusterOptions): Promise<void> {
  const { binaries, cluster, user } = options;
  const unfinished = `${cluster}.new`;
  const passwordFile = `${cluster}.password.new`;
  rmSync(unfinished, { recursive: true, force: true }); // of an earlier attempt that was killed
  makePrivateDirectory(unfinished, user);
  writeFileSync(passwordFile, options.password, { mode: 0o600 });
  try {
    if (user !== undefined) chownSync(passwordFile, user.uid, user.gid);
    const provider =
      binaries.majorVersion >= 17
        ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C']
        : ['--locale=C.UTF-8'];
    await run(
      binaries.initdb,
      [
        ...['-D', unfinished, '-U', OWNER_ROLE, '-E', 'UTF8', ...provider],
        ...['--auth=scram-sha-256', `--pwfile=${passwordFile}`, '--data-checksums'],
        ...(options.durable ? [] : ['--no-sync', '--wal-segsize=1']),
      ],
      { cwd: '/', env: SERVER_ENVIRONMENT, ...(user === undefined ? {} : { uid: user.uid, gid: user.gid }) },
    );
    renameSync(unfinished, cluster);
  } catch (error) {
    const { stderr, message } = error as { stderr?: string; message: string };
    rmSync(unfinished, { recursive: true, force: true });
    throw databaseErrors.embedded_postgres_failed(`initdb failed: ${stderr?.trim() || message}`, { cause: error });
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/**
 * Checks that an existing directory is a cluster that these binaries can run, and ours.
 *
 * @throws `data_directory_unusable`
 */
export function assertClusterUsable(cluster: string, { majorVersion }: Binaries): void {
  const self = process.getuid?.() ?? 0;
  const owner = statSync(cluster).uid;
  if (self !== 0 && owner !== self) {
    throw databaseErrors.data_directory_unusable(
      `${cluster} belongs to user ${owner}, and this process runs as user ${self}. Start the server as the user who made it, or change its owner: chown -R ${self} ${dirname(cluster)}`,
    );
  }
  let version: number;
  try {
    version = Number.parseInt(readFileSync(join(cluster, 'PG_VERSION'), 'utf8'), 10);
  } catch (error) {
    throw databaseErrors.data_directory_unusable(`${cluster} is not a PostgreSQL directory.`, { cause: error });
  }
  if (version !== majorVersion) {
    throw databaseErrors.data_directory_unusable(
      `${cluster} was made by PostgreSQL ${version}; this server brings PostgreSQL ${majorVersion}. Move the data with pg_dumpall and a PostgreSQL ${version}, or start the version of Understudy that made it.`,
    );
  }
}

/** Makes a directory that only `user` (undefined: we) can enter. */
export function makePrivateDirectory(path: string, user: ServerUser | undefined): void {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  if (user !== undefined) chownSync(path, user.uid, user.gid);
}
