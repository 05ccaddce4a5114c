import { featureTableBytes } from './feature-table.ts';
import { paddedLabels } from './linear-model.ts';
import { type NetworkKernel, networkKernel } from './network-kernel.ts';
import type { NetworkModel } from './network-model.ts';
import { TextVectoriser } from './vectoriser.ts';

/** Entries that the scratch space takes at once; a longer text is scored in pieces of so many, then added up. */
const PIECE = 16_384;

/**
 * Scores texts with a network held in WebAssembly memory. Not for two threads; allocates nothing per text. The same
 * text gives the same bits, whatever was scored before.
 */
export class NetworkScorer {
  readonly labels: readonly string[];
  readonly vectoriser: TextVectoriser;
  readonly memoryBytes: number;
  readonly hidden: number;
  readonly members: number;
  readonly hiddenBias: Float32Array;
  readonly labelBias: Float32Array;
  /** Scores before calibration, after `score`; only the first `labels.length` count. */
  readonly scores: Float32Array;
  readonly #temperature: number;
  readonly #kernel: NetworkKernel;
  readonly #features: number;
  readonly #stride: number;
  readonly #scales: Float32Array;
  readonly #embeddings: Int8Array;
  readonly #output: Float32Array;
  readonly #columns: Int32Array;
  readonly #values: Float32Array;
  readonly #piece: Float32Array;
  readonly #units: Int32Array;
  readonly #unitValues: Float32Array;
  readonly #partial: Float32Array;
  readonly #exponentials: Float64Array;
  /** What each hidden unit `[member][hidden]` sums up, bias included. */
  readonly #sums: Float32Array;

  constructor(model: NetworkModel) {
    const { hidden, members, labels } = model;
    const units = members * hidden;
    this.hidden = hidden;
    this.members = members;
    this.labels = labels;
    this.hiddenBias = model.hiddenBias;
    this.labelBias = model.labelBias;
    this.#temperature = model.temperature;
    this.#features = model.space.hashes.length;
    this.#stride = paddedLabels(labels.length);
    this.#scales = model.embeddingScales;
    this.vectoriser = new TextVectoriser(model.space);
    this.scores = new Float32Array(this.#stride);
    this.#sums = new Float32Array(units);
    this.#exponentials = new Float64Array(labels.length);
    const floats = PIECE * 2 + hidden + units * 2 + this.#stride + units * this.#stride;
    const memory = new WebAssembly.Memory({ initial: Math.ceil((floats * 4 + model.embeddings.length) / 65_536) });
    let top = 0;
    const take = (length: number) => {
      const array = new Float32Array(memory.buffer, top, length);
      top += length * 4;
      return array;
    };
    const integers = (length: number) => new Int32Array(memory.buffer, take(length).byteOffset, length);
    this.#columns = integers(PIECE);
    this.#values = take(PIECE);
    this.#piece = take(hidden);
    this.#units = integers(units);
    this.#unitValues = take(units);
    this.#partial = take(this.#stride);
    this.#output = take(units * this.#stride);
    for (let j = 0; j < units; j++) {
      this.#output.set(model.output.subarray(j * labels.length, (j + 1) * labels.length), j * this.#stride);
    }
    this.#embeddings = new Int8Array(memory.buffer, top, model.embeddings.length);
    this.#embeddings.set(model.embeddings);
    this.#kernel = networkKernel(memory);
    this.memoryBytes = memory.buffer.byteLength + this.vectoriser.memoryBytes + this.#scales.byteLength;
  }

  /** Σ_j embedding[member][feature][j] · vector[j]. */
  embeddingDot(member: number, feature: number, vector: Float64Array): number {
    const row = member * this.#features + feature;
    const from = row * this.hidden;
    let sum = 0;
    for (let j = 0; j < this.hidden; j++) sum += this.#embeddings[from + j]! * vector[j]!;
    return sum * this.#scales[row]!;
  }

  /** into[j] += factor · embedding[member][feature][j]. */
  addEmbedding(member: number, feature: number, factor: number, into: Float64Array): void {
    const row = member * this.#features + feature;
    const from = row * this.hidden;
    const scale = factor * this.#scales[row]!;
    for (let j = 0; j < this.hidden; j++) into[j]! += scale * this.#embeddings[from + j]!;
  }

  /** The weight from a hidden unit, counted over all members, to a label. */
  outputWeight(unit: number, label: number): number {
    return this.#output[unit * this.#stride + label]!;
  }

  /** Fills `scores` for a text. */
  score(text: string): void {
    const { hidden, scores } = this;
    const sums = this.#sums;
    const entries = this.vectoriser.vectorise(text);
    let active = 0;
    for (let member = 0; member < this.members; member++) {
      const base = member * hidden;
      for (let j = base; j < base + hidden; j++) sums[j] = this.hiddenBias[j]!;
      for (let from = 0; from < entries; from += PIECE) this.#addPiece(member, from, Math.min(PIECE, entries - from));
      for (let j = base; j < base + hidden; j++) {
        const sum = sums[j]!;
        if (sum <= 0) continue;
        this.#units[active] = j;
        this.#unitValues[active++] = sum;
      }
    }
    const { byteOffset: units } = this.#units;
    const { byteOffset: values } = this.#unitValues;
    this.#kernel.scores(units, values, active, this.#output.byteOffset, this.#stride * 4, this.#partial.byteOffset);
    for (let k = 0; k < this.labels.length; k++) scores[k] = this.#partial[k]! + this.labelBias[k]!;
  }

  #addPiece(member: number, from: number, count: number): void {
    const { hidden } = this;
    const sums = this.#sums;
    const columns = this.#columns;
    const values = this.#values;
    const scales = this.#scales;
    const piece = this.#piece;
    const first = member * this.#features;
    for (let e = 0; e < count; e++) {
      const column = this.vectoriser.columns[from + e]!;
      columns[e] = column;
      values[e] = this.vectoriser.values[from + e]! * scales[first + column]!;
    }
    const rows = this.#embeddings.byteOffset + first * hidden;
    this.#kernel.byteScores(columns.byteOffset, values.byteOffset, count, rows, hidden, piece.byteOffset);
    const base = member * hidden;
    for (let j = 0; j < hidden; j++) sums[base + j]! += piece[j]!;
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

/** About the bytes that a scorer of such a model will hold: to be compared with a limit before one is made. */
export function networkScorerBytes({ hidden, members, labels, space }: NetworkModel): number {
  const features = space.hashes.length;
  const units = members * hidden;
  const memory = members * features * (hidden + 4) + units * (paddedLabels(labels.length) + 4) * 4 + PIECE * 8;
  // Feature table, idf and position of each feature; one page of the memory may be partly used.
  return memory + featureTableBytes(features) + features * 8 + 65_536;
}
