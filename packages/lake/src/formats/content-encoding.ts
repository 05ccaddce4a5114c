import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { lakeErrors } from '../errors.ts';

export interface DecompressionLimits {
  /** Most bytes that a body may unpack to. */
  maxBytes: number;
  /** Most unpacked bytes for each packed byte, looked at once `ratioFrom` bytes are unpacked. */
  maxRatio: number;
  ratioFrom: number;
}

export const defaultDecompressionLimits: DecompressionLimits = {
  maxBytes: 64 * 2 ** 30,
  maxRatio: 200,
  ratioFrom: 2 ** 20,
};

/**
 * Undoes at most one gzip layer. Several encodings, stacked or not, are `unsupported_encoding`: each layer multiplies
 * what a small body can unpack to. A broken or truncated stream is `invalid_gzip`, too much of it `decompression_limit`.
 */
export function decodeContent(
  source: AsyncIterable<Buffer>,
  encoding: string | undefined,
  limits: DecompressionLimits = defaultDecompressionLimits,
): AsyncIterable<Buffer> {
  const name = (encoding ?? 'identity').trim().toLowerCase();
  if (name === 'identity' || name === '') return source;
  if (name === 'gzip' || name === 'x-gzip') return gunzip(source, limits);
  throw lakeErrors.unsupported_encoding('the body may come plain or with exactly one `Content-Encoding: gzip`');
}

async function* gunzip(source: AsyncIterable<Buffer>, limits: DecompressionLimits): AsyncGenerator<Buffer> {
  let unpacked = 0;
  const unzip = createGunzip();
  const piping = pipeline(Readable.from(source, { objectMode: false }), unzip);
  // The same failure surfaces through the loop below.
  piping.catch(() => {});
  try {
    for await (const chunk of unzip as AsyncIterable<Buffer>) {
      unpacked += chunk.length;
      if (
        unpacked > limits.maxBytes ||
        (unpacked > limits.ratioFrom && unpacked > unzip.bytesWritten * limits.maxRatio)
      ) {
        throw lakeErrors.decompression_limit(
          `the gzip body unpacks to more than ${limits.maxBytes} bytes or ${limits.maxRatio} times its size`,
        );
      }
      yield chunk;
    }
    await piping;
  } catch (error) {
    const code = (error as NodeJS.ErrnoException | null)?.code;
    if (typeof code === 'string' && code.startsWith('Z_')) {
      throw lakeErrors.invalid_gzip(
        code === 'Z_BUF_ERROR' ? 'the gzip body ends before its data does' : 'the gzip body is damaged',
        { cause: error },
      );
    }
    throw error;
  }
}
