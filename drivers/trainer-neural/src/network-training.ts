import { type FeatureSpace, featureSpace, type NetworkModel, NetworkScorer } from '@understudy/text';
import { type TrainJob, type TrainProgress, trainingErrors, type ValidationFigures } from '@understudy/training';
import { fitTemperature, type HeldOutScores, joinHeldOut, logLoss, validationFigures } from './calibration.ts';
import { type FitPlan, planFit } from './fit-plan.ts';
import type { MemberJob, MemberResult } from './member-job.ts';
import { type FitSettings, memberMemoryBytes } from './member-network.ts';
import { MemberPool } from './member-pool.ts';
import { readParameters } from './parameters.ts';
import { sharedRows, sharedRowsBytes } from './shared-rows.ts';
import { readTrainingRows, refuseInsufficient, type TrainingRows } from './training-rows.ts';

export interface TrainedNetwork {
  model: NetworkModel;
  plan: FitPlan;
  /** The candidate that was chosen. */
  settings: FitSettings;
  validation: ValidationFigures;
  /** Scores of rows by members that were fitted without them. */
  heldOut: HeldOutScores;
  microsecondsPerPrediction: number;
}

export interface TrainingReporter {
  progress(update: TrainProgress): void;
  log(line: string): void;
}

/** What Node itself holds before any row is read. */
const BASE_BYTES = 80 << 20;
/** Word and character n-grams weigh the same, and a row has length 1. */
const PART_WEIGHT = Math.SQRT1_2;
/** A heavier setting must be better by this share of the log loss: less is within what a seed changes. */
const TUNING_MARGIN = 0.005;
/** Held-out rows that are enough for a temperature. */
const ROWS_TO_CALIBRATE = 1000;
/** Shares of the job, as measured, at which its phases end. */
const READ_UNTIL = 0.03;
const TUNE_UNTIL = 0.38;
const VALIDATE_UNTIL = 0.52;
const CALIBRATE_UNTIL = 0.6;
const FIT_UNTIL = 0.97;
/** The networks of the second fit have random sequences of their own. */
const FINAL_STREAM = 1000;

/**
 * Trains the members without the validation fold, tries out there how much to leave out (see `planFit`) and fits the
 * temperature of the calibration; then trains them again on all rows with all of that kept. The second fit sees more
 * rows, so the model is a little better than the figures say, and the figures are of networks that never saw the
 * rows they are measured on.
 */
export async function trainNetwork(job: TrainJob, reporter: TrainingReporter): Promise<TrainedNetwork> {
  const pool = new MemberPool(job.threads);
  try {
    return await trainOn(pool, job, reporter);
  } finally {
    await pool.close();
  }
}

async function trainOn(pool: MemberPool, job: TrainJob, reporter: TrainingReporter): Promise<TrainedNetwork> {
  const parameters = readParameters(job.parameters);
  reporter.progress({ phase: 'read', fraction: 0 });
  const limit = job.memoryLimitBytes;
  const rows = await readTrainingRows(job.data, (held, read) => {
    if (BASE_BYTES + held > limit) throw outOfMemory(BASE_BYTES + held, limit);
    reporter.progress({ phase: 'read', fraction: READ_UNTIL * (read / job.data.rows) });
  });
  refuseInsufficient(rows, job.data);
  const entries = rows.corpus.offsets[rows.corpus.rows]!;
  const plan = planFit(parameters, { rows: rows.labels.length, entries, labels: job.data.labels.length });
  reporter.log(
    `${rows.labels.length} rows, ${entries} n-grams: ${plan.members} networks of ${plan.candidates[0]!.hidden} hidden ` +
      `units, up to ${plan.candidates[0]!.epochs} epochs, at most ${plan.maxFeatures} features`,
  );
  const { settings, held } = await validate(pool, rows, job, plan, reporter);
  const further = await holdOutFurther(pool, rows, job, plan, settings, held.labels.length, reporter);
  const calibrated = joinHeldOut([held, ...further]);
  const temperature = fitTemperature(calibrated);
  const validation = validationFigures(calibrated, held.labels.length, job.data.labels);
  reporter.log(
    `validation fold: accuracy ${(100 * validation.accuracy).toFixed(2)} %, calibration error ` +
      `${validation.expectedCalibrationError.toFixed(3)}, temperature ${temperature.toFixed(3)}`,
  );
  const all = Int32Array.from(rows.labels, (_, row) => row);
  const stage = new FitStage(pool, rows, job, plan, all, new Int32Array(0), true);
  const fits = Array.from({ length: plan.members }, (_, member) => ({ settings, stream: FINAL_STREAM + member }));
  const results = await stage.run(fits, { phase: 'fit', from: CALIBRATE_UNTIL, to: FIT_UNTIL }, reporter);
  const model = joinMembers(stage.space, results, job.data.labels, settings.hidden, temperature);
  const microsecondsPerPrediction = timePredictions(model, rows.samples);
  return { model, plan, settings, validation, heldOut: calibrated, microsecondsPerPrediction };
}

