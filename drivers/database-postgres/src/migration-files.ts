import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Migrations } from '@understudy/kernel';
import { databaseErrors } from './errors.ts';

export interface MigrationFile {
  room: string;
  number: number;
  /** File name, e.g. `0001_decisions.sql`. */
  name: string;
  sql: string;
  /** SHA-256 of the text, line ends normalised, in hex. */
  sha256: string;
}

const NAME = /^(\d{4})_[a-z0-9_]+\.sql$/;
const ROOM = /^[a-z][a-z0-9_]{0,62}$/;

/**
 * Reads a room's migrations in the order of their numbers.
 *
 * @throws `migration_drift` on a file name of another form or a number used twice
 */
export async function readMigrations({ room, directory }: Migrations): Promise<MigrationFile[]> {
  if (!ROOM.test(room)) throw new Error(`"${room}" cannot be the name of a schema`);
  const path = fileURLToPath(directory);
  const files: MigrationFile[] = [];
  for (const name of (await readdir(path)).filter((entry) => entry.endsWith('.sql')).sort()) {
    const number = Number(NAME.exec(name)?.[1]);
    if (Number.isNaN(number)) {
      throw databaseErrors.migration_drift(`${room}/${name}: a migration is named NNNN_name.sql`);
    }
    if (files.at(-1)?.number === number) {
      throw databaseErrors.migration_drift(`${room}/${name}: its number is already taken by ${files.at(-1)?.name}`);
    }
    const sql = (await readFile(`${path}/${name}`, 'utf8')).replaceAll('\r\n', '\n');
    files.push({ room, number, name, sql, sha256: createHash('sha256').update(sql).digest('hex') });
  }
  return files;
}
