import { createHash } from 'node:crypto';
import { closeSync, fsyncSync, openSync, writeSync } from 'node:fs';
import { encodeLinearModel, LINEAR_FORMAT, type LinearModel, LinearScorer } from '@understudy/text';
import { writeHeldOut } from '@understudy/training';
import { type Figures, figures, fitTemperature, joinScored, logLoss, type ScoredRows } from './calibration.ts';
import { FitPool } from './fit-pool.ts';
import { type FitContext, type FitTask, taskBytes } from './fit-task.ts';
import type { LinearParameters } from './parameters.ts';
import { planTraining, type TrainingPlan } from './plan.ts';
import { Progress } from './progress.ts';
import { TrainingError } from './training-error.ts';
import { outOfMemory, readTrainingRows, type TrainingRows } from './training-rows.ts';

/** What the training process is asked to do: the serialisable part of a TrainJob. */
export interface LinearJob {
  data: { path: string; rows: number; labels: readonly string[]; folds: number; validationFold: number };
  parameters: LinearParameters;
  seed: number;
  threads: number;
  memoryLimitBytes: number;
  outputPath: string;
}

export interface LinearResult {
  format: string;
  bytes: number;
  sha256: string;
  parameters: Record<string, unknown>;
  validation: Figures;
  /** Probabilities of rows by fits that had not seen them. */
  heldOut: { path: string; rows: number };
  microsecondsPerPrediction: number;
}

export interface LinearObserver {
  progress(update: { phase: string; fraction: number; detail?: string }): void;
  log(line: string): void;
}

/** Chains of regularisation strengths: each is warm-started, so a chain stays on one thread. */
const STRENGTHS = [
  [1, 4, 16],
  [2, 8],
];
const TUNE = { tolerance: 0.1, maxEpochs: 7 };
const FIT = { tolerance: 0.05, maxEpochs: 10 };
/** A weaker regularisation must lower the held-out loss by this share to be worth its slower fit. */
const WORTH = 0.005;

/** The whole job: read → tune → fit → calibrate → write. Runs in a process of its own. Throws TrainingError. */
export async function trainLinear(job: LinearJob, observer: LinearObserver): Promise<LinearResult> {
  const progress = new Progress(observer);
  const pool = new FitPool(Math.max(1, job.threads));
  try {
    const rows = readRows(job, progress);
    requireEnough(rows, job.data.labels);
    const context = contextOf(job, rows);
    const limit = concurrency(context, job, rows);
    pool.share(context);
    const plan = planTraining(rows.folds, job.data.folds, job.data.validationFold);
    const { C, log } = await chooseStrength(job, rows, plan, (tasks) => {
      progress.enter('tune', 0.25, 0.5, tasks.length * 3 * TUNE.maxEpochs);
      return pool.run(tasks, limit, () => progress.step());
    });
    observer.log(log);
    const all = Int32Array.from({ length: job.data.rows }, (_, row) => row);
    const base = { strengths: [C], ...FIT, seed: job.seed };
    const tasks: FitTask[] = plan.calibrate.map(({ fitted, heldOut }) => ({
      ...base,
      fitted,
      heldOut,
      keepModel: false,
    }));
    tasks.push({ ...base, fitted: all, heldOut: new Int32Array(0), keepModel: true });
    progress.enter('fit', 0.5, 0.95, tasks.length * FIT.maxEpochs);
    const outcomes = await pool.run(tasks, limit, () => progress.step());
    progress.enter('calibrate', 0.95, 0.97, 1);
    const held = plan.calibrate.map(({ heldOut }, i) =>
      scored(outcomes[i]!.fits[0]!.heldOutScores, heldOut, rows, job),
    );
    const validation = validate(held);
    const calibrated = joinScored(held, job.data.labels.length);
    const temperature = fitTemperature(calibrated);
    const { model, fits } = outcomes.at(-1)!;
    const { epochs, relativeGap } = fits[0]!;
    observer.log(
      `fitted ${model!.space.hashes.length} features in ${epochs} epochs, relative gap ${relativeGap.toFixed(4)}`,
    );
    const linear: LinearModel = { labels: job.data.labels, ...model!, temperature };
    const parameters = chosenParameters(job, C);
    progress.enter('write', 0.97, 1, 1);
    const written = writeModel(linear, { parameters, seed: job.seed, rows: job.data.rows }, job.outputPath);
    const heldOutPath = `${job.outputPath}.held-out`;
    const heldOut = { path: heldOutPath, rows: await writeHeldOut(heldOutPath, calibrated, temperature) };
    const microsecondsPerPrediction = timePrediction(linear, rows.sample);
    return { format: LINEAR_FORMAT, ...written, parameters, validation, heldOut, microsecondsPerPrediction };
  } finally {
    await pool.close();
  }
}

function readRows(job: LinearJob, progress: Progress): TrainingRows {
  const { wordMax, charMin, charMax } = job.parameters;
  progress.enter('read', 0, 0.25, 1);
  return readTrainingRows({
    path: job.data.path,
    rows: job.data.rows,
    labelCount: job.data.labels.length,
    folds: job.data.folds,
    ngrams: { wordMax, charMin, charMax },
    memoryLimitBytes: job.memoryLimitBytes,
    onProgress: (fraction) => progress.at(fraction),
  });
}

