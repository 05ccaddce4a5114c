import { chownSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { type Logger, silentLogger } from '@understudy/kernel';
import { Client } from 'pg';
import { databaseErrors } from '../errors.ts';
import { locateBinaries } from './binaries.ts';
import { assertClusterUsable, initialiseCluster, OWNER_ROLE } from './cluster.ts';
import { lockDirectory } from './directory-lock.ts';
import { ownerPassword, resolveHome, resolveSocketDirectory, socketUrl } from './home.ts';
import { boundLog, Postmaster } from './postmaster.ts';
import { serverArguments } from './server-settings.ts';
import { chooseServerUser, type ServerUser } from './server-user.ts';

export interface EmbeddedOptions {
  /** A folder for this alone, e.g. `<data>/postgres`. Made when missing. */
  dataDir: string;
  logger?: Logger;
}

export interface EmbeddedPostgres {
  /** The owner's URL, over the unix socket. Holds the password. */
  readonly url: string;
  /** Process id of the server that runs now; another one after a restart. */
  readonly pid: number;
  /** True when a server that an earlier, killed process had left running was taken over. */
  readonly adopted: boolean;
  /** Stops the server (open transactions are rolled back) and gives the directory free. */
  stop(): Promise<void>;
}

const DATABASE = 'understudy';

/**
 * Runs the PostgreSQL that npm installed on a data directory: makes the cluster at first, takes over a server that
 * outlived its process, starts it again should it die, and holds the directory against any other process. It listens
 * on a unix socket in a private folder, never on a port.
 *
 * @throws `data_directory_in_use` `data_directory_unusable` `embedded_postgres_unavailable` `embedded_postgres_failed`
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const logger = (options.logger ?? silentLogger).child({ component: 'postgres' });
  const dataDir = resolve(options.dataDir);
  makeDataDirectory(dataDir);
  const unlock = lockDirectory(dataDir);
  try {
    const knownHome = join(dataDir, 'cluster');
    const user = chooseServerUser(knownHome, logger);
    const home = resolveHome(dataDir, user, logger);
    const cluster = join(home, 'cluster');
    const exists = existsSync(cluster);
    const password = ownerPassword(dataDir, exists);
    const binaries = await locateBinaries(home, user, logger);
    if (exists) {
      giveToUser(cluster, user);
      assertClusterUsable(cluster, binaries);
    } else {
      logger.info({ dataDir }, 'making a new database');
      await initialiseCluster({ binaries, cluster, password, user, durable: true });
    }
    const socketDirectory = await resolveSocketDirectory(home, user);
    const logFile = join(dataDir, 'postgres.log');
    boundLog(logFile);
    const postmaster = new Postmaster({
      binaries,
      cluster,
      socketDirectory,
      arguments: serverArguments({ socketDirectory, durable: true, majorVersion: binaries.majorVersion }),
      user,
      logFile,
      logger,
    });
    const adopted = await postmaster.adopt();
    if (!adopted) await postmaster.start();
    try {
      await ensureDatabase(socketUrl(socketDirectory, OWNER_ROLE, password, 'postgres'));
    } catch (error) {
      await postmaster.stop();
      throw error;
    }
    return {
      url: socketUrl(socketDirectory, OWNER_ROLE, password, DATABASE),
      adopted,
      get pid() {
        return postmaster.pid;
      },
      stop: async () => {
        await postmaster.stop();
        unlock();
      },
    };
  } catch (error) {
    unlock();
    throw error;
  }
}

function makeDataDirectory(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true });
  } catch (error) {
    throw databaseErrors.data_directory_unusable(`${dataDir} cannot be made.`, { cause: error });
  }
}

/** A directory that root restored from a backup belongs to root; the server's user has to own it. */
function giveToUser(cluster: string, user: ServerUser | undefined): void {
  if (user === undefined || statSync(cluster).uid === user.uid) return;
  for (const entry of readdirSync(cluster, { recursive: true, encoding: 'utf8' })) {
    const path = join(cluster, entry);
    if (!lstatSync(path).isSymbolicLink()) chownSync(path, user.uid, user.gid);
  }
  chownSync(cluster, user.uid, user.gid);
}

async function ensureDatabase(url: string): Promise<void> {
  const client = new Client({ connectionString: url, application_name: 'understudy start' });
  client.on('error', () => {});
  try {
    await client.connect();
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [DATABASE]);
    if (rowCount === 0) await client.query(`CREATE DATABASE ${DATABASE}`);
  } catch (error) {
    throw databaseErrors.embedded_postgres_failed('PostgreSQL runs but does not let its owner in.', { cause: error });
  } finally {
    await client.end().catch(() => {});
  }
}
