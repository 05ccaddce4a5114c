/** What a model decides over. Text today; other kinds add their own fields. */
export interface ModelInput {
  readonly text: string;
}

/** Why a model gave a label its score. `score = bias + Σ features.weight + remainder`, in `unit`. */
export interface Explanation {
  /** `linear_contributions` is exact; `integrated_gradients` follows Sundararajan et al. 2017; `occlusion`. */
  method: 'linear_contributions' | 'integrated_gradients' | 'occlusion';
  label: string;
  /** The label's score before calibration (a margin or a logit). */
  score: number;
  unit: 'margin' | 'logit';
  bias: number;
  /** Strongest first. `span` is [start, end) in UTF-16 code units of the input text as it was sent. */
  features: { name: string; weight: number; span?: [number, number] }[];
  /** The sum of the contributions of all features that are not listed. */
  remainder: number;
}

/** A model in memory. Calls may be synchronous (a linear model) or not (one behind a wire). */
export interface LoadedModel {
  /** The label set, in the order of the columns that `predict` returns. */
  readonly labels: readonly string[];
  /** Bytes that this model holds. */
  readonly memoryBytes: number;
  /**
   * Calibrated probabilities, row-major: `inputs.length × labels.length`, each row summing to 1.
   * Deterministic: the same input gives the same bits alone and in any batch.
   */
  predict(inputs: readonly ModelInput[]): Float32Array | Promise<Float32Array>;
  explain(input: ModelInput, label: number, options: { maxFeatures: number }): Explanation | Promise<Explanation>;
  /** Gives the memory back. Later calls throw. */
  close(): void | Promise<void>;
}

/**
 * The ModelRuntime port: opens one or more artifact formats. `bytes` were checked against their recorded SHA-256
 * before; the runtime still checks every bound in them, because a digest says who wrote a file, not that it is sane.
 * A malformed file throws an UnderstudyError with code `model_artifact_invalid`.
 */
export interface ModelRuntime {
  /** E.g. `linear`. */
  readonly name: string;
  /** Artifact formats that `load` takes, e.g. `understudy-linear/1`. */
  readonly formats: readonly string[];
  /**
   * Whether the caller's own thread may run its models: this project's code, which trusts no byte of a file, holds no
   * more than it says and takes a time that the text's length bounds.
   */
  readonly tame?: boolean;
  load(bytes: Uint8Array, options: { maxMemoryBytes: number }): LoadedModel | Promise<LoadedModel>;
}
