import { type NetworkKernel, networkKernel } from '@understudy/text';
import { normal, type Random, seededRandom, shuffle } from './random.ts';

/** Rows of sparse vectors with their labels; row r is `columns`/`values` at `offsets[r] … offsets[r + 1]`. */
export interface LabelledRows {
  columns: Int32Array;
  values: Float32Array;
  offsets: Float64Array;
  labels: Int32Array;
}

/** Everything that is chosen before a fit. One setting serves all data sets. */
export interface FitSettings {
  /** Units of the hidden layer, a multiple of 16. */
  hidden: number;
  epochs: number;
  learningRate: number;
  outputLearningRate: number;
  /** Share of the n-grams of a row, and of the hidden units, that one visit to the row leaves out. */
  inputDropout: number;
  hiddenDropout: number;
  /** Probability mass that the target spreads over all labels (Szegedy et al. 2016). */
  labelSmoothing: number;
}

/** Start of the sums of squared gradients: gradients below its square root are not scaled up. */
const ACCUMULATOR_START = 1e-3;
const WARM_UP_SHARE = 0.03;
/** Uniform ± this: with rows of unit length, hidden units start near 0.1, where no unit is far from its kink. */
const EMBEDDING_RANGE = 0.17;

/**
 * One network: an embedding bag over the n-grams of a row (a sparse first layer), ReLU, and a linear layer to the
 * labels. Trained by plain visits to one row after another, with the step of each n-gram, unit and label scaled by
 * the root of its summed squared gradients (Adagrad, Duchi et al. 2011, one accumulator a row of weights instead of
 * one a weight), a linear decay to zero, and dropout of n-grams and hidden units (Srivastava et al. 2014). Dropped
 * n-grams and inactive units are left out of the work altogether.
 *
 * Weights live in a WebAssembly memory: embeddings `[feature][hidden]`, output `[hidden][stride]`.
 */
export class MemberNetwork {
  readonly features: number;
  readonly labelCount: number;
  readonly settings: FitSettings;
  /** Floats of a row of the output layer: the labels, padded to a multiple of 4 with zeros. */
  readonly stride: number;
  readonly embeddings: Float32Array;
  readonly hiddenBias: Float32Array;
  readonly output: Float32Array;
  readonly labelBias: Float32Array;
  readonly #random: Random;
  readonly #kernel: NetworkKernel;
  readonly #hidden: Float32Array;
  readonly #hiddenGradient: Float32Array;
  readonly #logits: Float32Array;
  readonly #error: Float32Array;
  readonly #step: Float32Array;
  readonly #units: Int32Array;
  readonly #unitValues: Float32Array;
  readonly #unitGradients: Float32Array;
  readonly #columns: Int32Array;
  readonly #values: Float32Array;
  readonly #embeddingSquares: Float32Array;
  readonly #hiddenSquares: Float32Array;
  readonly #labelSquares: Float32Array;
  readonly #biasSquares: Float32Array;

  constructor(
    features: number,
    labelCount: number,
    longestRow: number,
    settings: FitSettings,
    seed: number,
    stream = 0,
  ) {
    const { hidden } = settings;
    this.features = features;
    this.labelCount = labelCount;
    this.settings = settings;
    this.stride = Math.ceil(labelCount / 4) * 4;
    this.#random = seededRandom(seed, stream);
    const memory = new WebAssembly.Memory({
      initial: Math.ceil(memberMemoryBytes(features, labelCount, longestRow, hidden) / 65_536),
    });
    this.#kernel = networkKernel(memory);
    let top = 0;
    const allocate = (floats: number): number => {
      const at = top;
      top = (top + floats * 4 + 63) & ~63;
      if (top < 0 || top > memory.buffer.byteLength) throw new RangeError('the network does not fit into its memory');
      return at;
    };
    const take = (floats: number) => new Float32Array(memory.buffer, allocate(floats), floats);
    this.embeddings = take(features * hidden);
    this.output = take(hidden * this.stride);
    this.hiddenBias = take(hidden);
    this.#hidden = take(hidden);
    this.#hiddenGradient = take(hidden);
    this.#logits = take(this.stride);
    this.#error = take(this.stride);
    this.#step = take(this.stride);
    this.#units = new Int32Array(memory.buffer, allocate(hidden), hidden);
    this.#unitValues = take(hidden);
    this.#unitGradients = take(hidden);
    this.#columns = new Int32Array(memory.buffer, allocate(longestRow), longestRow);
    this.#values = take(longestRow);
    this.labelBias = new Float32Array(labelCount);
    this.#embeddingSquares = new Float32Array(features).fill(ACCUMULATOR_START);
    this.#hiddenSquares = new Float32Array(hidden).fill(ACCUMULATOR_START);
    this.#labelSquares = new Float32Array(labelCount).fill(ACCUMULATOR_START);
    this.#biasSquares = new Float32Array(labelCount).fill(ACCUMULATOR_START);
    this.#initialise();
  }

