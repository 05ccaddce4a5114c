import {
  type CorpusData,
  type CorpusSpace,
  type FeatureSpace,
  featureSpace,
  paddedLabels,
  vectors,
} from '@understudy/text';
import { MAX_PACKED_BYTES, PackedMatrix } from './packed-matrix.ts';
import { seededRandom } from './random.ts';
import { SoftmaxSolver } from './softmax-solver.ts';
import { TrainingError } from './training-error.ts';

/** What every fit of a job shares; posted to each thread once. */
export interface FitContext {
  corpus: CorpusData;
  /** By row of the corpus. */
  labels: Int32Array;
  labelCount: number;
  minRows: number;
  maxFeatures: number;
  /** See LinearParameters. */
  classWeight: number;
}

/** One chain of fits on the same rows, each warm-started from the one before: what one thread does in one go. */
export interface FitTask {
  /** Rows that the fits see. Features and their frequencies come from these rows only. */
  fitted: Int32Array;
  /** Rows that the fits do not see and that are scored after each. */
  heldOut: Int32Array;
  /** Regularisation strengths, in the order in which they are fitted. */
  strengths: number[];
  tolerance: number;
  maxEpochs: number;
  seed: number;
  /** Whether to return the last fit's model. */
  keepModel: boolean;
}

export interface FitOutcome {
  fits: { C: number; epochs: number; relativeGap: number; heldOutScores: Float32Array }[];
  model: { space: FeatureSpace; weights: Float32Array } | undefined;
}

const WORD_WEIGHT = 1;
const CHAR_WEIGHT = 1;

/** Weights of one fit hold at most so many bytes: with many labels, fewer features are kept. */
const MAX_WEIGHT_BYTES = 256 << 20;

/** Runs a task: a pure function of its arguments, so it does not matter which thread runs it. */
export function runFitTask(context: FitContext, task: FitTask, onEpoch: () => void): FitOutcome {
  const { corpus, labelCount } = context;
  const { fitted, heldOut, strengths } = task;
  const maxFeatures = Math.min(context.maxFeatures, mostFeatures(labelCount));
  const options = { minRows: context.minRows, maxFeatures, wordWeight: WORD_WEIGHT, charWeight: CHAR_WEIGHT };
  const space = featureSpace(corpus, options, fitted);
  if (space.hashes.length === 0) {
    throw new TrainingError(
      'training_data_insufficient',
      'The texts have no words or characters in common: no n-gram occurs in two of them.',
    );
  }
  const rows = new Int32Array(fitted.length + heldOut.length);
  rows.set(fitted);
  rows.set(heldOut, fitted.length);
  const matrix = pack(corpus, space, rows, labelCount);
  const labels = Int32Array.from(rows, (row) => context.labels[row]!);
  const labelWeights = weighLabels(labels.subarray(0, fitted.length), labelCount, context.classWeight);
  const solver = new SoftmaxSolver({ matrix, fittedRows: fitted.length, labels, labelCount, labelWeights });
  const random = seededRandom(task.seed);
  const fits: FitOutcome['fits'] = [];
  for (const C of strengths) {
    const result = solver.fit({ C, tolerance: task.tolerance, maxEpochs: task.maxEpochs, random, onEpoch });
    const heldOutScores = new Float32Array(heldOut.length * labelCount);
    for (let i = 0; i < heldOut.length; i++) {
      heldOutScores.set(solver.score(fitted.length + i).subarray(0, labelCount), i * labelCount);
    }
    fits.push({ C, ...result, heldOutScores });
  }
  const { ids: _, ...plain } = space;
  return { fits, model: task.keepModel ? { space: plain, weights: solver.weights.slice() } : undefined };
}

function pack(corpus: CorpusData, space: CorpusSpace, rows: Int32Array, labelCount: number): PackedMatrix {
  const matrix = vectors(corpus, space, rows);
  const features = space.hashes.length;
  return new PackedMatrix(matrix, features, SoftmaxSolver.room(features + 1, labelCount));
}

/** Features that the bound on a model's weights leaves room for. */
function mostFeatures(labelCount: number): number {
  return Math.floor(MAX_WEIGHT_BYTES / (paddedLabels(labelCount) * 4));
}

/** Rows of label k count (n / (K n_k))^classWeight; scaled so that a row counts 1 on average. */
function weighLabels(labels: Int32Array, labelCount: number, classWeight: number): Float32Array {
  const counts = new Float64Array(labelCount);
  for (const label of labels) counts[label]!++;
  const weights = Float64Array.from(
    counts,
    (count) => (labels.length / (labelCount * Math.max(1, count))) ** classWeight,
  );
  const mean = weights.reduce((sum, weight, k) => sum + weight * counts[k]!, 0) / labels.length;
  return Float32Array.from(weights, (weight) => weight / mean);
}

/** Bytes that a task over so many rows needs at its peak (upper bound; checked before it starts). */
export function taskBytes(context: FitContext, rows: number): number {
  const { corpus, labelCount } = context;
  const entries = (corpus.offsets[corpus.rows]! / Math.max(1, corpus.rows)) * rows;
  const features = Math.min(corpus.features, context.maxFeatures, mostFeatures(labelCount));
  const packed = (entries + rows) * 8 + SoftmaxSolver.room(features + 1, labelCount);
  const model = features * paddedLabels(labelCount) * 4;
  if (packed > MAX_PACKED_BYTES) return Number.POSITIVE_INFINITY;
  return packed + entries * 8 + rows * (labelCount * 4 + 40) + corpus.features * 12 + features * 16 + model;
}
