import { createHash } from 'node:crypto';
import type { DumpPiece } from '@understudy/database-postgres';
import { backupErrors } from './errors.ts';

/** What a backup's lines are, besides the pieces of the database. */
export type BackupLine =
  | { kind: 'backup'; format: 1; version: string; made_at: string }
  | DumpPiece
  | { kind: 'object'; key: string }
  /** The next bytes of the object, in base64. */
  | { kind: 'bytes'; bytes: string }
  | { kind: 'end'; sha256: string };

/** Lines of JSON; the last one holds the SHA-256 over all before it, so that what was cut off is seen. */
export async function* writeLines(content: AsyncIterable<BackupLine>): AsyncGenerator<string> {
  const hash = createHash('sha256');
  for await (const line of content) {
    const text = `${JSON.stringify(line)}\n`;
    hash.update(text);
    yield text;
  }
  yield `${JSON.stringify({ kind: 'end', sha256: hash.digest('hex') } satisfies BackupLine)}\n`;
}

/**
 * Reads the lines back and checks them against the last one.
 *
 * @throws `backup_invalid` when something is no line of a backup, was changed, or the end is missing
 */
export async function* readLines(lines: AsyncIterable<string>): AsyncGenerator<Exclude<BackupLine, { kind: 'end' }>> {
  const hash = createHash('sha256');
  let ended = false;
  let first = true;
  for await (const text of lines) {
    if (ended) throw backupErrors.backup_invalid('There is something behind the end of the backup.');
    let line: BackupLine;
    try {
      line = JSON.parse(text) as BackupLine;
    } catch {
      throw backupErrors.backup_invalid('This is not a backup, or it was damaged.');
    }
    if (first && (line.kind !== 'backup' || line.format !== 1)) {
      throw backupErrors.backup_invalid('This is not a backup that this version can read.');
    }
    first = false;
    if (line.kind === 'end') {
      if (line.sha256 !== hash.digest('hex')) throw backupErrors.backup_invalid('The backup was changed or damaged.');
      ended = true;
      continue;
    }
    hash.update(`${text}\n`);
    yield line;
  }
  if (!ended) throw backupErrors.backup_invalid('The backup has no end: it was cut off.');
}
