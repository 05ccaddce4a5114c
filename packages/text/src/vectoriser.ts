import { FeatureTable } from './feature-table.ts';
import { NgramExtractor, type NgramOptions } from './ngrams.ts';

/** How n-grams become a vector. Part of the model file: training and serving must agree on all of it. */
export interface FeatureSpace {
  ngrams: NgramOptions;
  /** Hash of each column's n-gram. */
  hashes: Uint32Array;
  /** Inverse document frequency of each column. */
  idf: Float32Array;
  /** Euclidean length of the word part and of the character part of every vector (unless the part is empty). */
  wordWeight: number;
  charWeight: number;
}

const LOG_TF = Float64Array.from({ length: 256 }, (_, tf) => (tf === 0 ? 0 : 1 + Math.log(tf)));

/** Sublinear term frequency, 1 + ln tf. */
export function termWeight(tf: number): number {
  return tf < 256 ? LOG_TF[tf]! : 1 + Math.log(tf);
}

/**
 * Text → sparse vector, without allocating: sublinear tf × idf, the word part and the character part each scaled to
 * their own Euclidean length. After `vectorise` the vector is `columns[0 … length)`, `values[0 … length)`, in order
 * of first occurrence, and valid until the next call. One instance is not for two threads.
 */
export class TextVectoriser {
  readonly space: FeatureSpace;
  columns = new Int32Array(1024);
  values = new Float32Array(1024);
  length = 0;
  /** How many of the entries are word n-grams; they come first. */
  wordLength = 0;
  readonly extractor: NgramExtractor;
  readonly #table: FeatureTable;
  readonly #position: Int32Array;
  #counts = new Int32Array(1024);

  constructor(space: FeatureSpace) {
    this.space = space;
    this.extractor = new NgramExtractor(space.ngrams);
    this.#table = new FeatureTable(space.hashes);
    this.#position = new Int32Array(space.hashes.length);
  }

  get memoryBytes(): number {
    return this.#table.memoryBytes + this.#position.byteLength + this.space.idf.byteLength;
  }

  /** The column of an n-gram hash, or -1. */
  column(hash: number): number {
    return this.#table.column(hash);
  }

  /** Fills `columns` and `values`; returns how many entries there are. */
  vectorise(text: string): number {
    const extractor = this.extractor;
    const count = extractor.extract(text);
    if (count > this.columns.length) {
      this.columns = new Int32Array(count * 2);
      this.values = new Float32Array(count * 2);
      this.#counts = new Int32Array(count * 2);
    }
    this.wordLength = this.#collect(0, extractor.wordCount, 0);
    this.length = this.#collect(extractor.wordCount, count, this.wordLength);
    // Positions are 0 between calls, so that no pass over all columns is needed.
    for (let i = 0; i < this.length; i++) this.#position[this.columns[i]!] = 0;
    this.#weigh(0, this.wordLength, this.space.wordWeight);
    this.#weigh(this.wordLength, this.length, this.space.charWeight);
    return this.length;
  }

  #collect(from: number, to: number, start: number): number {
    const { hashes } = this.extractor;
    const columns = this.columns;
    const counts = this.#counts;
    const position = this.#position;
    const table = this.#table;
    let n = start;
    for (let i = from; i < to; i++) {
      const column = table.column(hashes[i]!);
      if (column < 0) continue;
      const at = position[column]!;
      if (at > 0) {
        counts[at - 1]!++;
        continue;
      }
      columns[n] = column;
      counts[n] = 1;
      position[column] = ++n;
    }
    return n;
  }

  #weigh(from: number, to: number, weight: number): void {
    const { idf } = this.space;
    const columns = this.columns;
    const values = this.values;
    let squares = 0;
    for (let i = from; i < to; i++) {
      const tf = this.#counts[i]!;
      const value = (tf === 1 ? 1 : termWeight(tf)) * idf[columns[i]!]!;
      values[i] = value;
      squares += value * value;
    }
    const scale = squares > 0 ? weight / Math.sqrt(squares) : 0;
    for (let i = from; i < to; i++) values[i] = values[i]! * scale;
  }
}
