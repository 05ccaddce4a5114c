import type { TextFingerprint } from '@understudy/text';

/** Share of equal MinHash positions from which two texts count as near-duplicates. */
export const SIMILARITY = 0.8;
/** Signature positions in one band: rows that agree on a whole band are compared (LSH banding). */
const BAND = 4;
/** Dissimilar texts of one band bucket that a row is compared with, at most. */
const MAX_REPRESENTATIVES = 16;
const BLOCK_ROWS = 1 << 15;

/**
 * Finds the sets of rows that must not be split between training and evaluation: the same input, the same text but
 * for case, punctuation and spacing, the same subject, near-duplicate texts (MinHash, Broder 1997; banding, Leskovec,
 * Rajaraman and Ullman, ch. 3; candidates verified by estimated Jaccard similarity), and whatever these connect.
 *
 * Deterministic for a given order of rows. About 170 bytes a row at 64 signature positions. Costs O(rows × bands).
 */
export class DuplicateGroups {
  readonly #keys = new KeyTable();
  readonly #signatures: Uint16Array[] = [];
  #parent = new Int32Array(1024);
  #width = 0;
  #rows = 0;

  /** @param keys digests of at least 8 bytes; rows that share one are in one group. */
  add(keys: readonly Uint8Array[], signature: TextFingerprint['signature']): void {
    const row = this.#rows++;
    if (row === this.#parent.length) this.#parent = grow(this.#parent);
    this.#parent[row] = row;
    for (const key of keys) this.#union(this.#keys.first(key, row), row);
    if (signature.length === 0) return;
    if (this.#width === 0) this.#width = signature.length;
    if (signature.length !== this.#width) throw new Error('signatures of different lengths cannot be compared');
    const index = Math.floor(row / BLOCK_ROWS);
    const block = this.#signatures[index] ?? new Uint16Array(BLOCK_ROWS * this.#width);
    this.#signatures[index] = block;
    const offset = (row % BLOCK_ROWS) * this.#width;
    // 16 bits a position: one in 65,536 unequal positions passes for equal, far below the noise of the estimate.
    for (let i = 0; i < this.#width; i++) block[offset + i] = signature[i]! & 0xffff || 1;
  }

  /** The number of each row's group, numbered in order of first appearance. */
  finish(): { groups: Int32Array; count: number } {
    for (let band = 0; band + BAND <= this.#width; band += BAND) this.#collide(band);
    const groups = new Int32Array(this.#rows);
    const numbers = new Int32Array(this.#rows).fill(-1);
    let count = 0;
    for (let row = 0; row < this.#rows; row++) {
      const root = this.#root(row);
      if (numbers[root] === -1) numbers[root] = count++;
      groups[row] = numbers[root]!;
    }
    return { groups, count };
  }

  #collide(band: number): void {
    let size = 1024;
    while (size < this.#rows * 2) size *= 2;
    const heads = new Int32Array(size).fill(-1);
    const next = new Int32Array(this.#rows).fill(-1);
    for (let row = 0; row < this.#rows; row++) {
      const block = this.#signatures[Math.floor(row / BLOCK_ROWS)];
      const offset = (row % BLOCK_ROWS) * this.#width;
      // Stored positions are never zero, so a zero means that the row has no signature.
      if (block === undefined || block[offset] === 0) continue;
      let slot = hashBand(block, offset + band) & (size - 1);
      while (heads[slot] !== -1 && !this.#sameBand(heads[slot]!, row, band)) slot = (slot + 1) & (size - 1);
      this.#compare(heads, next, slot, row);
    }
  }

  /** Joins a row with the first similar representative of its bucket, or makes it one more representative. */
  #compare(heads: Int32Array, next: Int32Array, slot: number, row: number): void {
    if (heads[slot] === -1) {
      heads[slot] = row;
      return;
    }
    let last = heads[slot]!;
    let seen = 0;
    for (let other = last; other !== -1; other = next[other]!) {
      if (this.#root(other) === this.#root(row)) return;
      if (this.#similar(other, row)) {
        this.#union(other, row);
        return;
      }
      last = other;
      if (++seen === MAX_REPRESENTATIVES) return;
    }
    next[last] = row;
  }

  #sameBand(a: number, b: number, band: number): boolean {
    const blockA = this.#signatures[Math.floor(a / BLOCK_ROWS)]!;
    const blockB = this.#signatures[Math.floor(b / BLOCK_ROWS)]!;
    const atA = (a % BLOCK_ROWS) * this.#width + band;
    const atB = (b % BLOCK_ROWS) * this.#width + band;
    for (let i = 0; i < BAND; i++) if (blockA[atA + i] !== blockB[atB + i]) return false;
    return true;
  }

  #similar(a: number, b: number): boolean {
    const blockA = this.#signatures[Math.floor(a / BLOCK_ROWS)]!;
    const blockB = this.#signatures[Math.floor(b / BLOCK_ROWS)]!;
    const atA = (a % BLOCK_ROWS) * this.#width;
    const atB = (b % BLOCK_ROWS) * this.#width;
    let equal = 0;
    for (let i = 0; i < this.#width; i++) if (blockA[atA + i] === blockB[atB + i]) equal++;
    return equal >= SIMILARITY * this.#width;
  }

  #root(row: number): number {
    let at = row;
    while (this.#parent[at] !== at) {
      this.#parent[at] = this.#parent[this.#parent[at]!]!;
      at = this.#parent[at]!;
    }
    return at;
  }

  /** The earlier row becomes the root, so that the result does not depend on the order of unions. */
  #union(a: number, b: number): void {
    const rootA = this.#root(a);
    const rootB = this.#root(b);
    if (rootA < rootB) this.#parent[rootB] = rootA;
    else this.#parent[rootA] = rootB;
  }
}

function hashBand(block: Uint16Array, at: number): number {
  let value = 0x811c9dc5;
  for (let i = 0; i < BAND; i++) value = Math.imul(value ^ block[at + i]!, 0x01000193);
  value ^= value >>> 15;
  value = Math.imul(value, 0x2c1b3c6d);
  return (value ^ (value >>> 13)) >>> 0;
}

function grow(array: Int32Array): Int32Array<ArrayBuffer> {
  const larger = new Int32Array(array.length * 2);
  larger.set(array);
  return larger;
}

/** Remembers the first row of each 64-bit key, in typed arrays. */
class KeyTable {
  #size = 4096;
  #used = 0;
  #high = new Uint32Array(this.#size);
  #low = new Uint32Array(this.#size);
  #row = new Int32Array(this.#size).fill(-1);

  /** The row that had this key first; `row` itself when it is new. Keys are digests: their bits are uniform. */
  first(key: Uint8Array, row: number): number {
    if (this.#used * 2 > this.#size) this.#rehash();
    const high = (key[0]! | (key[1]! << 8) | (key[2]! << 16) | (key[3]! << 24)) >>> 0;
    const low = (key[4]! | (key[5]! << 8) | (key[6]! << 16) | (key[7]! << 24)) >>> 0;
    const slot = this.#find(high, low);
    if (this.#row[slot] !== -1) return this.#row[slot]!;
    this.#high[slot] = high;
    this.#low[slot] = low;
    this.#row[slot] = row;
    this.#used++;
    return row;
  }

  #find(high: number, low: number): number {
    let slot = low & (this.#size - 1);
    while (this.#row[slot] !== -1 && (this.#high[slot] !== high || this.#low[slot] !== low)) {
      slot = (slot + 1) & (this.#size - 1);
    }
    return slot;
  }

  #rehash(): void {
    const [high, low, row] = [this.#high, this.#low, this.#row];
    this.#size *= 2;
    this.#high = new Uint32Array(this.#size);
    this.#low = new Uint32Array(this.#size);
    this.#row = new Int32Array(this.#size).fill(-1);
    for (let i = 0; i < row.length; i++) {
      if (row[i] === -1) continue;
      const slot = this.#find(high[i]!, low[i]!);
      this.#high[slot] = high[i]!;
      this.#low[slot] = low[i]!;
      this.#row[slot] = row[i]!;
    }
  }
}
