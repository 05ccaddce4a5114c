import {
  type CorpusData,
  type CorpusSpace,
  featureSpace,
  type SpaceOptions,
  type SparseMatrix,
  sharedArray,
  vectors,
} from './corpus-data.ts';
import { NgramExtractor, type NgramOptions } from './ngrams.ts';
import type { FeatureSpace } from './vectoriser.ts';

/**
 * The n-grams of a training set, counted once and kept as (feature, count) pairs, so that the feature space and the
 * vectors can be made several times: for each fold from the other rows only (document frequencies of held-out rows
 * must not reach the fit), and at the end from all.
 */
export class Corpus {
  readonly #extractor: NgramExtractor;
  readonly #ngrams: NgramOptions;
  #slots = new Uint32Array(1 << 17);
  #mask = (1 << 16) - 1;
  #hashes = sharedArray(Uint32Array, 1 << 15);
  #lastRow = new Int32Array(1 << 15);
  #place = new Int32Array(1 << 15);
  #features = 0;
  #ids = sharedArray(Int32Array, 1 << 16);
  #counts = sharedArray(Uint16Array, 1 << 16);
  #entries = 0;
  #offsets: number[] = [0];
  /** Entries of row r before `#wordEnds[r]` are word n-grams. */
  #wordEnds: number[] = [];

  constructor(ngrams: NgramOptions) {
    this.#ngrams = ngrams;
    this.#extractor = new NgramExtractor(ngrams);
  }

  get rows(): number {
    return this.#wordEnds.length;
  }

  /** Distinct n-grams seen so far. */
  get features(): number {
    return this.#features;
  }

  /** Bytes held now; a caller with a limit looks after every row (one row adds a bounded amount). */
  get memoryBytes(): number {
    return (
      this.#slots.byteLength +
      this.#hashes.byteLength * 3 +
      this.#ids.byteLength +
      this.#counts.byteLength +
      this.#offsets.length * 16
    );
  }

  /** Adds a row; rows are numbered in the order in which they are added. */
  add(text: string): void {
    const extractor = this.#extractor;
    const row = this.rows;
    const count = extractor.extract(text);
    if (this.#entries + count > this.#ids.length) this.#growEntries(this.#entries + count);
    if (this.#features + count > this.#hashes.length) this.#growFeatures(this.#features + count);
    this.#count(0, extractor.wordCount, row);
    this.#wordEnds.push(this.#entries);
    this.#count(extractor.wordCount, count, row);
    this.#offsets.push(this.#entries);
  }

  #count(from: number, to: number, row: number): void {
    const { hashes } = this.#extractor;
    const ids = this.#ids;
    const counts = this.#counts;
    const lastRow = this.#lastRow;
    const place = this.#place;
    for (let i = from; i < to; i++) {
      const id = this.#identify(hashes[i]!);
      if (lastRow[id] === row + 1) {
        const at = place[id]!;
        if (counts[at]! < 65_535) counts[at]!++;
        continue;
      }
      lastRow[id] = row + 1;
      place[id] = this.#entries;
      ids[this.#entries] = id;
      counts[this.#entries++] = 1;
    }
  }

  #identify(hash: number): number {
    const slots = this.#slots;
    const mask = this.#mask;
    let slot = hash & mask;
    for (;;) {
      const key = slots[slot * 2]!;
      if (key === hash) return slots[slot * 2 + 1]!;
      if (key === 0) break;
      slot = (slot + 1) & mask;
    }
    const id = this.#features++;
    slots[slot * 2] = hash;
    slots[slot * 2 + 1] = id;
    this.#hashes[id] = hash;
    if (this.#features * 2 > mask) this.#growSlots();
    return id;
  }

  #growSlots(): void {
    const capacity = (this.#mask + 1) * 2;
    const mask = capacity - 1;
    const slots = new Uint32Array(capacity * 2);
    for (let id = 0; id < this.#features; id++) {
      const hash = this.#hashes[id]!;
      let slot = hash & mask;
      while (slots[slot * 2] !== 0) slot = (slot + 1) & mask;
      slots[slot * 2] = hash;
      slots[slot * 2 + 1] = id;
    }
    this.#slots = slots;
    this.#mask = mask;
  }

  #growEntries(needed: number): void {
    const size = Math.ceil(Math.max(needed, this.#ids.length * 1.5));
    this.#ids = copyInto(sharedArray(Int32Array, size), this.#ids.subarray(0, this.#entries));
    this.#counts = copyInto(sharedArray(Uint16Array, size), this.#counts.subarray(0, this.#entries));
  }

  #growFeatures(needed: number): void {
    const size = Math.max(needed, this.#hashes.length * 2);
    this.#hashes = copyInto(sharedArray(Uint32Array, size), this.#hashes);
    this.#lastRow = copyInto(new Int32Array(size), this.#lastRow);
    this.#place = copyInto(new Int32Array(size), this.#place);
  }

  /** What was counted, in shared memory: to be posted to worker threads. Valid until the next `add`. */
  data(): CorpusData {
    const offsets = sharedArray(Float64Array, this.#offsets.length);
    offsets.set(this.#offsets);
    const wordEnds = sharedArray(Float64Array, this.#wordEnds.length);
    wordEnds.set(this.#wordEnds);
    return {
      ngrams: this.#ngrams,
      rows: this.rows,
      features: this.#features,
      hashes: this.#hashes,
      ids: this.#ids,
      counts: this.#counts,
      offsets,
      wordEnds,
    };
  }

  /** As `featureSpace`. */
  space(options: SpaceOptions, rows?: Int32Array): CorpusSpace {
    return featureSpace(this.data(), options, rows);
  }

  /** As `vectors`, of a space that this corpus made. */
  matrix(space: FeatureSpace & { ids: Int32Array }, rows?: Int32Array): SparseMatrix {
    return vectors(this.data(), space, rows);
  }
}

function copyInto<T extends Int32Array | Uint32Array | Uint16Array>(target: T, source: T): T {
  target.set(source);
  return target;
}
