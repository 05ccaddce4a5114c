import type { NgramOptions } from './ngrams.ts';
import { type FeatureSpace, termWeight } from './vectoriser.ts';

/** Rows of sparse vectors: row r is `columns`/`values` at `offsets[r] … offsets[r + 1]`. */
export interface SparseMatrix {
  rows: number;
  columns: Int32Array;
  values: Float32Array;
  offsets: Float64Array;
}

export interface SpaceOptions {
  /** A feature must occur in at least so many of the rows. */
  minRows: number;
  /** At most so many features, the most frequent ones. */
  maxFeatures: number;
  wordWeight: number;
  charWeight: number;
}

/** The counted n-grams of a training set (see Corpus), in memory that threads share. */
export interface CorpusData {
  ngrams: NgramOptions;
  rows: number;
  features: number;
  /** By feature id. */
  hashes: Uint32Array;
  /** By entry: which feature, how often. */
  ids: Int32Array;
  counts: Uint16Array;
  /** Row r has the entries `offsets[r] … offsets[r + 1]`; those before `wordEnds[r]` are word n-grams. */
  offsets: Float64Array;
  wordEnds: Float64Array;
}

/** A feature space that remembers which ids of its corpus became its columns. */
export interface CorpusSpace extends FeatureSpace {
  ids: Int32Array;
}

/** A typed array in shared memory. */
export function sharedArray<T>(
  type: { new (buffer: SharedArrayBuffer): T; BYTES_PER_ELEMENT: number },
  length: number,
): T {
  return new type(new SharedArrayBuffer(length * type.BYTES_PER_ELEMENT));
}

/**
 * The features and document frequencies of the given rows (all rows without them). Columns are ordered by falling
 * frequency, which keeps the hot part of the weights in the processor's cache; ties by hash, so the order depends on
 * the set of rows only.
 */
export function featureSpace(corpus: CorpusData, options: SpaceOptions, rows?: Int32Array): CorpusSpace {
  const frequency = new Int32Array(corpus.features);
  const { ids, offsets } = corpus;
  const total = rows?.length ?? corpus.rows;
  for (let r = 0; r < total; r++) {
    const row = rows ? rows[r]! : r;
    const end = offsets[row + 1]!;
    for (let e = offsets[row]!; e < end; e++) frequency[ids[e]!]!++;
  }
  const kept = mostFrequent(corpus.hashes, frequency, options);
  const hashes = new Uint32Array(kept.length);
  const idf = new Float32Array(kept.length);
  for (let column = 0; column < kept.length; column++) {
    const id = kept[column]!;
    hashes[column] = corpus.hashes[id]!;
    idf[column] = Math.log((1 + total) / (1 + frequency[id]!)) + 1;
  }
  const { wordWeight, charWeight } = options;
  return { ngrams: corpus.ngrams, hashes, idf, wordWeight, charWeight, ids: kept };
}

/** Ids by falling frequency, then by hash. Counting sort by frequency, so that millions of features sort fast. */
function mostFrequent(hashes: Uint32Array, frequency: Int32Array, { minRows, maxFeatures }: SpaceOptions): Int32Array {
  const least = Math.max(1, minRows);
  let most = 0;
  for (let id = 0; id < frequency.length; id++) if (frequency[id]! > most) most = frequency[id]!;
  const starts = new Int32Array(most + 2);
  for (let id = 0; id < frequency.length; id++) if (frequency[id]! >= least) starts[most - frequency[id]!]!++;
  let at = 0;
  for (let i = 0; i <= most; i++) {
    const size = starts[i]!;
    starts[i] = at;
    at += size;
  }
  starts[most + 1] = at;
  const bounds = starts.slice();
  const kept = new Int32Array(at);
  for (let id = 0; id < frequency.length; id++) {
    if (frequency[id]! >= least) kept[starts[most - frequency[id]!]!++] = id;
  }
  for (let i = 0; i <= most && bounds[i]! < maxFeatures; i++)
    sortByHash(kept.subarray(bounds[i]!, bounds[i + 1]!), hashes);
  return at > maxFeatures ? kept.slice(0, maxFeatures) : kept;
}

/** Sorts ids by their hashes: as 64-bit integers of hash and id, which a typed array sorts without callbacks. */
function sortByHash(ids: Int32Array, hashes: Uint32Array): void {
  if (ids.length < 2) return;
  const keys = new BigUint64Array(ids.length);
  const halves = new Uint32Array(keys.buffer);
  for (let i = 0; i < ids.length; i++) {
    halves[i * 2] = ids[i]!;
    halves[i * 2 + 1] = hashes[ids[i]!]!;
  }
  keys.sort();
  for (let i = 0; i < ids.length; i++) ids[i] = halves[i * 2]!;
}

/**
 * The vectors of rows (all rows without them) in a feature space: what TextVectoriser gives for the same texts.
 */
export function vectors(corpus: CorpusData, space: CorpusSpace, rows?: Int32Array): SparseMatrix {
  const columnOf = new Int32Array(corpus.features).fill(-1);
  for (let column = 0; column < space.ids.length; column++) columnOf[space.ids[column]!] = column;
  const { ids, counts, wordEnds } = corpus;
  const total = rows?.length ?? corpus.rows;
  const offsets = new Float64Array(total + 1);
  for (let r = 0; r < total; r++) {
    const row = rows ? rows[r]! : r;
    const end = corpus.offsets[row + 1]!;
    let known = 0;
    for (let e = corpus.offsets[row]!; e < end; e++) if (columnOf[ids[e]!]! >= 0) known++;
    offsets[r + 1] = offsets[r]! + known;
  }
  const columns = new Int32Array(offsets[total]!);
  const values = new Float32Array(offsets[total]!);
  let n = 0;
  const part = (from: number, to: number, weight: number) => {
    const start = n;
    let squares = 0;
    for (let e = from; e < to; e++) {
      const column = columnOf[ids[e]!]!;
      if (column < 0) continue;
      const tf = counts[e]!;
      const value = (tf === 1 ? 1 : termWeight(tf)) * space.idf[column]!;
      columns[n] = column;
      values[n++] = value;
      squares += value * value;
    }
    const scale = squares > 0 ? weight / Math.sqrt(squares) : 0;
    for (let i = start; i < n; i++) values[i] = values[i]! * scale;
  };
  for (let r = 0; r < total; r++) {
    const row = rows ? rows[r]! : r;
    part(corpus.offsets[row]!, wordEnds[row]!, space.wordWeight);
    part(wordEnds[row]!, corpus.offsets[row + 1]!, space.charWeight);
  }
  return { rows: total, columns, values, offsets };
}