function contextOf(job: LinearJob, rows: TrainingRows): FitContext {
  const { minRows, maxFeatures, classWeight } = job.parameters;
  const { corpus, labels } = rows;
  return { corpus, labels, labelCount: job.data.labels.length, minRows, maxFeatures, classWeight };
}

/** How many tasks fit into memory at once; refuses if not even one does. */
function concurrency(context: FitContext, job: LinearJob, rows: TrainingRows): number {
  const { corpus } = rows;
  const held = corpus.ids.byteLength + corpus.counts.byteLength + corpus.hashes.byteLength + corpus.rows * 24;
  const base = held + (80 << 20);
  const task = taskBytes(context, corpus.rows);
  if (base + task > job.memoryLimitBytes) throw outOfMemory(base + task, job.memoryLimitBytes);
  return Math.min(job.threads, Math.floor((job.memoryLimitBytes - base) / task));
}

function requireEnough({ labels, corpus }: TrainingRows, names: readonly string[]): void {
  const counts = new Map<number, number>();
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1);
  const missing: string[] = [];
  if (labels.length < 10) missing.push(`at least 10 rows (there are ${labels.length})`);
  if (counts.size < 2)
    missing.push(`rows of a second label (there are only rows of ${names[[...counts.keys()][0] ?? 0]})`);
  else if ([...counts.values()].filter((count) => count >= 2).length < 2) {
    missing.push('two rows or more of at least two labels');
  }
  if (corpus.features === 0) missing.push('texts with any visible characters');
  if (missing.length === 0) return;
  throw new TrainingError('training_data_insufficient', `Training needs ${missing.join('; ')}.`, { missing });
}

async function chooseStrength(
  job: LinearJob,
  rows: TrainingRows,
  plan: TrainingPlan,
  run: (tasks: FitTask[]) => Promise<{ fits: { C: number; heldOutScores: Float32Array }[] }[]>,
): Promise<{ C: number; log: string }> {
  if (job.parameters.C !== undefined) return { C: job.parameters.C, log: `C = ${job.parameters.C} as given` };
  const { fitted, heldOut } = plan.tune;
  if (fitted.length === 0 || heldOut.length === 0) return { C: 2, log: 'C = 2: too few rows to tune it' };
  const tasks = STRENGTHS.map((strengths) => ({ ...plan.tune, strengths, ...TUNE, seed: job.seed, keepModel: false }));
  const outcomes = await run(tasks);
  const tried = outcomes.flatMap(({ fits }) =>
    fits.map(({ C, heldOutScores }) => {
      const held = scored(heldOutScores, heldOut, rows, job);
      return { C, loss: logLoss(held, fitTemperature(held)) / heldOut.length };
    }),
  );
  tried.sort((a, b) => a.C - b.C);
  let best = tried[0]!;
  for (const one of tried) if (one.loss < best.loss * (1 - WORTH)) best = one;
  const list = tried.map(({ C, loss }) => `${C}: ${loss.toFixed(4)}`).join(', ');
  return { C: best.C, log: `C = ${best.C}, by held-out log loss (${list})` };
}

function scored(scores: Float32Array, rows: Int32Array, { labels }: TrainingRows, job: LinearJob): ScoredRows {
  return { scores, labels: Int32Array.from(rows, (row) => labels[row]!), labelCount: job.data.labels.length };
}

/** Figures of the validation fold (the first part), each half calibrated on the other half and the other folds. */
function validate([validation, ...others]: ScoredRows[]): Figures {
  const { scores, labels, labelCount } = validation!;
  const half = (parity: number): ScoredRows => {
    const rows = [...labels.keys()].filter((row) => row % 2 === parity);
    const part = {
      scores: new Float32Array(rows.length * labelCount),
      labels: Int32Array.from(rows, (r) => labels[r]!),
    };
    for (const [i, r] of rows.entries())
      part.scores.set(scores.subarray(r * labelCount, (r + 1) * labelCount), i * labelCount);
    return { ...part, labelCount };
  };
  const temperatures = [1, 0].map((parity) => fitTemperature(joinScored([half(parity), ...others], labelCount)));
  return figures(validation!, (row) => temperatures[row % 2]!);
}

function chosenParameters({ parameters }: LinearJob, C: number): Record<string, unknown> {
  return {
    C,
    class_weight: parameters.classWeight,
    word_max: parameters.wordMax,
    char_min: parameters.charMin,
    char_max: parameters.charMax,
    min_rows: parameters.minRows,
    max_features: parameters.maxFeatures,
  };
}

function writeModel(model: LinearModel, training: Record<string, unknown>, path: string) {
  const hash = createHash('sha256');
  let bytes = 0;
  const file = openSync(path, 'w');
  try {
    for (const piece of encodeLinearModel(model, training)) {
      hash.update(piece);
      for (let at = 0; at < piece.length; ) at += writeSync(file, piece, at, Math.min(piece.length - at, 1 << 26));
      bytes += piece.length;
    }
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  return { bytes, sha256: hash.digest('hex') };
}

/** The median over a few texts, after a warm-up. */
function timePrediction(model: LinearModel, sample: string[]): number {
  const scorer = new LinearScorer(model);
  const out = new Float32Array(model.labels.length);
  const once = () => {
    const start = process.hrtime.bigint();
    for (const text of sample) scorer.predict(text, out, 0);
    return Number(process.hrtime.bigint() - start) / 1000 / sample.length;
  };
  return [once(), once(), once(), once(), once()].sort((a, b) => a - b)[2]!;
}