  #initialise(): void {
    const { hidden } = this.settings;
    const random = this.#random;
    const embeddings = this.embeddings;
    for (let i = 0; i < embeddings.length; i++) embeddings[i] = (2 * random() - 1) * EMBEDDING_RANGE;
    const deviation = 1 / Math.sqrt(hidden);
    for (let j = 0; j < hidden; j++) {
      for (let k = 0; k < this.labelCount; k++) this.output[j * this.stride + k] = normal(random) * deviation;
    }
  }

  /** Fits on the given rows. `onRows` is called about every 1,000 rows with the number of visits made so far. */
  fit(data: LabelledRows, rows: Int32Array, onRows: (visited: number) => void): void {
    const { epochs } = this.settings;
    const order = rows.slice();
    const total = epochs * order.length;
    const warmUp = Math.max(1, WARM_UP_SHARE * total);
    let visited = 0;
    for (let epoch = 0; epoch < epochs; epoch++) {
      shuffle(order, this.#random);
      for (let i = 0; i < order.length; i++) {
        const rate = Math.min(1, (visited + 1) / warmUp) * (1 - visited / total);
        this.#visit(data, order[i]!, rate);
        visited++;
        if (visited % 1000 === 0) onRows(visited);
      }
    }
    onRows(total);
  }

  /** The label scores of a row, without dropout; a view, valid until the next call. */
  score(data: LabelledRows, row: number): Float32Array {
    const from = data.offsets[row]!;
    const count = data.offsets[row + 1]! - from;
    this.#columns.set(data.columns.subarray(from, from + count));
    this.#values.set(data.values.subarray(from, from + count));
    this.#sumEmbeddings(count);
    const hidden = this.#hidden;
    const bias = this.hiddenBias;
    let active = 0;
    for (let j = 0; j < hidden.length; j++) {
      const x = hidden[j]! + bias[j]!;
      if (x <= 0) continue;
      this.#units[active] = j;
      this.#unitValues[active++] = x;
    }
    this.#sumOutput(active);
    return this.#logits;
  }

  #sumEmbeddings(count: number): void {
    this.#kernel.scores(
      this.#columns.byteOffset,
      this.#values.byteOffset,
      count,
      this.embeddings.byteOffset,
      this.settings.hidden * 4,
      this.#hidden.byteOffset,
    );
  }

  #sumOutput(active: number): void {
    this.#kernel.scores(
      this.#units.byteOffset,
      this.#unitValues.byteOffset,
      active,
      this.output.byteOffset,
      this.stride * 4,
      this.#logits.byteOffset,
    );
    for (let k = 0; k < this.labelCount; k++) this.#logits[k]! += this.labelBias[k]!;
  }

  /** One stochastic step on one row. */
  #visit(data: LabelledRows, row: number, rate: number): void {
    const count = this.#keepColumns(data, row);
    this.#sumEmbeddings(count);
    const active = this.#keepUnits();
    this.#sumOutput(active);
    this.#outputError(data.labels[row]!);
    // The gradient of the units is taken before the weights that carry it change.
    this.#kernel.dots(
      this.#units.byteOffset,
      this.#unitGradients.byteOffset,
      active,
      this.output.byteOffset,
      this.stride * 4,
      this.#error.byteOffset,
    );
    this.#stepOutput(active, rate * this.settings.outputLearningRate);
    this.#stepEmbeddings(active, count, rate * this.settings.learningRate);
  }

  #keepColumns(data: LabelledRows, row: number): number {
    const { inputDropout } = this.settings;
    const scale = 1 / (1 - inputDropout);
    const random = this.#random;
    const columns = this.#columns;
    const values = this.#values;
    const end = data.offsets[row + 1]!;
    let count = 0;
    for (let e = data.offsets[row]!; e < end; e++) {
      if (random() < inputDropout) continue;
      columns[count] = data.columns[e]!;
      values[count++] = data.values[e]! * scale;
    }
    return count;
  }

  /** Active units that dropout keeps; a unit that is left out neither scores nor learns in this visit. */
  #keepUnits(): number {
    const { hiddenDropout } = this.settings;
    const scale = 1 / (1 - hiddenDropout);
    const random = this.#random;
    const hidden = this.#hidden;
    const bias = this.hiddenBias;
    let active = 0;
    for (let j = 0; j < hidden.length; j++) {
      const x = hidden[j]! + bias[j]!;
      if (x <= 0 || random() < hiddenDropout) continue;
      this.#units[active] = j;
      this.#unitValues[active++] = x * scale;
    }
    return active;
  }

  /** Softmax minus target, into `#error`. */
  #outputError(label: number): void {
    const logits = this.#logits;
    const error = this.#error;
    const K = this.labelCount;
    let highest = logits[0]!;
    for (let k = 1; k < K; k++) if (logits[k]! > highest) highest = logits[k]!;
    let sum = 0;
    for (let k = 0; k < K; k++) {
      const e = Math.exp(logits[k]! - highest);
      error[k] = e;
      sum += e;
    }
    const spread = this.settings.labelSmoothing / K;
    const scale = 1 / sum;
    for (let k = 0; k < K; k++) error[k] = error[k]! * scale - spread;
    error[label]! -= 1 - this.settings.labelSmoothing;
  }

  #stepOutput(active: number, rate: number): void {
    const error = this.#error;
    const step = this.#step;
    let square = 0;
    for (let e = 0; e < active; e++) square += this.#unitValues[e]! * this.#unitValues[e]!;
    square /= this.settings.hidden;
    for (let k = 0; k < this.labelCount; k++) {
      const e = error[k]!;
      const squares = this.#labelSquares[k]! + e * e * square;
      this.#labelSquares[k] = squares;
      step[k] = (-rate * e) / Math.sqrt(squares);
      const biasSquares = this.#biasSquares[k]! + e * e;
      this.#biasSquares[k] = biasSquares;
      this.labelBias[k]! -= (rate * e) / Math.sqrt(biasSquares);
    }
    this.#kernel.update(
      this.#units.byteOffset,
      this.#unitValues.byteOffset,
      active,
      this.output.byteOffset,
      this.stride * 4,
      this.#step.byteOffset,
    );
  }

  #stepEmbeddings(active: number, count: number, rate: number): void {
    const gradient = this.#hiddenGradient;
    const scale = 1 / (1 - this.settings.hiddenDropout);
    gradient.fill(0);
    let square = 0;
    for (let e = 0; e < active; e++) {
      const j = this.#units[e]!;
      const g = this.#unitGradients[e]! * scale;
      gradient[j] = g;
      square += g * g;
      const squares = this.#hiddenSquares[j]! + g * g;
      this.#hiddenSquares[j] = squares;
      this.hiddenBias[j]! -= (rate * g) / Math.sqrt(squares);
    }
    square /= this.settings.hidden;
    const values = this.#values;
    for (let i = 0; i < count; i++) {
      const value = values[i]!;
      const column = this.#columns[i]!;
      const squares = this.#embeddingSquares[column]! + value * value * square;
      this.#embeddingSquares[column] = squares;
      values[i] = (-rate * value) / Math.sqrt(squares);
    }
    this.#kernel.update(
      this.#columns.byteOffset,
      this.#values.byteOffset,
      count,
      this.embeddings.byteOffset,
      this.settings.hidden * 4,
      this.#hiddenGradient.byteOffset,
    );
  }
}

/** Bytes of the memory that holds one network while it is fitted; the accumulators outside come to 4 a feature more. */
export function memberMemoryBytes(features: number, labelCount: number, longestRow: number, hidden: number): number {
  const stride = Math.ceil(labelCount / 4) * 4;
  return (features * hidden + hidden * stride + hidden * 6 + stride * 3 + longestRow * 2) * 4 + 64 * 14;
}
