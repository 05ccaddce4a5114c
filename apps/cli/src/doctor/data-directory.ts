import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { bytes } from '../terminal/format.ts';
import { type Check, fail, ok, skip, warn } from './check.ts';

const LITTLE = 2 * 1024 ** 3;
const TOO_LITTLE = 200 * 1024 ** 2;

/** The folder itself, or the nearest one above it that exists. */
function nearest(path: string): string {
  return existsSync(path) || dirname(path) === path ? path : nearest(dirname(path));
}

export function dataDirectoryCheck(dataDir: string): Check {
  return {
    name: 'data directory',
    run: () => {
      const place = nearest(dataDir);
      if (!statSync(place).isDirectory()) return fail(`${place} is not a folder`, 'choose another UNDERSTUDY_DATA_DIR');
      try {
        accessSync(place, constants.R_OK | constants.W_OK | constants.X_OK);
      } catch {
        return fail(
          `${place} cannot be written to`,
          'give its owner to the user that runs the server, or choose another UNDERSTUDY_DATA_DIR',
        );
      }
      return ok(place === dataDir ? dataDir : `${dataDir} (made by the first start)`);
    },
  };
}

export function diskSpaceCheck(dataDir: string): Check {
  return {
    name: 'disk space',
    run: () => {
      const { bavail, bsize, ffree, files } = statfsSync(nearest(dataDir));
      const free = Number(bavail) * Number(bsize);
      if (free < TOO_LITTLE)
        return fail(`${bytes(free)} free`, 'free some space: the server refuses to write when the disk is full');
      if (files > 0 && ffree < 1000)
        return fail(`${ffree} inodes free`, 'remove files, or choose another UNDERSTUDY_DATA_DIR');
      if (free < LITTLE) return warn(`${bytes(free)} free`, 'imports and models may need more');
      return ok(`${bytes(free)} free`);
    },
  };
}

export interface Holder {
  /** Whether a server holds the directory now. */
  held: boolean;
  pid: number | null;
}

/** The server holds an exclusive SQLite transaction on `server.lock`: the kernel drops it however the server ends. */
export function holderOf(dataDir: string): Holder {
  const directory = join(dataDir, 'postgres');
  const file = join(directory, 'server.lock');
  if (!existsSync(file)) return { held: false, pid: null };
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file, { timeout: 0 });
    lock.exec('BEGIN EXCLUSIVE');
    lock.exec('ROLLBACK');
    return { held: false, pid: null };
  } catch (error) {
    if ((error as { errcode?: number }).errcode !== 5) throw error; // 5 = SQLITE_BUSY
    return { held: true, pid: pidIn(join(directory, 'server.pid')) };
  } finally {
    lock?.close();
  }
}

function pidIn(file: string): number | null {
  try {
    const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
    return Number.isNaN(pid) ? null : pid;
  } catch {
    return null;
  }
}

export function lockCheck(dataDir: string, embedded: boolean): Check {
  return {
    name: 'directory lock',
    run: () => {
      if (!embedded) return skip('the database is not in this directory');
      const { held, pid } = holderOf(dataDir);
      if (!held) return ok('free: no server runs on it');
      return ok(`held by a running server${pid === null ? '' : ` (process ${pid})`}`);
    },
  };
}
