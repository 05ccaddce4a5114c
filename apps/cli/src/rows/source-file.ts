import { createReadStream, statSync } from 'node:fs';
import { extname } from 'node:path';
import { createGunzip } from 'node:zlib';
import type { ImportFormat } from '@understudy/client';
import { UsageError } from '../exit-codes.ts';

const FORMATS: Record<string, ImportFormat> = {
  '.csv': 'csv',
  '.tsv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
  '.json': 'json',
};

/** Rows to send, in a file or on stdin, possibly compressed. */
export interface SourceFile {
  format: ImportFormat;
  gzipped: boolean;
  /** In bytes as they lie on disk; undefined for stdin. */
  size: number | undefined;
  /** The bytes as they are; `onBytes` is told how many were read so far. A file can be opened again. */
  open(onBytes?: (bytes: number) => void): AsyncIterable<Uint8Array>;
  /** Whether `open` may be called more than once. */
  reopens: boolean;
}

/** `path` is a file or `-`. Throws UsageError when it cannot be read or its format is not clear. */
export function sourceFile(path: string, format: ImportFormat | undefined, stdin: NodeJS.ReadStream): SourceFile {
  if (path === '-') {
    if (format === undefined) throw new UsageError('say what comes on stdin: --format csv, ndjson or json');
    return { format, gzipped: false, size: undefined, reopens: false, open: (onBytes) => counted(stdin, onBytes) };
  }
  let size: number;
  try {
    const stats = statSync(path);
    if (stats.isDirectory()) throw new UsageError(`${path} is a folder`);
    size = stats.size;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`${path} cannot be read: ${(error as NodeJS.ErrnoException).code}`);
  }
  const gzipped = /\.gz$/i.test(path);
  const known = format ?? FORMATS[extname(gzipped ? path.slice(0, -3) : path).toLowerCase()];
  if (known === undefined)
    throw new UsageError(`the name ${path} does not tell the format: add --format csv, ndjson or json`);
  return {
    format: known,
    gzipped,
    size,
    reopens: true,
    open: (onBytes) => counted(createReadStream(path, { highWaterMark: 256 * 1024 }), onBytes),
  };
}

/** The bytes of the rows themselves, decompressed where the source is not. */
export function plainBytes(source: SourceFile, onBytes?: (bytes: number) => void): AsyncIterable<Uint8Array> {
  const bytes = source.open(onBytes);
  return source.gzipped ? unzipped(bytes) : bytes;
}

async function* counted(
  stream: AsyncIterable<Uint8Array>,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<Uint8Array> {
  let done = 0;
  for await (const chunk of stream) {
    done += chunk.byteLength;
    onBytes?.(done);
    yield chunk;
  }
}

async function* unzipped(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const { Readable } = await import('node:stream');
  const compressed = Readable.from(bytes, { objectMode: false });
  const plain = createGunzip();
  compressed.on('error', (error) => plain.destroy(error));
  compressed.pipe(plain);
  try {
    yield* plain as AsyncIterable<Uint8Array>;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw code?.startsWith('Z_') ? new UsageError(`the file is not sound gzip: ${(error as Error).message}`) : error;
  }
}
