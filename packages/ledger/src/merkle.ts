import { hash } from 'node:crypto';

/** Bytes of a SHA-256 digest; hashes stand one after the other in buffers of a multiple of this length. */
export const HASH_BYTES = 32;

const pair = Buffer.alloc(1 + 2 * HASH_BYTES, 1);

// `hash` is fastest when it answers a string, and 'latin1' is the one whose characters are the bytes.
function digest(data: string | Uint8Array): string {
  return hash('sha256', data, 'latin1' as 'hex');
}

function asBuffer(bytes: string): Buffer {
  return Buffer.from(bytes, 'latin1');
}

/** SHA-256 of UTF-8 text, hexadecimal. */
export function sha256Hex(text: string): string {
  return hash('sha256', text, 'hex');
}

/** The tree head of no leaves at all: SHA-256 of nothing (RFC 6962 §2.1). */
export const EMPTY_HEAD: Buffer = asBuffer(digest(''));

/** SHA-256(0x00 ‖ text): the leaf hash of RFC 6962 §2.1 over UTF-8 text. `latin1`: one character a byte. */
export function leafOfText(text: string): string {
  return digest(`\0${text}`);
}

/** SHA-256(0x00 ‖ data). */
export function leafHash(data: Uint8Array): Buffer {
  return asBuffer(digest(Buffer.concat([Buffer.of(0), data])));
}

/** SHA-256(0x01 ‖ left ‖ right). */
export function nodeHash(left: Uint8Array, right: Uint8Array): Buffer {
  pair.set(left, 1);
  pair.set(right, 1 + HASH_BYTES);
  return asBuffer(digest(pair));
}

/**
 * MTH of RFC 6962 §2.1 over leaf hashes that stand one after the other. Works upwards in pairs, an odd node moving up
 * as it is, which gives the same tree as splitting at the largest power of two.
 */
export function treeHead(leaves: Uint8Array): Buffer {
  let width = leaves.length / HASH_BYTES;
  if (width === 0) return EMPTY_HEAD;
  const level = Buffer.from(leaves);
  while (width > 1) {
    width = nextLevel(level, width);
  }
  return level.subarray(0, HASH_BYTES);
}

/** Replaces the first `width` hashes of `level` by their parents; returns how many those are. */
function nextLevel(level: Buffer, width: number): number {
  const pairs = width >>> 1;
  for (let i = 0; i < pairs; i++) {
    level.copy(pair, 1, 2 * i * HASH_BYTES, 2 * (i + 1) * HASH_BYTES);
    level.write(digest(pair), i * HASH_BYTES, 'latin1');
  }
  if (width & 1) level.copy(level, pairs * HASH_BYTES, (width - 1) * HASH_BYTES, width * HASH_BYTES);
  return pairs + (width & 1);
}

/** PATH(index, leaves) of RFC 6962 §2.1.1, nearest sibling first. */
export function inclusionPath(index: number, leaves: Uint8Array): Buffer[] {
  let width = leaves.length / HASH_BYTES;
  const level = Buffer.from(leaves);
  const path: Buffer[] = [];
  for (let i = index; width > 1; i >>>= 1) {
    const sibling = i ^ 1;
    if (sibling < width) path.push(Buffer.from(level.subarray(sibling * HASH_BYTES, (sibling + 1) * HASH_BYTES)));
    width = nextLevel(level, width);
  }
  return path;
}

/** The tree head that a leaf and its path lead to (RFC 9162 §2.1.3.2); undefined when the path has a wrong length. */
export function headFromInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  path: readonly Uint8Array[],
): Buffer | undefined {
  if (index < 0 || index >= size) return undefined;
  let node: Uint8Array = leaf;
  let at = index;
  let last = size - 1;
  let used = 0;
  while (last > 0) {
    if (at % 2 === 1 || at < last) {
      const sibling = path[used++];
      if (sibling === undefined) return undefined;
      node = at % 2 === 1 ? nodeHash(sibling, node) : nodeHash(node, sibling);
    }
    at = Math.floor(at / 2);
    last = Math.floor(last / 2);
  }
  return used === path.length ? Buffer.from(node) : undefined;
}
