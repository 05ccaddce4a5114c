import type { FitSettings } from './member-network.ts';
import type { NeuralParameters } from './parameters.ts';

/** The settings of a whole training job. */
export interface FitPlan {
  /** What is tried on held-out rows; one when the user's settings leave nothing to choose. */
  candidates: FitSettings[];
  members: number;
  minRows: number;
  maxFeatures: number;
}

/** What the size of a fit follows from. */
export interface DataSize {
  rows: number;
  /** n-grams of all rows together, each counted once a row. */
  entries: number;
  labels: number;
}

/**
 * What all visits of all members of one fit may cost, in multiply-adds of the first layer before dropout. About
 * 1.5 ns each on a core of 2020, and a job makes two to three fits, so this is some four minutes of one core.
 */
const WORK_LIMIT = 6e10;
/** Bytes of all embeddings in the model file. */
const SIZE_LIMIT = 64 << 20;
const FEATURE_LIMIT = 1 << 19;

/** From what small data gets to what the largest gets: first fewer visits, then narrower and fewer networks. */
const LADDER = [
  { hidden: 144, members: 4, epochs: 12 },
  { hidden: 112, members: 4, epochs: 12 },
  { hidden: 96, members: 3, epochs: 12 },
  { hidden: 96, members: 2, epochs: 12 },
  { hidden: 96, members: 2, epochs: 10 },
  { hidden: 64, members: 2, epochs: 12 },
  { hidden: 64, members: 2, epochs: 8 },
  { hidden: 64, members: 2, epochs: 6 },
  { hidden: 64, members: 2, epochs: 4 },
  { hidden: 64, members: 2, epochs: 3 },
  { hidden: 64, members: 2, epochs: 2 },
  { hidden: 64, members: 2, epochs: 1 },
  { hidden: 32, members: 2, epochs: 1 },
] as const;

/**
 * How much is left out of every visit, and for how long one trains. Many labels with a few clear words each want
 * little left out; few labels and vague ones, where a network soon knows its rows by heart, want much.
 */
const REGULARISATION = [
  { inputDropout: 0.5, hiddenDropout: 0.3, epochShare: 1 },
  { inputDropout: 0.6, hiddenDropout: 0.5, epochShare: 5 / 6 },
  { inputDropout: 0.7, hiddenDropout: 0.5, epochShare: 2 / 3 },
] as const;

/** Below so many rows each n-gram counts, even one that occurs once. */
const FEW_ROWS = 1000;

/**
 * Chooses the settings from the size of the data, never from the clock: the same data gives the same model on a slow
 * machine and on a fast one. What the user set stays as set.
 */
export function planFit(given: NeuralParameters, size: DataSize): FitPlan {
  const step =
    LADDER.find(({ hidden, members, epochs }) => {
      const firstLayer = size.entries * (given.hidden ?? hidden);
      // The output layer is worked through for about a third of the hidden units.
      const outputLayer = size.rows * (given.hidden ?? hidden) * size.labels;
      const work = (firstLayer + outputLayer) * (given.members ?? members) * (given.epochs ?? epochs);
      return work <= WORK_LIMIT;
    }) ?? LADDER.at(-1)!;
  const hidden = given.hidden ?? step.hidden;
  const members = given.members ?? step.members;
  const candidates = REGULARISATION.map(
    ({ inputDropout, hiddenDropout, epochShare }): FitSettings => ({
      hidden,
      epochs: given.epochs ?? Math.max(1, Math.round(step.epochs * epochShare)),
      learningRate: given.learningRate,
      outputLearningRate: given.outputLearningRate,
      inputDropout: given.inputDropout ?? inputDropout,
      hiddenDropout: given.hiddenDropout ?? hiddenDropout,
      labelSmoothing: given.labelSmoothing,
    }),
  );
  const same = given.inputDropout !== undefined && given.hiddenDropout !== undefined;
  return {
    candidates: same ? candidates.slice(0, 1) : candidates,
    members,
    minRows: given.minRows ?? (size.rows < FEW_ROWS ? 1 : 2),
    maxFeatures: given.maxFeatures ?? Math.min(FEATURE_LIMIT, Math.floor(SIZE_LIMIT / (hidden * members))),
  };
}
