import { type FeatureSpace, featureSpace, type NetworkModel, NetworkScorer } from '@understudy/text';
import { type TrainJob, type TrainProgress, trainingErrors, type ValidationFigures } from '@understudy/training';
import { fitTemperature, type HeldOutScores, validationFigures } from './calibration.ts';
import { type FitPlan, planFit } from './fit-plan.ts';
import type { MemberJob, MemberResult } from './member-job.ts';
import { memberMemoryBytes } from './member-network.ts';
import { runMembers } from './member-pool.ts';
import { readParameters } from './parameters.ts';
import { sharedRows, sharedRowsBytes } from './shared-rows.ts';
import { readTrainingRows, refuseInsufficient, type TrainingRows } from './training-rows.ts';

export interface TrainedNetwork {
  model: NetworkModel;
  plan: FitPlan;
  validation: ValidationFigures;
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
const SHARE_READ = 0.05;
const SHARE_FIT = 0.45;

/**
 * Trains the members twice: without the validation fold, which gives the figures and the temperature of the
 * calibration; then on all rows, with the settings and the temperature kept. The second fit sees more rows, so it is
 * a little more accurate than the figures say, never fitted on what they are measured on.
 */
export async function trainNetwork(job: TrainJob, reporter: TrainingReporter): Promise<TrainedNetwork> {
  const parameters = readParameters(job.parameters);
  reporter.progress({ phase: 'read', fraction: 0 });
  const limit = job.memoryLimitBytes;
  const rows = await readTrainingRows(job.data, (held, read) => {
    if (BASE_BYTES + held > limit) throw outOfMemory(BASE_BYTES + held, limit);
    reporter.progress({ phase: 'read', fraction: SHARE_READ * (read / job.data.rows) });
  });
  refuseInsufficient(rows, job.data);
  const entries = rows.corpus.offsets[rows.corpus.rows]!;
  const plan = planFit(parameters, { rows: rows.labels.length, entries, labels: job.data.labels.length });
  reporter.log(
    `${rows.labels.length} rows, ${entries} n-grams: ${plan.members} networks of ${plan.hidden} hidden units, ` +
      `${plan.epochs} epochs, at most ${plan.maxFeatures} features`,
  );
  const all = Int32Array.from(rows.labels, (_, row) => row);
  const fitted = all.filter((row) => rows.folds[row] !== job.data.validationFold);
  const heldOut = all.filter((row) => rows.folds[row] === job.data.validationFold);

  const trial = await fitMembers(rows, job, plan, { phase: 'validate', fitRows: fitted, scoreRows: heldOut }, reporter);
  const held: HeldOutScores = {
    scores: averageScores(trial.results),
    labels: Int32Array.from(heldOut, (row) => rows.labels[row]!),
    labelCount: job.data.labels.length,
  };
  const temperature = fitTemperature(
    held,
    Int32Array.from(heldOut, (_, i) => i),
  );
  const validation = validationFigures(held, job.data.labels);
  reporter.log(
    `validation fold: accuracy ${(100 * validation.accuracy).toFixed(2)} %, calibration error ` +
      `${validation.expectedCalibrationError.toFixed(3)}, temperature ${temperature.toFixed(3)}`,
  );
  const noRows = new Int32Array(0);
  const final = await fitMembers(rows, job, plan, { phase: 'fit', fitRows: all, scoreRows: noRows }, reporter);
  const model = joinMembers(final, job.data.labels, plan, temperature);
  return { model, plan, validation, microsecondsPerPrediction: timePredictions(model, rows.samples) };
}

interface Fit {
  phase: 'validate' | 'fit';
  fitRows: Int32Array;
  scoreRows: Int32Array;
}

async function fitMembers(
  rows: TrainingRows,
  job: TrainJob,
  plan: FitPlan,
  { phase, fitRows, scoreRows }: Fit,
  reporter: TrainingReporter,
): Promise<{ space: FeatureSpace; results: MemberResult[] }> {
  const { corpus, labels, longestRow } = rows;
  const labelCount = job.data.labels.length;
  const weights = { wordWeight: PART_WEIGHT, charWeight: PART_WEIGHT };
  const space = featureSpace(corpus, { minRows: plan.minRows, maxFeatures: plan.maxFeatures, ...weights }, fitRows);
  const features = space.hashes.length;
  if (features === 0) throw trainingErrors.training_data_insufficient('no n-gram occurs in enough of the texts');
  const threads = affordableThreads(rows, job, plan, features);
  const data = { ...sharedRows(corpus, space), labels };
  const members = Array.from({ length: plan.members }, (_, member): MemberJob => {
    const seed = (job.seed * 1000 + member * 2 + (phase === 'fit' ? 1 : 0)) >>> 0;
    const keepWeights = phase === 'fit';
    return { data, features, labelCount, longestRow, settings: plan, seed, fitRows, scoreRows, keepWeights };
  });
  const start = phase === 'validate' ? SHARE_READ : SHARE_READ + SHARE_FIT;
  const visits = plan.members * plan.epochs * fitRows.length;
  const results = await runMembers(members, threads, (visited) => {
    const detail = `${Math.floor(visited / fitRows.length)} of ${plan.members * plan.epochs} passes`;
    reporter.progress({ phase, fraction: start + SHARE_FIT * Math.min(1, visited / visits), detail });
  });
  return { space, results };
}

/** As many threads as the job allows and its memory limit affords; throws `training_out_of_memory` if not even one. */
function affordableThreads(rows: TrainingRows, job: TrainJob, plan: FitPlan, features: number): number {
  const { corpus, longestRow } = rows;
  const entries = corpus.offsets[corpus.rows]!;
  const corpusBytes = entries * 6 + corpus.features * 28 + corpus.rows * 24;
  const kept = plan.members * features * (plan.hidden + 4);
  const fixed = BASE_BYTES + corpusBytes + sharedRowsBytes(entries, corpus.rows) + kept * 2;
  const thread =
    memberMemoryBytes(features, job.data.labels.length, longestRow, plan.hidden) + features * 8 + (20 << 20);
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

function averageScores(results: MemberResult[]): Float32Array {
  const sum = new Float32Array(results[0]!.scores.length);
  for (const { scores } of results) for (let i = 0; i < sum.length; i++) sum[i]! += scores[i]! / results.length;
  return sum;
}

function joinMembers(
  { space, results }: { space: FeatureSpace; results: MemberResult[] },
  labels: readonly string[],
  plan: FitPlan,
  temperature: number,
): NetworkModel {
  const { hidden, members } = plan;
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