/** Picks the lightest of the plan's candidates that is about as good as the best by log loss with half of the members, then completes its members. */
async function validate(
  pool: MemberPool,
  rows: TrainingRows,
  job: TrainJob,
  plan: FitPlan,
  reporter: TrainingReporter,
): Promise<{ settings: FitSettings; held: HeldOutScores }> {
  const { fitRows, heldOut } = partsOf(rows, job.data.validationFold);
  const stage = new FitStage(pool, rows, job, plan, fitRows, heldOut, false);
  const { candidates, members } = plan;
  const first = candidates.length > 1 ? Math.ceil(members / 2) : members;
  const fits = candidates.flatMap((settings) =>
    Array.from({ length: first }, (_, member) => ({ settings, stream: member })),
  );
  const tried = await stage.run(fits, { phase: 'tune', from: READ_UNTIL, to: TUNE_UNTIL }, reporter);
  const heldScores = (results: MemberResult[]) => heldOutScores(rows, job, heldOut, results);
  const losses = candidates.map((_, candidate) => {
    const held = heldScores(tried.slice(candidate * first, (candidate + 1) * first));
    return logLoss(held, fitTemperature(held));
  });
  const bound = Math.min(...losses) * (1 + TUNING_MARGIN);
  const best = losses.findIndex((loss) => loss <= bound);
  const settings = candidates[best]!;
  if (candidates.length > 1) {
    const names = candidates.map((c, i) => `${c.inputDropout}/${c.hiddenDropout}: ${losses[i]!.toFixed(4)}`);
    reporter.log(`log loss by dropout of n-grams/units: ${names.join(', ')}`);
  }
  const rest = Array.from({ length: members - first }, (_, i) => ({ settings, stream: first + i }));
  const completed = await stage.run(rest, { phase: 'validate', from: TUNE_UNTIL, to: VALIDATE_UNTIL }, reporter);
  return { settings, held: heldScores([...tried.slice(best * first, (best + 1) * first), ...completed]) };
}

/**
 * One validation fold of a small data set is too few rows for a temperature: scores further folds too, each by
 * members that were fitted without it, until there are enough rows or no more folds.
 */
async function holdOutFurther(
  pool: MemberPool,
  rows: TrainingRows,
  job: TrainJob,
  plan: FitPlan,
  settings: FitSettings,
  held: number,
  reporter: TrainingReporter,
): Promise<HeldOutScores[]> {
  const parts: HeldOutScores[] = [];
  let total = held;
  for (let fold = 0; fold < job.data.folds && total < ROWS_TO_CALIBRATE; fold++) {
    const { fitRows, heldOut } = partsOf(rows, fold);
    const learnable = new Set(fitRows.map((row) => rows.labels[row]!)).size > 1;
    if (fold === job.data.validationFold || heldOut.length === 0 || !learnable) continue;
    const stage = new FitStage(pool, rows, job, plan, fitRows, heldOut, false);
    const stream = (fold + 2) * FINAL_STREAM;
    const fits = Array.from({ length: plan.members }, (_, member) => ({ settings, stream: stream + member }));
    const share = (CALIBRATE_UNTIL - VALIDATE_UNTIL) / job.data.folds;
    const from = VALIDATE_UNTIL + share * fold;
    const results = await stage.run(fits, { phase: 'calibrate', from, to: from + share }, reporter);
    parts.push(heldOutScores(rows, job, heldOut, results));
    total += heldOut.length;
  }
  return parts;
}

function partsOf(rows: TrainingRows, fold: number): { fitRows: Int32Array; heldOut: Int32Array } {
  const all = Int32Array.from(rows.labels, (_, row) => row);
  return {
    fitRows: all.filter((row) => rows.folds[row] !== fold),
    heldOut: all.filter((row) => rows.folds[row] === fold),
  };
}

function heldOutScores(
  rows: TrainingRows,
  job: TrainJob,
  heldOut: Int32Array,
  results: readonly MemberResult[],
): HeldOutScores {
  const labels = Int32Array.from(heldOut, (row) => rows.labels[row]!);
  return { scores: averageScores(results), labels, labelCount: job.data.labels.length };
}

interface MemberFit {
  settings: FitSettings;
  stream: number;
}

/** Fits of several networks on the same rows, in one feature space. */
class FitStage {
  readonly space: FeatureSpace;
  readonly #template: Omit<MemberJob, 'settings' | 'stream'>;
  readonly #pool: MemberPool;
  readonly #threads: number;

