import { shapeOf } from '@understudy/decisions';
import {
  type Budget,
  certifyShare,
  type FitOptions,
  type FittedCertificate,
  fitCertificate,
  fitScore,
  type ScoredCertifyRow,
} from '@understudy/training';
import { randomOf } from './random.ts';
import { CountModel, drawTruth, makeWorld, type Served, sampler, serve, type World } from './tabular-world.ts';

type SamplingRules = FitOptions['sampling'];

export interface LoopOptions {
  seed: number;
  rounds: number;
  budget: Budget;
  /** Decisions between two trainings. */
  decisions: number;
  /** All of the first are reviewed: there is no model yet. */
  firstDecisions: number;
  auditRate: number;
  /** Of scores in the lower half above the threshold. */
  nearThresholdRate: number;
  cells: number;
  /** Share of cells whose truth is nearly always the same label; of the others it is a matter of opinion. */
  clearCells: number;
  /** Rows of at most so many rounds certify; the setting of a task, in days. */
  window: number;
  plant: Plant | null;
  /** False: takes reviewed and audited rows for a random sample, to show what that costs. */
  weighted: boolean;
}

/**
 * A world in which each new model is better on what was reviewed than on the rest. The items of some cells every model
 * knows well: they are automated, and only audits tell how they fare. Of the others each model gets its own half wrong
 * and knows it: these are reviewed, and the next model has learnt them. Now and then a new model has shifted on what it
 * knew well, where it saw few labels.
 */
export interface Plant {
  /** Share of the cells that every model knows well. */
  wellKnown: number;
  /** Every so many rounds… */
  every: number;
  /** …this share of the traffic, all of it well known, is answered wrong with an unchanged score. */
  shift: number;
}

/** What serves, and where it answers alone. */
interface Live {
  served: Served;
  threshold: number;
}

type Random = () => number;

/** A label as it came from operation. */
interface LabelledRow {
  id: number;
  cell: number;
  label: number;
  probability: number;
  round: number;
}

/** One retraining: what will serve, and its certificate. */
export interface Round {
  world: World;
  served: Served;
  certificate: FittedCertificate;
}

/** Only labels of operation certify, and none from before the window. */
const samplingAt = (round: number, window: number): SamplingRules => ({
  imports: 'excluded',
  since: round - window + 1,
  sinceShift: false,
});
const TUNE_EVERY = 6;

/**
 * A stream of which only what was reviewed and what was audited gets a label; after each round the model is learnt
 * anew from all of them, its score is tuned and its threshold certified by the functions that the training room uses,
 * and that decides what is reviewed in the next round.
 */
export function* productionLoop(options: LoopOptions): Generator<Round> {
  const random = randomOf(options.seed);
  const world = makeWorld(random, options.cells, options.clearCells);
  const draw = sampler(world);
  const rows: LabelledRow[] = [];
  let live: Live | null = null;
  for (let round = 0; round < options.rounds; round++) {
    const decisions = round === 0 ? options.firstDecisions : options.decisions;
    for (let i = 0; i < decisions; i++) {
      const cell = draw(random);
      const probability = live === null ? 1 : labelProbability(live.served.score[cell]!, live.threshold, options);
      if (random() >= probability) continue;
      rows.push({ id: rows.length, cell, label: drawTruth(world, cell, random), probability, round });
    }
    const made = retrain(world, rows, options, round);
    live = { served: made.served, threshold: made.certificate.threshold ?? Number.POSITIVE_INFINITY };
    yield made;
  }
}

/** Reviewed below the threshold, audited above it, more so where the score is near. */
function labelProbability(score: number, threshold: number, options: LoopOptions): number {
  if (score < threshold) return 1;
  return score < (1 + threshold) / 2 ? options.nearThresholdRate : options.auditRate;
}

/** Rows that tune a score: more make it no better. */
const MOST_TUNE_ROWS = 250;

function retrain(world: World, rows: readonly LabelledRow[], options: LoopOptions, round: number): Round {
  const { labels } = world;
  // The newest rows certify, as for every dataset whose rows are dated; here each is a group of its own.
  const cut = Math.floor(rows.length * (1 - certifyShare(rows.length)));
  const model = new CountModel(world);
  const tuning: LabelledRow[] = [];
  for (let index = cut - 1; index >= 0; index--) {
    const row = rows[index]!;
    if (row.id % TUNE_EVERY !== 0) model.learn(row.cell, row.label);
    else if (tuning.length < MOST_TUNE_ROWS) tuning.push(row);
  }
  const shapes = tuning.map(({ cell, label }) => {
    const shape = shapeOf(model.probabilities(cell));
    return { ...shape, right: shape.top === label };
  });
  const score = fitScore(shapes, labels);
  const served = serve(world, model, score);
  if (options.plant !== null) {
    plant(world, served, options.plant, round, randomOf(1000 * options.seed + round));
  }
  const tune = tuning.map(({ cell, label }) => ({ score: served.score[cell]!, right: served.answer[cell] === label }));
  const certify = rows.slice(cut).map((row) => scored(served, row));
  const sampling = samplingAt(round, options.window);
  const evidence = options.weighted ? certify : certify.map((row) => ({ ...row, probability: 1 }));
  const certificate = fitCertificate(evidence, options.budget, { tune, sampling });
  return { world, served, certificate };
}

function plant(world: World, served: Served, { wellKnown, every, shift }: Plant, round: number, random: Random): void {
  const cells = world.traffic.length;
  const first = Math.floor(wellKnown * cells);
  const mistake = (cell: number) => {
    served.answer[cell] = (served.answer[cell]! + 1) % world.labels.length;
  };
  for (let cell = first; cell < cells; cell++) {
    if (random() < 0.5) continue;
    served.score[cell]! /= 2;
    mistake(cell);
  }
  if (round === 0 || round % every !== 0) return;
  let left = shift;
  for (let cell = Math.floor(random() * first); left > 0; cell = (cell + 1) % first) {
    mistake(cell);
    left -= world.traffic[cell]!;
  }
}

function scored(served: Served, { id, cell, label, probability, round }: LabelledRow): ScoredCertifyRow {
  const source = probability === 1 ? 'reviewer' : 'audit';
  const wrong = served.answer[cell] !== label;
  return { score: served.score[cell]!, wrong, probability, source, group: id, occurredAt: round };
}
