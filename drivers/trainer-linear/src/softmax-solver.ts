import { paddedLabels, type SparseKernel, sparseKernel } from '@understudy/text';
import type { PackedMatrix } from './packed-matrix.ts';
import { type Random, shuffle } from './random.ts';

export interface Problem {
  matrix: PackedMatrix;
  /** The first rows of the matrix are fitted; the others can only be scored. */
  fittedRows: number;
  /** By row of the matrix. */
  labels: Int32Array;
  labelCount: number;
  /** By label: how much a row of it counts. */
  labelWeights: Float32Array;
}

export interface FitOptions {
  /** Inverse strength of the regulariser, as in scikit-learn: minimise ½‖W‖² + Σ C·weight(row)·loss(row). */
  C: number;
  /** Stop when the duality gap, relative to the loss, is at most this; or after `maxEpochs`. */
  tolerance: number;
  maxEpochs: number;
  random: Random;
  onEpoch?: (epoch: number) => void;
}

export interface FitResult {
  epochs: number;
  /** Duality gap / primal loss over the last epoch; 0 is the exact optimum. */
  relativeGap: number;
}

/** Smallest dual probability: keeps logarithms finite and every label reachable. */
const FLOOR = 1e-9;
/** Smaller dual probabilities add nothing to the gap that is worth a logarithm. */
const NEGLIGIBLE = 1e-6;
/** A row whose dual variables move less than this is left as it is. */
const STILL = 1e-7;

/**
 * Multinomial logistic regression with an L2 regulariser, solved in the dual by coordinate ascent over rows
 * (Yu, Huang & Lin 2011; Shalev-Shwartz & Zhang 2013). W = Σ_i C_i x_i (t_i − q_i)ᵀ, with t the one-hot target and
 * the dual variable q_i a distribution over labels; at the optimum q_i is what the model predicts, p_i. One visit to
 * a row computes the scores of all labels at once, takes one Newton step on q_i along the simplex (its Hessian is
 * diagonal but for the constraint Σq = 1, so the step costs a few passes over the labels) and adds the change to W.
 * W is feature-major: all labels of a feature are contiguous. The bias is one more feature, of value 1.
 */
export class SoftmaxSolver {
  readonly #problem: Problem;
  readonly #stride: number;
  readonly #kernel: SparseKernel;
  readonly #weightsAt: number;
  readonly #scores: Float32Array;
  readonly #delta: Float32Array;
  /** q − t, `[row][label]`. */
  readonly #dual: Float32Array;
  readonly #step: Float64Array;
  readonly #scale: Float64Array;
  #lastC = 0;

  constructor(problem: Problem) {
    const { matrix, fittedRows, labelCount } = problem;
    this.#problem = problem;
    this.#stride = paddedLabels(labelCount);
    this.#kernel = sparseKernel(matrix.memory);
    this.#weightsAt = matrix.allocate(matrix.features * this.#stride * 4);
    this.#scores = new Float32Array(matrix.memory.buffer, matrix.allocate(this.#stride * 4), this.#stride);
    this.#delta = new Float32Array(matrix.memory.buffer, matrix.allocate(this.#stride * 4), this.#stride);
    this.#dual = new Float32Array(fittedRows * labelCount);
    this.#step = new Float64Array(labelCount);
    this.#scale = new Float64Array(labelCount);
  }

  /** Bytes that a solver needs in the matrix's memory. */
  static room(features: number, labelCount: number): number {
    return (features + 3) * paddedLabels(labelCount) * 4 + 64;
  }

