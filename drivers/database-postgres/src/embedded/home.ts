import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Logger } from '@understudy/kernel';
import { databaseErrors } from '../errors.ts';
import { makePrivateDirectory } from './cluster.ts';
import { canReach, type ServerUser } from './server-user.ts';

/** Where root's servers keep their files when the data directory lies where only root can go. */
const SHARED_STATE = '/var/lib/understudy';

const PORT = 5432; // names the socket's file; nothing listens on a port
/** `sun_path` holds 108 bytes on Linux and 104 on macOS, with the final NUL. */
const LONGEST_SOCKET_PATH = 103;

/**
 * The folder that holds everything the server's user has to reach: the data directory itself, or, where that user
 * cannot pass (root's home is closed to everybody else), a folder under /var/lib whose name the data directory keeps.
 *
 * @throws `data_directory_unusable`
 */
export function resolveHome(dataDir: string, user: ServerUser | undefined, logger: Logger): string {
  if (user === undefined) return dataDir;
  chmodSync(dataDir, 0o711);
  if (canReach(join(dataDir, 'cluster'), user)) return dataDir;
  const pointer = join(dataDir, 'moved-to');
  if (existsSync(pointer)) {
    const home = readFileSync(pointer, 'utf8').trim();
    if (existsSync(home)) return home;
    throw databaseErrors.data_directory_unusable(
      `The database of ${dataDir} lies in ${home}, which is gone. Restore it, or remove ${pointer} to begin with an empty database.`,
    );
  }
  const home = join(SHARED_STATE, randomBytes(8).toString('hex'));
  try {
    mkdirSync(SHARED_STATE, { recursive: true, mode: 0o755 });
    mkdirSync(home, { mode: 0o711 });
  } catch (error) {
    throw databaseErrors.data_directory_unusable(
      `User ${user.name}, who runs PostgreSQL, cannot enter ${dataDir} because a folder above it is closed, and ${SHARED_STATE} cannot be made. Set UNDERSTUDY_DATA_DIR to a folder that others may pass through.`,
      { cause: error },
    );
  }
  writeDurably(pointer, `${home}\n`);
  logger.warn(
    { dataDir, home, user: user.name },
    'the database is kept elsewhere: its user cannot enter the data directory',
  );
  return home;
}

/**
 * A private folder for the server's socket: beside the cluster, or under the temporary directory when that path is
 * too long for a socket or its file system has none. The choice is remembered, so that a server left running is found.
 *
 * @throws `embedded_postgres_unavailable`
 */
export async function resolveSocketDirectory(home: string, user: ServerUser | undefined): Promise<string> {
  const beside = join(home, 'run');
  if (socketPath(beside).length <= LONGEST_SOCKET_PATH) {
    makePrivateDirectory(beside, user);
    if (await takesSockets(beside)) return beside;
  }
  const pointer = join(home, 'socket-directory');
  if (existsSync(pointer)) {
    const remembered = readFileSync(pointer, 'utf8').trim();
    if (isPrivate(remembered, user)) return remembered;
  }
  const directory = mkdtempSync(join(tmpdir(), 'understudy-'));
  makePrivateDirectory(directory, user);
  if (socketPath(directory).length > LONGEST_SOCKET_PATH || !(await takesSockets(directory))) {
    rmSync(directory, { recursive: true });
    throw databaseErrors.embedded_postgres_unavailable(
      `Neither ${beside} nor ${tmpdir()} can hold the database's socket (path too long, or no sockets on that file system). Choose a shorter UNDERSTUDY_DATA_DIR, or set DATABASE_URL.`,
    );
  }
  writeDurably(pointer, `${directory}\n`);
  return directory;
}

/** The URL of a database of the server that listens in `socketDirectory`. */
export function socketUrl(socketDirectory: string, role: string, password: string, database: string): string {
  return `postgres://${role}:${encodeURIComponent(password)}@localhost:${PORT}/${database}?host=${encodeURIComponent(socketDirectory)}`;
}

/** The owner's password: made once, readable by us only. */
export function ownerPassword(dataDir: string, clusterExists: boolean): string {
  const file = join(resolve(dataDir), 'owner.password');
  if (existsSync(file)) return readFileSync(file, 'utf8').trim();
  if (clusterExists) {
    throw databaseErrors.data_directory_unusable(
      `${file} is missing: without it nobody can log in. Restore it from a backup.`,
    );
  }
  const password = randomBytes(32).toString('base64url');
  writeDurably(file, `${password}\n`);
  return password;
}

function writeDurably(file: string, content: string): void {
  const descriptor = openSync(file, 'w', 0o600);
  try {
    writeSync(descriptor, content);
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
}

function socketPath(directory: string): string {
  return join(directory, `.s.PGSQL.${PORT}`);
}

function isPrivate(directory: string, user: ServerUser | undefined): boolean {
  const stats = lstatSync(directory, { throwIfNoEntry: false });
  const owner = user?.uid ?? process.getuid?.();
  return stats?.isDirectory() === true && stats.uid === owner && (stats.mode & 0o077) === 0;
}

/** Some shared and network file systems cannot hold a socket; only trying shows it. */
function takesSockets(directory: string): Promise<boolean> {
  return new Promise((done) => {
    const path = join(directory, `probe-${process.pid}`);
    const server = createServer();
    server.once('error', () => done(false));
    server.listen(path, () => server.close(() => done(true)));
  });
}
