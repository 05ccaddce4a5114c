import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { Corpus, type CorpusData, type NgramOptions, sharedArray } from '@understudy/text';
import { TrainingError } from './training-error.ts';

/** The rows of a job, counted; everything large is in memory that threads share. */
export interface TrainingRows {
  corpus: CorpusData;
  labels: Int32Array;
  folds: Uint8Array;
  /** A few texts, to time predictions with. */
  sample: string[];
}

export interface ReadOptions {
  path: string;
  rows: number;
  labelCount: number;
  folds: number;
  ngrams: NgramOptions;
  memoryLimitBytes: number;
  /** Share of the file that has been read. */
  onProgress(fraction: number): void;
}

const CHUNK_BYTES = 1 << 20;
const MAX_LINE_BYTES = 64 << 20;
const SAMPLE_ROWS = 64;

/** Reads the NDJSON file of a job row by row: never more than a line of it is held. */
export function readTrainingRows(options: ReadOptions): TrainingRows {
  const corpus = new Corpus(options.ngrams);
  const labels = sharedArray(Int32Array, options.rows);
  const folds = sharedArray(Uint8Array, options.rows);
  const sample: string[] = [];
  let row = 0;
  for (const { line, fraction } of lines(options.path)) {
    if (line.length === 0) continue;
    if (row === options.rows)
      throw new TrainingError('training_failed', 'The training file has more rows than stated.');
    const parsed = parseRow(line, row, options);
    corpus.add(parsed.text);
    labels[row] = parsed.label;
    folds[row] = parsed.fold;
    if (sample.length < SAMPLE_ROWS) sample.push(parsed.text);
    row++;
    if (row % 256 === 0) {
      if (corpus.memoryBytes > options.memoryLimitBytes)
        throw outOfMemory(corpus.memoryBytes, options.memoryLimitBytes);
      options.onProgress(fraction);
    }
  }
  if (row !== options.rows) throw new TrainingError('training_failed', 'The training file has fewer rows than stated.');
  return { corpus: corpus.data(), labels, folds, sample };
}

/** The refusal of a job that would need more than its limit. */
export function outOfMemory(needed: number, limit: number): TrainingError {
  const [need, may] = [needed, limit].map((bytes) => Math.ceil(bytes / (1 << 20)));
  return new TrainingError(
    'training_out_of_memory',
    `Training needs at least ${need} MiB and may use ${may} MiB: allow more, use fewer rows, or lower max_features.`,
    { needed_bytes: needed, limit_bytes: limit },
  );
}

function parseRow(line: string, row: number, { labelCount, folds }: ReadOptions) {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    throw new TrainingError('training_failed', `Row ${row + 1} of the training file is not JSON.`);
  }
  const { text, label, fold } = (value ?? {}) as Record<string, unknown>;
  const within = (n: unknown, end: number): n is number =>
    Number.isInteger(n) && (n as number) >= 0 && (n as number) < end;
  if (typeof text !== 'string' || !within(label, labelCount) || !within(fold, folds)) {
    throw new TrainingError('training_failed', `Row ${row + 1} of the training file has no valid text, label or fold.`);
  }
  return { text, label, fold };
}

function* lines(path: string): Generator<{ line: string; fraction: number }> {
  const file = openSync(path, 'r');
  try {
    const size = Math.max(1, fstatSync(file).size);
    let pending = Buffer.alloc(0);
    let read = 0;
    for (;;) {
      const chunk = Buffer.allocUnsafe(CHUNK_BYTES);
      const count = readSync(file, chunk, 0, CHUNK_BYTES, null);
      if (count === 0) break;
      read += count;
      const data = pending.length > 0 ? Buffer.concat([pending, chunk.subarray(0, count)]) : chunk.subarray(0, count);
      let from = 0;
      for (let end = data.indexOf(10, from); end >= 0; end = data.indexOf(10, from)) {
        yield { line: data.toString('utf8', from, end), fraction: read / size };
        from = end + 1;
      }
      pending = data.subarray(from);
      if (pending.length > MAX_LINE_BYTES) throw new TrainingError('training_failed', 'A row of the file is too long.');
    }
    if (pending.length > 0) yield { line: pending.toString('utf8'), fraction: 1 };
  } finally {
    closeSync(file);
  }
}
