import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { databaseErrors } from '../errors.ts';

const SQLITE_BUSY = 5;

/**
 * Holds a data directory for this process alone. Node has no flock; an exclusive SQLite transaction is one: a POSIX
 * lock on the inode, which the kernel drops the moment that the process ends however it ends, and which holds across
 * containers that share the directory. A file with a process id in it would do neither.
 *
 * @throws `data_directory_in_use` `data_directory_unusable`
 */
export function lockDirectory(directory: string): () => void {
  const holder = join(directory, 'server.pid');
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(join(directory, 'server.lock'), { timeout: 0 });
    lock.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    lock?.close();
    if ((error as { errcode?: number }).errcode === SQLITE_BUSY) {
      throw databaseErrors.data_directory_in_use(
        `Another Understudy server${readHolder(holder)} is running on ${directory}. Stop it first, or set UNDERSTUDY_DATA_DIR to another directory.`,
      );
    }
    throw databaseErrors.data_directory_unusable(
      `${directory} cannot be locked: it has to be writable, on a file system with POSIX locks.`,
      { cause: error },
    );
  }
  writeFileSync(holder, `${process.pid}\n`);
  return () => lock.close();
}

function readHolder(file: string): string {
  try {
    return ` (process ${Number.parseInt(readFileSync(file, 'utf8'), 10)})`;
  } catch {
    return '';
  }
}
