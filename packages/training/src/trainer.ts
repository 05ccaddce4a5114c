/**
 * The rows of a training job: an NDJSON file, one row a line, in an order that says nothing about labels or time:
 * `{"text": "…", "label": 3, "fold": 0…9}`. `label` indexes `labels`. Folds are stratified by label and grouped:
 * the same subject, the same normalised text and near-duplicates never straddle two folds. Rows set aside to
 * evaluate and certify are not in the file at all.
 */
export interface TrainingData {
  path: string;
  rows: number;
  labels: readonly string[];
  /** Number of folds, 2…10 (fewer than 10 when there are few rows). */
  folds: number;
  /** The fold on which every trainer reports its validation figures, fitted on the other folds only. */
  validationFold: number;
}

export interface TrainJob {
  kind: 'text_classification';
  data: TrainingData;
  /** What the user set; a trainer refuses a name or a value that it does not know (code `unknown_parameter`). */
  parameters: Readonly<Record<string, unknown>>;
  /** Same data, parameters and seed give the same artifact, byte for byte, whatever the number of threads. */
  seed: number;
  /** How many cores the job may use. */
  threads: number;
  /** The job fails with `training_out_of_memory` rather than exceed this. */
  memoryLimitBytes: number;
  /** Where to write the artifact. */
  outputPath: string;
}

export interface TrainProgress {
  /** One of the trainer's own phases, e.g. `read`, `tune`, `fit`, `calibrate`, `write`. */
  phase: string;
  /** Share of the whole job that is done, 0…1, never falling. */
  fraction: number;
  detail?: string;
}

export interface TrainContext {
  /** Aborted on cancel: the trainer stops within a second, frees its workers and throws `training_cancelled`. */
  signal: AbortSignal;
  progress(update: TrainProgress): void;
  log(line: string): void;
}

/** Figures on the validation fold, by a model that never saw it. */
export interface ValidationFigures {
  rows: number;
  accuracy: number;
  macroF1: number;
  logLoss: number;
  /** 15 equal-width bins over the top label's probability (Guo et al. 2017). */
  expectedCalibrationError: number;
}

export interface TrainedModel {
  /** Artifact format, one that some ModelRuntime loads. */
  format: string;
  path: string;
  bytes: number;
  sha256: string;
  /** The hyper-parameters as chosen (tuned or given). */
  parameters: Record<string, unknown>;
  validation: ValidationFigures;
  /**
   * Probabilities of rows that the model which gave them had not seen (`writeHeldOut`): what the score of certification
   * is tuned on. Null when the trainer cannot give any.
   */
  heldOut: { path: string; rows: number } | null;
  /** Estimated CPU microseconds to answer one typical row. */
  microsecondsPerPrediction: number;
  durationSeconds: number;
  peakMemoryBytes: number;
}

/** The Trainer port. A trainer does its work outside the gateway's process (a child process or worker threads). */
export interface Trainer {
  /** E.g. `linear`. */
  readonly name: string;
  readonly capabilities: { kinds: readonly string[]; minLabels: number; maxLabels: number; maxRows: number };
  train(job: TrainJob, context: TrainContext): Promise<TrainedModel>;
}
