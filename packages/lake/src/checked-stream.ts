import { createHash } from 'node:crypto';
import { lakeErrors } from './errors.ts';

/**
 * Passes a stream on while hashing it, one chunk behind: the last chunk is handed over only when the whole has the
 * expected SHA-256, else `object_corrupt` is thrown. For drivers of the ObjectStore port.
 */
export async function* checkedStream(
  source: AsyncIterable<Uint8Array>,
  key: string,
  expectedSha256: string,
): AsyncGenerator<Uint8Array> {
  const hash = createHash('sha256');
  let held: Uint8Array | undefined;
  for await (const chunk of source) {
    hash.update(chunk);
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (hash.digest('hex') !== expectedSha256) {
    throw lakeErrors.object_corrupt(`the object ${key} does not have its recorded SHA-256`, { details: { key } });
  }
  if (held !== undefined) yield held;
}
