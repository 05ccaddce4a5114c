import { binomialTail } from '@understudy/statistics';
import type { Budget } from './budget.ts';
import type { ThresholdCounts } from './threshold-counts.ts';
import type { PlannedThreshold } from './threshold-order.ts';

/** More than this nobody will label; then the model is what is missing. */
const MOST = 2_000_000;

/**
 * How many labelled rows for certification would do, if the error stays as observed: the least over the thresholds of
 * n / coverage with P(Bin(n, ε) ≤ n · error) ≤ δ. Null when the error is too near the budget at every threshold.
 */
export function labelsNeeded(
  { maxError, confidence }: Budget,
  planned: readonly PlannedThreshold[],
  countsAt: (threshold: number) => ThresholdCounts,
  rows: number,
): { labels: number | null; reason: string } {
  let least = Number.POSITIVE_INFINITY;
  const delta = 1 - confidence;
  const errorless = Math.ceil(Math.log(delta) / Math.log(1 - maxError));
  let lowest = 1;
  for (const { threshold, coverage, error } of planned) {
    const { accepted, wrong } = countsAt(threshold);
    // What tuning rows say counts like ten rows: it decides while there are hardly any.
    const expected = Number.isNaN(error) ? maxError / 3 : error;
    const observed = (wrong + 10 * expected) / (accepted + 10);
    lowest = Math.min(lowest, observed);
    const share = rows >= 20 ? Math.max(accepted, 1) / rows : coverage;
    const needed = acceptedNeeded(maxError, delta, observed);
    if (needed !== null) least = Math.min(least, Math.ceil(needed / share));
  }
  const budget = `at most ${percent(maxError)} wrong with confidence ${percent(confidence)}`;
  if (!Number.isFinite(least)) {
    return {
      labels: null,
      reason:
        `The model is wrong too often for this budget, however many labels there are: its surest answers are wrong ` +
        `in about ${percent(lowest)} of cases, and ${budget} was asked for.`,
    };
  }
  // Where there should have been enough, it was bad luck or a wrong guess: a good part more, so that it is not tried for ever.
  const labels = Math.max(least, Math.ceil(rows * 1.25));
  return {
    labels,
    reason:
      `About ${labels} labelled rows for certification are needed to show ${budget}; there are ${rows}. ` +
      `(Even without a single mistake it takes ${errorless} accepted rows.)`,
  };
}

/** The least n for which n · error wrong rows still pass; null beyond MOST. */
function acceptedNeeded(maxError: number, delta: number, error: number): number | null {
  const passes = (n: number) => binomialTail(n, Math.ceil(n * error), maxError) <= delta;
  if (error >= maxError) return null;
  let high = Math.ceil(Math.log(delta) / Math.log(1 - maxError));
  while (!passes(high)) {
    high *= 2;
    if (high > MOST) return null;
  }
  let low = Math.floor(high / 2);
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (passes(middle)) high = middle;
    else low = middle;
  }
  return high;
}

const percent = (share: number) => `${Number((100 * share).toPrecision(3))} %`;
