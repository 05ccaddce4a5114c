import { clopperPearson } from './binomial.ts';
import { type Interval, requireConfidence } from './interval.ts';

/** Labelled rows of one sampling probability: how many the answer was right for, and how many it was wrong for. */
export interface WeightedCounts {
  /** With which probability each of these rows was to be labelled, in (0, 1]. */
  probability: number;
  right: number;
  wrong: number;
}

/**
 * Stakes as shares of the most that can be staked. Spread geometrically: the best one shrinks with the root of the
 * sample, and a mixture loses at most ln 12 against the best in hindsight.
 */
const SHARES = [0.95, 0.8, 0.6, 0.4, 0.28, 0.2, 0.14, 0.1, 0.07, 0.05, 0.025, 0.0125] as const;

/**
 * Horvitz–Thompson bet on "the error is below `error`": the natural logarithm of a capital whose expectation is at most
 * 1 when the error of all decisions is `error` or more. Each row of probability π multiplies it by 1 + λ (error − wrong)/π;
 * a decision that was not drawn multiplies it by 1, so that it need not be known how many there were. Mixture over
 * fixed stakes: order-free and valid at every time (Waudby-Smith & Ramdas 2023, with 1/π as in their sections on
 * sampling). `minProbability` must have been known before the rows; larger stakes than it allows could lose all. `shares`:
 * stakes as shares of the most that can be staked, also chosen before the rows: fewer and better ones see more.
 */
export function logEvidenceBelow(
  counts: readonly WeightedCounts[],
  error: number,
  minProbability: number,
  shares: readonly number[] = SHARES,
): number {
  if (error <= 0) return 0;
  if (error >= 1) return Number.POSITIVE_INFINITY;
  return mixture((share) => {
    let log = 0;
    for (const { probability, right, wrong } of counts) {
      const stake = (share * minProbability) / probability;
      log += right * Math.log1p((stake * error) / (1 - error)) + wrong * Math.log1p(-stake);
    }
    return log;
  }, shares);
}

/** The same bet on "the error is above `error`". */
export function logEvidenceAbove(counts: readonly WeightedCounts[], error: number, minProbability: number): number {
  if (error >= 1) return 0;
  if (error <= 0) return counts.some(({ wrong }) => wrong > 0) ? Number.POSITIVE_INFINITY : 0;
  return mixture((share) => {
    let log = 0;
    for (const { probability, right, wrong } of counts) {
      const stake = (share * minProbability) / probability;
      log += wrong * Math.log1p((stake * (1 - error)) / error) + right * Math.log1p(-stake);
    }
    return log;
  });
}

function mixture(logCapital: (share: number) => number, shares: readonly number[] = SHARES): number {
  const logs = shares.map(logCapital);
  const highest = Math.max(...logs);
  if (!Number.isFinite(highest)) return highest;
  let sum = 0;
  for (const log of logs) sum += Math.exp(log - highest);
  return highest + Math.log(sum / shares.length);
}

/**
 * Two-sided interval for the error among decisions of which each was labelled with its own known probability. Equal
 * probabilities: exact Clopper–Pearson. Unequal: the betting interval, which is also valid however often it is looked at.
 */
export function weightedErrorInterval(
  rows: readonly { wrong: boolean; probability: number }[],
  confidence: number,
): Interval {
  return weightedErrorIntervalOfCounts(countByProbability(rows), confidence);
}

/** {@link weightedErrorInterval} from counts: a figure over a million rows needs only as many numbers as there are probabilities. */
export function weightedErrorIntervalOfCounts(counts: readonly WeightedCounts[], confidence: number): Interval {
  requireConfidence(confidence);
  const used = counts.filter(({ right, wrong }) => right + wrong > 0);
  if (used.length === 0) return { low: 0, high: 1 };
  const smallest = Math.min(...used.map(({ probability }) => probability));
  if (used.every(({ probability }) => probability === smallest)) {
    const wrong = used.reduce((sum, one) => sum + one.wrong, 0);
    return clopperPearson(wrong, wrong + used.reduce((sum, one) => sum + one.right, 0), confidence);
  }
  return anytimeErrorInterval(used, smallest, confidence);
}

/**
 * Anytime-valid interval for the error: may be looked at after every label, for ever, and holds at all looks together
 * with the given confidence. `minProbability`: the least probability that the sampling can use.
 */
export function anytimeErrorInterval(
  counts: readonly WeightedCounts[],
  minProbability: number,
  confidence: number,
): Interval {
  requireConfidence(confidence);
  for (const { probability } of counts) {
    if (!(probability >= minProbability && probability <= 1)) {
      throw new RangeError(`a probability lies in ${minProbability}…1, not ${probability}`);
    }
  }
  const limit = Math.log(2 / (1 - confidence));
  const bisect = (inside: (error: number) => boolean) => {
    let [low, high] = [0, 1];
    for (let i = 0; i < 50 && high - low > 1e-9; i++) {
      const middle = (low + high) / 2;
      if (inside(middle)) high = middle;
      else low = middle;
    }
    return { low, high };
  };
  return {
    low: bisect((error) => logEvidenceAbove(counts, error, minProbability) < limit).low,
    high: bisect((error) => logEvidenceBelow(counts, error, minProbability) >= limit).high,
  };
}

/** Rows counted by their probability. */
export function countByProbability(rows: Iterable<{ wrong: boolean; probability: number }>): WeightedCounts[] {
  const groups = new Map<number, WeightedCounts>();
  for (const { wrong, probability } of rows) {
    if (!(probability > 0 && probability <= 1))
      throw new RangeError(`a probability lies in (0, 1], not ${probability}`);
    let group = groups.get(probability);
    if (group === undefined) {
      group = { probability, right: 0, wrong: 0 };
      groups.set(probability, group);
    }
    if (wrong) group.wrong++;
    else group.right++;
  }
  return [...groups.values()];
}

/** Horvitz–Thompson total of wrong decisions and Hájek's ratio estimate of the error; null without rows. */
export function hajekError(
  counts: readonly WeightedCounts[],
): { error: number; wrong: number; decisions: number } | null {
  let wrong = 0;
  let decisions = 0;
  for (const group of counts) {
    wrong += group.wrong / group.probability;
    decisions += (group.wrong + group.right) / group.probability;
  }
  return decisions === 0 ? null : { error: wrong / decisions, wrong, decisions };
}
