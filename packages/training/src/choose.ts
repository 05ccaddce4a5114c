import type { TrainedModel } from './trainer.ts';

/** One trainer's result with the name that made it. */
export interface Contender {
  trainer: string;
  model: TrainedModel;
}

export interface Choice {
  chosen: Contender;
  /** In plain words, for the run's log and the report. */
  reason: string;
  scores: { trainer: string; score: number }[];
}

/** A neural network must be this much better to be worth its size and time, in the unit of `score`. */
const SIZE_WEIGHT = 0.0005; // per doubling of the file above 1 MiB
const SPEED_WEIGHT = 0.0005; // per doubling of the answer's time above 50 µs

/**
 * What `auto` weighs: accuracy on the validation rows, less half of the calibration error beyond 2 % (a
 * miscalibrated model automates less at the same guarantee), less a little for every doubling of size and of answer
 * time. A tenth of a point of accuracy is worth two doublings.
 */
export function score(model: TrainedModel): number {
  const { accuracy, expectedCalibrationError } = model.validation;
  const doublings = (value: number, free: number) => Math.max(0, Math.log2(value / free));
  return (
    accuracy -
    0.5 * Math.max(0, expectedCalibrationError - 0.02) -
    SIZE_WEIGHT * doublings(model.bytes, 2 ** 20) -
    SPEED_WEIGHT * doublings(model.microsecondsPerPrediction, 50)
  );
}

/** Chooses between models trained on the same rows and compared on the same validation rows. */
export function choose(contenders: readonly Contender[]): Choice {
  const ranked = contenders
    .map((contender) => ({ contender, score: score(contender.model) }))
    .sort((a, b) => b.score - a.score);
  const [best, second] = ranked;
  if (best === undefined) throw new Error('nothing to choose from');
  const describe = ({ contender }: { contender: Contender }) => {
    const { validation, bytes, microsecondsPerPrediction } = contender.model;
    return (
      `${contender.trainer}: accuracy ${(100 * validation.accuracy).toFixed(2)} %, calibration error ` +
      `${validation.expectedCalibrationError.toFixed(3)}, ${(bytes / 2 ** 20).toFixed(1)} MiB, ` +
      `${microsecondsPerPrediction.toFixed(0)} µs an answer`
    );
  };
  const reason =
    second === undefined
      ? `${best.contender.trainer} is the only trainer that could learn this task (${describe(best)})`
      : `${best.contender.trainer} was chosen on ${best.contender.model.validation.rows} validation rows: ` +
        `${describe(best)}; against ${describe(second)}. Weighed score ${best.score.toFixed(4)} against ` +
        `${second.score.toFixed(4)} (accuracy, less miscalibration, size and answer time).`;
  return {
    chosen: best.contender,
    reason,
    scores: ranked.map(({ contender, score: value }) => ({ trainer: contender.trainer, score: value })),
  };
}
