import type { LinearModel } from './linear-model.ts';
import { paddedLabels } from './linear-model.ts';
import { type SparseKernel, sparseKernel } from './sparse-kernel.ts';
import { TextVectoriser } from './vectoriser.ts';

/** Entries that the scratch space takes at once; a longer text is scored in pieces of so many, then added up. */
const PIECE = 16_384;

/** Scores texts with a linear model held in WebAssembly memory. Not for two threads; allocates nothing per text. */
export class LinearScorer {
  readonly labels: readonly string[];
  readonly vectoriser: TextVectoriser;
  readonly memoryBytes: number;
  /** Scores before calibration, after `score`; only the first `labels.length` count. */
  readonly scores: Float32Array;
  readonly #kernel: SparseKernel;
  readonly #stride: number;
  readonly #columns: Int32Array;
  readonly #values: Float32Array;
  readonly #piece: Float32Array;
  readonly #weights: Float32Array;
  readonly #temperature: number;
  readonly #exponentials: Float64Array;

  constructor(model: LinearModel) {
    this.labels = model.labels;
    this.vectoriser = new TextVectoriser(model.space);
    this.#stride = paddedLabels(model.labels.length);
    this.#temperature = model.temperature;
    const scratch = PIECE * 8 + this.#stride * 4;
    const memory = new WebAssembly.Memory({ initial: Math.ceil((scratch + model.weights.byteLength) / 65_536) });
    this.#columns = new Int32Array(memory.buffer, 0, PIECE);
    this.#values = new Float32Array(memory.buffer, PIECE * 4, PIECE);
    this.#piece = new Float32Array(memory.buffer, PIECE * 8, this.#stride);
    this.#weights = new Float32Array(memory.buffer, scratch, model.weights.length);
    this.#weights.set(model.weights);
    this.#kernel = sparseKernel(memory);
    this.scores = new Float32Array(this.#stride);
    this.#exponentials = new Float64Array(model.labels.length);
    this.memoryBytes = memory.buffer.byteLength + this.vectoriser.memoryBytes;
  }

  /** The weight of a feature (or, at index `features`, the bias) for a label. */
  weight(column: number, label: number): number {
    return this.#weights[column * this.#stride + label]!;
  }

  /** Fills `scores` for a text. */
  score(text: string): void {
    const { vectoriser, scores } = this;
    const entries = vectoriser.vectorise(text);
    const bias = vectoriser.space.hashes.length * this.#stride;
    for (let k = 0; k < scores.length; k++) scores[k] = this.#weights[bias + k]!;
    for (let from = 0; from < entries; from += PIECE) {
      const count = Math.min(PIECE, entries - from);
      for (let e = 0; e < count; e++) {
        this.#columns[e] = vectoriser.columns[from + e]!;
        this.#values[e] = vectoriser.values[from + e]!;
      }
      this.#kernel.scores(0, PIECE * 4, count, this.#weights.byteOffset, this.#stride * 4, PIECE * 8);
      for (let k = 0; k < scores.length; k++) scores[k]! += this.#piece[k]!;
    }
  }

  /** Writes the calibrated probabilities of a text to `out[at … at + labels)`. */
  predict(text: string, out: Float32Array, at: number): void {
    this.score(text);
    const { scores } = this;
    const exponentials = this.#exponentials;
    let highest = scores[0]!;
    for (let k = 1; k < exponentials.length; k++) if (scores[k]! > highest) highest = scores[k]!;
    let total = 0;
    for (let k = 0; k < exponentials.length; k++) {
      const e = Math.exp(this.#temperature * (scores[k]! - highest));
      exponentials[k] = e;
      total += e;
    }
    for (let k = 0; k < exponentials.length; k++) out[at + k] = exponentials[k]! / total;
  }
}