  /** `[feature][label]`, padded, the bias last; a view that the next fit changes. */
  get weights(): Float32Array {
    const { matrix } = this.#problem;
    return new Float32Array(matrix.memory.buffer, this.#weightsAt, matrix.features * this.#stride);
  }

  /** Scores of a row of the matrix; a view, valid until the next call. */
  score(row: number): Float32Array {
    const { columnsAt, valuesAt, offsets } = this.#problem.matrix;
    const from = offsets[row]!;
    const count = offsets[row + 1]! - from;
    const [columns, values] = [columnsAt + from * 4, valuesAt + from * 4];
    this.#kernel.scores(columns, values, count, this.#weightsAt, this.#stride * 4, this.#scores.byteOffset);
    return this.#scores;
  }

  /**
   * Fits from where the last fit ended. For a larger C, W stays and every q moves towards its target by the factor
   * that keeps the dual consistent with it; a smaller C starts anew.
   */
  fit({ C, tolerance, maxEpochs, random, onEpoch }: FitOptions): FitResult {
    if (C >= this.#lastC) {
      const factor = this.#lastC / C;
      for (let i = 0; i < this.#dual.length; i++) this.#dual[i] = this.#dual[i]! * factor;
    } else {
      this.#dual.fill(0);
      this.weights.fill(0);
    }
    this.#lastC = C;
    const order = Int32Array.from({ length: this.#problem.fittedRows }, (_, row) => row);
    let relativeGap = 1;
    let epochs = 0;
    while (epochs < maxEpochs && relativeGap > tolerance) {
      shuffle(order, random);
      relativeGap = this.#epoch(order, C);
      onEpoch?.(++epochs);
    }
    return { epochs, relativeGap };
  }

  #epoch(order: Int32Array, C: number): number {
    const { labels, labelWeights, matrix } = this.#problem;
    let gap = 0;
    let loss = 0;
    for (let o = 0; o < order.length; o++) {
      const row = order[o]!;
      const label = labels[row]!;
      const cost = C * labelWeights[label]!;
      const scores = this.score(row);
      const total = this.#predict(scores);
      loss += cost * (total - scores[label]!);
      gap += cost * this.#newton(row, label, cost * matrix.squares[row]!);
      if (this.#move(row, label, cost)) this.#update(row);
    }
    return gap / Math.max(loss, 1e-30);
  }

  /** Fills `#scale` with the predicted probabilities; returns the logarithm of the normaliser. */
  #predict(scores: Float32Array): number {
    const K = this.#problem.labelCount;
    const p = this.#scale;
    let highest = scores[0]!;
    for (let k = 1; k < K; k++) if (scores[k]! > highest) highest = scores[k]!;
    let total = 0;
    for (let k = 0; k < K; k++) {
      const e = Math.exp(scores[k]! - highest);
      p[k] = e;
      total += e;
    }
    for (let k = 0; k < K; k++) p[k] = p[k]! / total + 1e-30;
    return highest + Math.log(total);
  }

  /**
   * The Newton step of a row's q, into `#step`, and what the multiplier of Σq = 1 scales, into `#scale`. Returns
   * KL(q‖p), the row's share of the duality gap. Where q and p differ much, the larger of the two stands in for the
   * curvature of the entropy, which keeps steps short.
   */
  #newton(row: number, label: number, curvature: number): number {
    const K = this.#problem.labelCount;
    const dual = this.#dual;
    const base = row * K;
    let divergence = 0;
    let stepSum = 0;
    let scaleSum = 0;
    for (let k = 0; k < K; k++) {
      const p = this.#scale[k]!;
      const q = dual[base + k]! + (k === label ? 1 : 0);
      if (q > NEGLIGIBLE) divergence += q * Math.log(q / p);
      const m = Math.max(p, q, FLOOR);
      const inverse = 1 / (1 + curvature * m);
      const step = (p - q) * inverse;
      this.#step[k] = step;
      this.#scale[k] = m * inverse;
      stepSum += step;
      scaleSum += m * inverse;
    }
    const multiplier = stepSum / scaleSum;
    for (let k = 0; k < K; k++) this.#step[k]! -= multiplier * this.#scale[k]!;
    return divergence;
  }

  /** Takes the step, keeps q a distribution, and puts the change of the row's coefficients into `#delta`. */
  #move(row: number, label: number, cost: number): boolean {
    const K = this.#problem.labelCount;
    const dual = this.#dual;
    const next = this.#scale;
    const base = row * K;
    let total = 0;
    for (let k = 0; k < K; k++) {
      const q = Math.max(dual[base + k]! + (k === label ? 1 : 0) + this.#step[k]!, FLOOR);
      next[k] = q;
      total += q;
    }
    let largest = 0;
    for (let k = 0; k < K; k++) {
      const after = Math.fround(next[k]! / total - (k === label ? 1 : 0));
      const change = after - dual[base + k]!;
      dual[base + k] = after;
      this.#delta[k] = -cost * change;
      if (Math.abs(change) > largest) largest = Math.abs(change);
    }
    return largest > STILL;
  }

  #update(row: number): void {
    const { columnsAt, valuesAt, offsets } = this.#problem.matrix;
    const from = offsets[row]!;
    const count = offsets[row + 1]! - from;
    const [columns, values] = [columnsAt + from * 4, valuesAt + from * 4];
    this.#kernel.update(columns, values, count, this.#weightsAt, this.#stride * 4, this.#delta.byteOffset);
  }
}
