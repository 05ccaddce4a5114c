import { type CorpusData, type CorpusSpace, sharedArray, vectors } from '@understudy/text';

/** All rows of a job as vectors of one feature space, in memory that threads share. */
export interface SharedRows {
  columns: Int32Array;
  values: Float32Array;
  offsets: Float64Array;
}

const ROWS_A_PIECE = 20_000;

/** Bytes that `sharedRows` takes for so many entries, not counting one piece at a time. */
export function sharedRowsBytes(entries: number, rows: number): number {
  return entries * 8 + rows * 8;
}

/**
 * The vectors of all rows. They are made piece by piece, so that beside the shared copy only one piece is held. Pages
 * of shared memory that n-grams outside the feature space leave unused are never touched and so cost nothing.
 */
export function sharedRows(corpus: CorpusData, space: CorpusSpace): SharedRows {
  const entries = corpus.offsets[corpus.rows]!;
  const columns = sharedArray(Int32Array, entries);
  const values = sharedArray(Float32Array, entries);
  const offsets = sharedArray(Float64Array, corpus.rows + 1);
  for (let from = 0; from < corpus.rows; from += ROWS_A_PIECE) {
    const piece = Int32Array.from({ length: Math.min(ROWS_A_PIECE, corpus.rows - from) }, (_, i) => from + i);
    const made = vectors(corpus, space, piece);
    const start = offsets[from]!;
    columns.set(made.columns, start);
    values.set(made.values, start);
    for (let i = 1; i <= piece.length; i++) offsets[from + i] = start + made.offsets[i]!;
  }
  return { columns, values, offsets };
}