  /** `scoreRows` are scored by every network; weights are returned only if they are kept. */
  constructor(
    pool: MemberPool,
    rows: TrainingRows,
    job: TrainJob,
    plan: FitPlan,
    fitRows: Int32Array,
    scoreRows: Int32Array,
    keepWeights: boolean,
  ) {
    const { corpus, labels, longestRow } = rows;
    const weights = { wordWeight: PART_WEIGHT, charWeight: PART_WEIGHT };
    const space = featureSpace(corpus, { minRows: plan.minRows, maxFeatures: plan.maxFeatures, ...weights }, fitRows);
    const features = space.hashes.length;
    if (features === 0) throw trainingErrors.training_data_insufficient('no n-gram occurs in enough of the texts');
    this.#threads = affordableThreads(rows, job, plan, features);
    this.space = space;
    this.#pool = pool;
    const data = { ...sharedRows(corpus, space), labels };
    const labelCount = job.data.labels.length;
    this.#template = { data, features, labelCount, longestRow, seed: job.seed, fitRows, scoreRows, keepWeights };
  }

  async run(
    fits: readonly MemberFit[],
    { phase, from, to }: { phase: string; from: number; to: number },
    reporter: TrainingReporter,
  ): Promise<MemberResult[]> {
    const rows = this.#template.fitRows.length;
    const passes = fits.reduce((sum, { settings }) => sum + settings.epochs, 0);
    reporter.progress({ phase, fraction: from });
    return this.#pool.run(
      fits.map((fit) => ({ ...this.#template, ...fit })),
      this.#threads,
      (visited) => {
        const detail = `${Math.floor(visited / rows)} of ${passes} passes over ${rows} rows`;
        reporter.progress({ phase, fraction: from + (to - from) * Math.min(1, visited / (passes * rows)), detail });
      },
    );
  }
}

/** As many threads as the job allows and its memory limit affords; throws `training_out_of_memory` if not even one. */
function affordableThreads(rows: TrainingRows, job: TrainJob, plan: FitPlan, features: number): number {
  const { corpus, longestRow } = rows;
  const entries = corpus.offsets[corpus.rows]!;
  const corpusBytes = entries * 6 + corpus.features * 28 + corpus.rows * 24;
  const { hidden } = plan.candidates[0]!;
  const kept = plan.members * features * (hidden + 4);
  const fixed = BASE_BYTES + corpusBytes + sharedRowsBytes(entries, corpus.rows) + kept * 2;
  const thread = memberMemoryBytes(features, job.data.labels.length, longestRow, hidden) + features * 8 + (20 << 20);
  const affordable = Math.min(job.threads, Math.floor((job.memoryLimitBytes - fixed) / thread));
  if (affordable < 1) throw outOfMemory(fixed + thread, job.memoryLimitBytes);
  return affordable;
}

function outOfMemory(needed: number, limit: number): Error {
  const [need, may] = [needed, limit].map((bytes) => Math.ceil(bytes / (1 << 20)));
  return trainingErrors.training_out_of_memory(
    `training needs at least ${need} MiB and may use ${may} MiB: allow more, use fewer rows or lower max_features`,
    { details: { needed_bytes: needed, limit_bytes: limit } },
  );
}

function averageScores(results: readonly MemberResult[]): Float32Array {
  const sum = new Float32Array(results[0]!.scores.length);
  for (const { scores } of results) for (let i = 0; i < sum.length; i++) sum[i]! += scores[i]! / results.length;
  return sum;
}

function joinMembers(
  space: FeatureSpace,
  results: readonly MemberResult[],
  labels: readonly string[],
  hidden: number,
  temperature: number,
): NetworkModel {
  const members = results.length;
  const features = space.hashes.length;
  const embeddings = new Int8Array(members * features * hidden);
  const embeddingScales = new Float32Array(members * features);
  const hiddenBias = new Float32Array(members * hidden);
  const output = new Float32Array(members * hidden * labels.length);
  const labelBias = new Float32Array(labels.length);
  for (const [member, { weights }] of results.entries()) {
    embeddings.set(weights!.embeddings, member * features * hidden);
    embeddingScales.set(weights!.embeddingScales, member * features);
    hiddenBias.set(weights!.hiddenBias, member * hidden);
    const at = member * hidden * labels.length;
    for (let i = 0; i < weights!.output.length; i++) output[at + i] = weights!.output[i]! / members;
    for (let k = 0; k < labels.length; k++) labelBias[k]! += weights!.labelBias[k]! / members;
  }
  const { ngrams, hashes, idf, wordWeight, charWeight } = space;
  return {
    labels,
    space: { ngrams, hashes, idf, wordWeight, charWeight },
    temperature,
    hidden,
    members,
    embeddings,
    embeddingScales,
    hiddenBias,
    output,
    labelBias,
  };
}

const TIMING_PASSES = 5;

/** Microseconds a text, over a sample of the job's own; the fastest pass, which says least about other programs. */
function timePredictions(model: NetworkModel, samples: readonly string[]): number {
  const scorer = new NetworkScorer(model);
  const out = new Float32Array(model.labels.length);
  let best = Number.POSITIVE_INFINITY;
  for (let pass = 0; pass < TIMING_PASSES; pass++) {
    const start = performance.now();
    for (const text of samples) scorer.predict(text, out, 0);
    best = Math.min(best, performance.now() - start);
  }
  return (best * 1000) / samples.length;
}
