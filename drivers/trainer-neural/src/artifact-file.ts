import { createHash } from 'node:crypto';
import { open, rename } from 'node:fs/promises';

/** Writes a file whole or not at all: beside its place, flushed to disk, then renamed. */
export async function writeArtifact(path: string, pieces: Uint8Array[]): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash('sha256');
  let bytes = 0;
  const temporary = `${path}.part`;
  const file = await open(temporary, 'w');
  try {
    for (const piece of pieces) {
      hash.update(piece);
      for (let at = 0; at < piece.length; ) at += (await file.write(piece, at)).bytesWritten;
      bytes += piece.length;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(temporary, path);
  return { bytes, sha256: hash.digest('hex') };
}
