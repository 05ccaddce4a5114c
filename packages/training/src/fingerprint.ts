import { hash } from 'node:crypto';

/** 48 bits of a text's identity, whatever its case, punctuation and spacing: fits a double exactly. */
export function fingerprintOf(text: string): number {
  const normalised = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  // A text of nothing but signs is still a text of its own.
  return hash48(normalised === '' ? text : normalised);
}

/** A uniform number in [0, 1) from a key and a fingerprint: the same whatever else there is. */
export function keyedDraw(key: string, fingerprint: number): number {
  return hash48(`${key}\n${fingerprint}`) / 2 ** 48;
}

/** The first 48 bits of a text's SHA-256. */
export function hash48(text: string): number {
  return hash('sha256', text, 'buffer').readUIntBE(0, 6);
}
