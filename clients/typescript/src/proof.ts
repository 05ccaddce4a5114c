import type { LedgerProof } from './generated/api.ts';

const fromHex = (hex: string): Uint8Array<ArrayBuffer> => {
  if (!/^([0-9a-f]{2})*$/.test(hex)) throw new TypeError('not hexadecimal');
  return Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16));
};

const toHex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');

async function sha256(...parts: Uint8Array[]): Promise<Uint8Array<ArrayBuffer>> {
  const joined = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return new Uint8Array(await crypto.subtle.digest('SHA-256', joined));
}

const LEAF = Uint8Array.of(0);
const NODE = Uint8Array.of(1);

/** The root that an inclusion path leads to (RFC 9162, 2.1.3.2; the hashes are those of RFC 6962); null when it cannot. */
async function rootOf(leaf: Uint8Array, index: number, size: number, path: string[]): Promise<string | null> {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return null;
  let node = index;
  let last = size - 1;
  let root = leaf;
  for (const step of path) {
    if (last === 0) return null;
    const sibling = fromHex(step);
    if (node % 2 === 1 || node === last) {
      root = await sha256(NODE, sibling, root);
      while (node % 2 === 0 && node !== 0) {
        node = Math.floor(node / 2);
        last = Math.floor(last / 2);
      }
    } else root = await sha256(NODE, root, sibling);
    node = Math.floor(node / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 ? toHex(root) : null;
}

const bigEndian = (value: number): Uint8Array => {
  const bytes = new Uint8Array(8);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(value));
  return bytes;
};

/**
 * Whether the proof leads from its record to its head. What it proves is only as good as the head: compare that with
 * one that you kept.
 */
export async function checkProof(proof: LedgerProof): Promise<boolean> {
  const { commit, log, record, decision } = proof;
  try {
    if ((JSON.parse(record) as { id?: unknown }).id !== decision) return false;
    const leaf = await sha256(LEAF, new TextEncoder().encode(record));
    if ((await rootOf(leaf, commit.position, commit.entries, commit.path)) !== commit.root) return false;
    const commitLeaf = await sha256(
      LEAF,
      fromHex(commit.root),
      bigEndian(commit.entries),
      bigEndian(commit.committed_at_ms),
    );
    return (await rootOf(commitLeaf, commit.seq, log.size, log.path)) === log.head;
  } catch {
    return false; // not even well-formed
  }
}
