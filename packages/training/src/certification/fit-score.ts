import { type AnswerShape, type ScoreFunction, shapeOf } from '@understudy/decisions';
import type { HeldOutRows } from '../held-out-file.ts';

/** One tuning row: the shape of the answer, the label answered, and whether it was right. */
export interface TuneRow extends AnswerShape {
  top: number;
  right: boolean;
}

/** Below this many wrong answers (or right ones) there is nothing to learn a score from. */
const LEAST_OF_EACH = 10;
const FOLDS = 5;
/** Variances of the labels' offsets that are tried: 0 = all labels alike. */
const LABEL_VARIANCES = [0, 0.1, 0.3, 1, 3];
/** Of the weights of the shape: weak, it only keeps separable data finite. */
const SHAPE_VARIANCE = 4;

/** The rows of a trainer's held-out file as tuning rows. */
export function tuneRowsOf({ truths, probabilities, labelCount }: HeldOutRows): TuneRow[] {
  return Array.from(truths, (truth, row) => {
    const shape = shapeOf(probabilities.subarray(row * labelCount, (row + 1) * labelCount));
    return { ...shape, right: shape.top === truth };
  });
}

/**
 * Fits the score on tuning rows only: a penalised logistic regression of "the answer is right" on the shape of the
 * answer with a shrunken offset for each label (a random effect; its variance, and whether lead and entropy help at all,
 * by cross-validated log loss). With too few mistakes to learn from: the top probability.
 */
export function fitScore(rows: readonly TuneRow[], labels: readonly string[]): ScoreFunction {
  const wrong = rows.filter(({ right }) => !right).length;
  if (wrong < LEAST_OF_EACH || rows.length - wrong < LEAST_OF_EACH) return { kind: 'top_probability' };
  let best = { loss: Number.POSITIVE_INFINITY, full: false, variance: 0 };
  for (const full of [false, true]) {
    for (const variance of LABEL_VARIANCES) {
      const loss = crossValidated(rows, labels.length, full, variance);
      // A richer score must be better by more than noise.
      if (loss < best.loss * 0.999) best = { loss, full, variance };
    }
  }
  const fitted = fit(rows, labels.length, best.full, best.variance);
  const offsets: Record<string, number> = {};
  for (const [index, label] of labels.entries()) {
    if (fitted.offsets[index] !== 0) offsets[label] = Math.round(fitted.offsets[index]! * 1e4) / 1e4;
  }
  const [bias, odds, lead, entropy] = fitted.weights;
  return { kind: 'logistic', bias: bias!, odds: odds!, lead: lead!, entropy: entropy!, labels: offsets };
}

interface Fitted {
  /** Of 1, odds, lead, entropy. */
  weights: number[];
  offsets: Float64Array;
}

function crossValidated(rows: readonly TuneRow[], labelCount: number, full: boolean, variance: number): number {
  let loss = 0;
  for (let fold = 0; fold < FOLDS; fold++) {
    const fitted = fit(
      rows.filter((_, i) => i % FOLDS !== fold),
      labelCount,
      full,
      variance,
    );
    for (let i = fold; i < rows.length; i += FOLDS) {
      const sum = linear(rows[i]!, fitted);
      loss += softplus(rows[i]!.right ? -sum : sum);
    }
  }
  return loss / rows.length;
}

const softplus = (x: number) => (x > 30 ? x : Math.log1p(Math.exp(x)));
const featuresOf = ({ odds, lead, entropy }: TuneRow) => [1, odds, lead, entropy];

function linear(row: TuneRow, { weights, offsets }: Fitted): number {
  return weights[0]! + weights[1]! * row.odds + weights[2]! * row.lead + weights[3]! * row.entropy + offsets[row.top]!;
}

/** Newton steps in turn on the shape's weights and on each label's offset, until neither moves. */
function fit(rows: readonly TuneRow[], labelCount: number, full: boolean, variance: number): Fitted {
  const used = full ? [0, 1, 2, 3] : [0, 1];
  const fitted: Fitted = { weights: [0, 1, 0, 0], offsets: new Float64Array(labelCount) };
  // The prior says: the top probability is right as it is.
  const prior = [0, 1, 0, 0];
  for (let round = 0; round < 30; round++) {
    const moved = shapeStep(rows, fitted, used, prior) + (variance > 0 ? offsetStep(rows, fitted, variance) : 0);
    if (moved < 1e-4) break;
  }
  return fitted;
}

function shapeStep(rows: readonly TuneRow[], fitted: Fitted, used: number[], prior: number[]): number {
  const size = used.length;
  const gradient = new Float64Array(size);
  const hessian = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of rows) {
    const p = 1 / (1 + Math.exp(-linear(row, fitted)));
    const x = featuresOf(row);
    const slope = (row.right ? 1 : 0) - p;
    const curve = p * (1 - p);
    for (let a = 0; a < size; a++) {
      gradient[a]! += slope * x[used[a]!]!;
      for (let b = 0; b <= a; b++) hessian[a]![b]! += curve * x[used[a]!]! * x[used[b]!]!;
    }
  }
  for (let a = 0; a < size; a++) {
    const precision = used[a] === 0 ? 0.01 : 1 / SHAPE_VARIANCE;
    gradient[a]! -= precision * (fitted.weights[used[a]!]! - prior[used[a]!]!);
    hessian[a]![a]! += precision;
    for (let b = 0; b < a; b++) hessian[b]![a] = hessian[a]![b]!;
  }
  const step = solve(hessian, gradient);
  let moved = 0;
  for (let a = 0; a < size; a++) {
    const change = Math.max(-1, Math.min(1, step[a]!));
    fitted.weights[used[a]!]! += change;
    moved = Math.max(moved, Math.abs(change));
  }
  return moved;
}

function offsetStep(rows: readonly TuneRow[], fitted: Fitted, variance: number): number {
  const gradient = Float64Array.from(fitted.offsets, (offset) => -offset / variance);
  const curvature = new Float64Array(fitted.offsets.length).fill(1 / variance);
  for (const row of rows) {
    const p = 1 / (1 + Math.exp(-linear(row, fitted)));
    gradient[row.top]! += (row.right ? 1 : 0) - p;
    curvature[row.top]! += p * (1 - p);
  }
  let moved = 0;
  for (let label = 0; label < gradient.length; label++) {
    const change = Math.max(-1, Math.min(1, gradient[label]! / curvature[label]!));
    fitted.offsets[label]! += change;
    moved = Math.max(moved, Math.abs(change));
  }
  return moved;
}

/** Gaussian elimination with pivoting; the matrix is small and positive definite. */
function solve(matrix: Float64Array[], right: Float64Array): Float64Array {
  const a = matrix.map((row) => Float64Array.from(row));
  const x = Float64Array.from(right);
  const size = x.length;
  for (let i = 0; i < size; i++) {
    let pivot = i;
    for (let r = i + 1; r < size; r++) if (Math.abs(a[r]![i]!) > Math.abs(a[pivot]![i]!)) pivot = r;
    [a[i], a[pivot]] = [a[pivot]!, a[i]!];
    [x[i], x[pivot]] = [x[pivot]!, x[i]!];
    for (let r = i + 1; r < size; r++) {
      const factor = a[r]![i]! / a[i]![i]!;
      for (let c = i; c < size; c++) a[r]![c]! -= factor * a[i]![c]!;
      x[r]! -= factor * x[i]!;
    }
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let c = i + 1; c < size; c++) x[i]! -= a[i]![c]! * x[c]!;
    x[i]! /= a[i]![i]!;
  }
  return x;
}
