import { createHash } from 'node:crypto';
import type { TextFingerprint } from '../ports.ts';

const POSITIONS = 64;
const SHINGLE = 4;
const multipliers = Uint32Array.from({ length: POSITIONS }, (_, i) => Math.imul(i + 1, 0x9e3779b1) | 1);

/** A plain MinHash over 4-character shingles, slow and simple: what tests group by. */
export function textFingerprint(text: string): TextFingerprint {
  const plain = text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, ' ')
    .trim();
  const exact = createHash('sha256')
    .update(plain === '' ? text : plain)
    .digest();
  if (plain.length < SHINGLE) return { exact, signature: new Uint32Array(0) };
  const signature = new Uint32Array(POSITIONS).fill(0xffffffff);
  for (let at = 0; at + SHINGLE <= plain.length; at++) {
    let shingle = 0x811c9dc5;
    for (let i = 0; i < SHINGLE; i++) shingle = Math.imul(shingle ^ plain.charCodeAt(at + i), 0x01000193);
    for (let i = 0; i < POSITIONS; i++) {
      let value = Math.imul(shingle ^ multipliers[i]!, 0x85ebca6b);
      value = Math.imul(value ^ (value >>> 13), 0xc2b2ae35);
      value = (value ^ (value >>> 16)) >>> 0;
      if (value < signature[i]!) signature[i] = value;
    }
  }
  return { exact, signature };
}
