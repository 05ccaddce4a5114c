/**
 * Hashed n-gram → dense column, for the features that a model holds and no others: open addressing in two typed
 * arrays (key and column interleaved, so that a look-up touches one cache line), at most half full.
 */
export class FeatureTable {
  /** `hashes[column]` is the 32-bit hash of that column's n-gram. */
  readonly hashes: Uint32Array;
  readonly #slots: Uint32Array;
  readonly #mask: number;

  /** Hashes must be distinct and not 0; throws a RangeError otherwise (a model file that says so is damaged). */
  constructor(hashes: Uint32Array) {
    this.hashes = hashes;
    const capacity = slotCapacity(hashes.length);
    this.#mask = capacity - 1;
    this.#slots = new Uint32Array(capacity * 2);
    for (let column = 0; column < hashes.length; column++) this.#insert(hashes[column]!, column);
  }

  get size(): number {
    return this.hashes.length;
  }

  get memoryBytes(): number {
    return this.#slots.byteLength + this.hashes.byteLength;
  }

  /** The column of a hash, or -1. */
  column(hash: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
      const key = slots[slot * 2]!;
      if (key === hash) return slots[slot * 2 + 1]!;
      if (key === 0) return -1;
    }
  }

  #insert(hash: number, column: number): void {
    if (hash === 0) throw new RangeError('a feature hash is 0');
    const slots = this.#slots;
    let slot = hash & this.#mask;
    while (slots[slot * 2] !== 0) {
      if (slots[slot * 2] === hash) throw new RangeError('a feature hash occurs twice');
      slot = (slot + 1) & this.#mask;
    }
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = column;
  }
}

/** Bytes that a table of so many features will hold: to be checked before one is made from untrusted counts. */
export function featureTableBytes(features: number): number {
  return slotCapacity(features) * 8 + features * 4;
}

function slotCapacity(features: number): number {
  let capacity = 16;
  while (capacity < features * 2) capacity *= 2;
  return capacity;
}
