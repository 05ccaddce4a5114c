import { Corpus, type CorpusData, DEFAULT_NGRAMS, sharedArray } from '@understudy/text';
import { readRows, type TrainingData, trainingErrors } from '@understudy/training';

/** The rows of a job as counted n-grams, in memory that threads share. */
export interface TrainingRows {
  corpus: CorpusData;
  labels: Int32Array;
  folds: Uint8Array;
  /** Some texts, to measure the speed of the finished model with. */
  samples: string[];
  longestRow: number;
}

const ROWS_BETWEEN_CHECKS = 256;
const SAMPLES = 200;

/** Reads the job's file. `check` is called every few hundred rows with the bytes that the rows hold so far. */
export async function readTrainingRows(
  data: TrainingData,
  check: (heldBytes: number, rows: number) => void,
): Promise<TrainingRows> {
  const corpus = new Corpus(DEFAULT_NGRAMS);
  const labels = sharedArray(Int32Array, data.rows);
  const folds = sharedArray(Uint8Array, data.rows);
  const samples: string[] = [];
  for await (const { text, label, fold } of readRows(data.path)) {
    const row = corpus.rows;
    const index = (value: number | undefined, end: number) => Number.isInteger(value) && value! >= 0 && value! < end;
    if (
      row === data.rows ||
      typeof text !== 'string' ||
      !index(label, data.labels.length) ||
      !index(fold, data.folds)
    ) {
      throw trainingErrors.training_failed(`row ${row + 1} of the training file is not one of the rows announced`);
    }
    corpus.add(text);
    labels[row] = label;
    folds[row] = fold!;
    if (samples.length < SAMPLES) samples.push(text);
    if (corpus.rows % ROWS_BETWEEN_CHECKS === 0) check(corpus.memoryBytes, corpus.rows);
  }
  if (corpus.rows !== data.rows) {
    throw trainingErrors.training_failed(`the training file has ${corpus.rows} rows instead of ${data.rows}`);
  }
  const counted = corpus.data();
  let longestRow = 0;
  for (let row = 0; row < counted.rows; row++) {
    longestRow = Math.max(longestRow, counted.offsets[row + 1]! - counted.offsets[row]!);
  }
  return { corpus: counted, labels, folds, samples, longestRow };
}

/** Throws `training_data_insufficient`, saying what is missing, when no classifier could come of the rows. */
export function refuseInsufficient(rows: TrainingRows, data: TrainingData): void {
  const { labels, folds, corpus } = rows;
  const fitted = new Set<number>();
  let validation = 0;
  for (let row = 0; row < labels.length; row++) {
    if (folds[row] === data.validationFold) validation++;
    else fitted.add(labels[row]!);
  }
  const refuse = (detail: string) => {
    throw trainingErrors.training_data_insufficient(detail);
  };
  if (labels.length < 4) refuse(`there are ${labels.length} rows; at least 4 are needed`);
  if (new Set(labels).size < 2) refuse('all rows have the same label; rows of at least 2 labels are needed');
  if (fitted.size < 2) refuse('outside the validation fold all rows have the same label; more rows are needed');
  if (validation === 0) refuse('there are no rows in the validation fold; more rows are needed');
  if (corpus.features === 0) refuse('the texts are empty');
}
