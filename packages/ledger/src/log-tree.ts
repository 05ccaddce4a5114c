import { EMPTY_HEAD, HASH_BYTES, nodeHash } from './merkle.ts';

/** A complete subtree of a log: the 2^level leaves from index · 2^level on. */
export interface NodeAddress {
  level: number;
  index: number;
}

/** Reads complete subtrees' hashes; a log keeps each with the leaf that completed it. */
export type ReadNodes = (addresses: readonly NodeAddress[]) => Promise<Buffer[]>;

/** The leaf that completes a subtree: there its hash is kept, at place `level`. */
export function completingLeaf({ level, index }: NodeAddress): number {
  return (index + 1) * 2 ** level - 1;
}

/** An RFC 6962 log as its peaks alone: complete subtrees, largest first, one for each bit of `size`. */
export class LogTree {
  size: number;
  #peaks: Buffer[];

  constructor(size = 0, peaks: Uint8Array = new Uint8Array()) {
    this.size = size;
    this.#peaks = [];
    for (let i = 0; i < peaks.length; i += HASH_BYTES) this.#peaks.push(Buffer.from(peaks.subarray(i, i + HASH_BYTES)));
  }

  /** Appends a leaf hash; returns the subtrees that it completes, the leaf itself first. */
  push(leaf: Uint8Array): Buffer {
    let node: Buffer = Buffer.from(leaf);
    const completed = [node];
    for (let n = this.size; n % 2 === 1; n = (n - 1) / 2) {
      node = nodeHash(this.#peaks.pop()!, node);
      completed.push(node);
    }
    this.#peaks.push(node);
    this.size++;
    return Buffer.concat(completed);
  }

  get peaks(): Buffer {
    return Buffer.concat(this.#peaks);
  }

  /** MTH of RFC 6962 §2.1 over all leaves. */
  get head(): Buffer {
    return this.#peaks.length === 0 ? EMPTY_HEAD : this.#peaks.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The complete subtrees that leaves [start, end) consist of, from the left, `start` being a subtree boundary. */
function cover(start: number, end: number): NodeAddress[] {
  const nodes: NodeAddress[] = [];
  for (let at = start; at < end; ) {
    let level = 0;
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++;
    nodes.push({ level, index: at / 2 ** level });
    at += 2 ** level;
  }
  return nodes;
}

function split(width: number): number {
  let half = 1;
  while (half * 2 < width) half *= 2;
  return half;
}

type Span = [start: number, end: number];

/** Reads the hash of each span [start, end) of leaves, as RFC 6962 builds the tree over it. */
async function spanHeads(spans: readonly Span[], read: ReadNodes): Promise<Buffer[]> {
  const covers = spans.map(([start, end]) => cover(start, end));
  const hashes = await read(covers.flat());
  let used = 0;
  return covers.map((nodes) => {
    const parts = hashes.slice(used, used + nodes.length);
    used += nodes.length;
    return parts.reduceRight((right, left) => nodeHash(left, right));
  });
}

/** PATH(index, D[size]) of RFC 6962 §2.1.1, nearest sibling first, from O(log n) kept nodes. */
export async function logInclusionPath(index: number, size: number, read: ReadNodes): Promise<Buffer[]> {
  const spans: Span[] = [];
  let start = 0;
  let end = size;
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (index < middle) {
      spans.unshift([middle, end]);
      end = middle;
    } else {
      spans.unshift([start, middle]);
      start = middle;
    }
  }
  return spanHeads(spans, read);
}

/** PROOF(first, D[second]) of RFC 6962 §2.1.2: that the log of `second` leaves begins with that of `first`. */
export async function logConsistencyPath(first: number, second: number, read: ReadNodes): Promise<Buffer[]> {
  if (first === 0 || first >= second) return [];
  const spans: Span[] = [];
  let start = 0;
  let end = second;
  let whole = true; // whether the subtree at hand starts the old log and so is known to the verifier
  while (first !== end) {
    const middle = start + split(end - start);
    if (first <= middle) {
      spans.unshift([middle, end]);
      end = middle;
    } else {
      spans.unshift([start, middle]);
      start = middle;
      whole = false;
    }
  }
  if (!whole) spans.unshift([start, end]);
  return spanHeads(spans, read);
}

/** Checks a consistency proof as RFC 9162 §2.1.4.2 says. */
export function verifyConsistency(
  old: { size: number; head: Uint8Array },
  now: { size: number; head: Uint8Array },
  path: readonly Uint8Array[],
): boolean {
  if (old.size > now.size) return false;
  if (old.size === 0) return path.length === 0 && EMPTY_HEAD.equals(old.head);
  if (old.size === now.size) return path.length === 0 && Buffer.from(old.head).equals(now.head);
  const isPowerOfTwo = Number.isInteger(Math.log2(old.size));
  const rest = isPowerOfTwo ? [old.head, ...path] : [...path];
  let first = old.size - 1;
  let last = now.size - 1;
  while (first % 2 === 1) {
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  const seed = rest.shift();
  if (seed === undefined) return false;
  let oldHead: Uint8Array = seed;
  let newHead: Uint8Array = seed;
  for (const node of rest) {
    if (last === 0) return false;
    if (first % 2 === 1 || first === last) {
      oldHead = nodeHash(node, oldHead);
      newHead = nodeHash(node, newHead);
      while (first % 2 === 0 && first !== 0) {
        first = Math.floor(first / 2);
        last = Math.floor(last / 2);
      }
    } else {
      newHead = nodeHash(newHead, node);
    }
    first = Math.floor(first / 2);
    last = Math.floor(last / 2);
  }
  return last === 0 && Buffer.from(oldHead).equals(old.head) && Buffer.from(newHead).equals(now.head);
}
