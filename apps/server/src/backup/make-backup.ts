import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { constants, createGzip } from 'node:zlib';
import { dumpDatabase } from '@understudy/database-postgres';
import type { ObjectStore } from '@understudy/lake';
import { codeVersion } from '../version.ts';
import { type BackupLine, writeLines } from './archive.ts';

export interface BackupSource {
  /** The owner's URL. */
  databaseUrl: string;
  objects: Pick<ObjectStore, 'list'>;
  /** Where the objects lie, a file a key. */
  objectsDir: string;
  now(): number;
}

/**
 * Everything that this server keeps, as one gzipped stream of JSON lines: the database as of one moment, then every
 * object (model files, datasets), which are never changed, only added. Memory stays constant.
 */
export function makeBackup(source: BackupSource): Readable {
  const gzip = createGzip({ level: constants.Z_BEST_SPEED });
  const lines = Readable.from(writeLines(content(source)), { objectMode: true });
  lines.on('error', (error) => gzip.destroy(error));
  gzip.on('close', () => lines.destroy());
  return lines.pipe(gzip);
}

async function* content(source: BackupSource): AsyncGenerator<BackupLine> {
  yield { kind: 'backup', format: 1, version: codeVersion, made_at: new Date(source.now()).toISOString() };
  yield* dumpDatabase(source.databaseUrl);
  for await (const { key } of source.objects.list('')) {
    yield { kind: 'object', key };
    const file = createReadStream(join(source.objectsDir, ...key.split('/')), { highWaterMark: 192 * 1024 });
    for await (const chunk of file as AsyncIterable<Buffer>) yield { kind: 'bytes', bytes: chunk.toString('base64') };
  }
}
