import { type Interval, requireConfidence, requireCounts } from './interval.ts';
import { normalQuantile } from './normal.ts';

/** How often a check that may itself be wrong said what, on cases whose truth is known. */
export interface CheckQuality {
  /** Of `wrong` answers that were checked, how many the reviewers called wrong. */
  caught: number;
  wrong: number;
  /** Of `right` answers that were checked, how many the reviewers called right. */
  confirmed: number;
  right: number;
}

export interface CorrectedError extends Interval {
  estimate: number;
  /** As the reviewers saw it, uncorrected. */
  observed: number;
}

/** Below this, reviewing tells right from wrong too little to say anything. */
const LEAST_YOUDEN = 0.05;

/**
 * The error rate behind the errors that imperfect reviewers reported. A right answer that a reviewer mislabels looks
 * like an error, and a wrong one that is waved through does not; with the reviewing's sensitivity and specificity,
 * measured where the truth is known, error = (observed − (1 − specificity)) / (sensitivity + specificity − 1) (Rogan
 * and Gladen 1978). The interval carries the uncertainty of all three rates, as Lang and Reiczigel (2014) demand: it
 * holds every error rate that a Wald test on `observed = error·sensitivity + (1 − error)·(1 − specificity)` does not
 * reject (Fieller's way), with Agresti–Coull counts so that it stays honest near 0 and 1.
 *
 * @param reported need not be whole: an effective number of rows stands for weighted ones
 * @returns null without checks, and where reviewing is hardly better than chance: then nothing can be said
 */
export function correctedError(
  reported: { errors: number; checked: number },
  quality: CheckQuality,
  confidence = 0.95,
): CorrectedError | null {
  requireConfidence(confidence);
  if (!(reported.errors >= 0 && reported.errors <= reported.checked && Number.isFinite(reported.checked))) {
    throw new RangeError(`${reported.errors} errors of ${reported.checked} checked cannot be`);
  }
  requireCounts(quality.caught, quality.wrong);
  requireCounts(quality.confirmed, quality.right);
  if (reported.checked === 0) return null;
  const z = normalQuantile((1 + confidence) / 2);
  const adjusted = (k: number, n: number) => {
    const size = n + z * z;
    const rate = (k + (z * z) / 2) / size;
    return { rate, variance: (rate * (1 - rate)) / size };
  };
  const seen = adjusted(reported.errors, reported.checked);
  const sensitivity = adjusted(quality.caught, quality.wrong);
  const specificity = adjusted(quality.confirmed, quality.right);
  const plain = {
    sensitivity: quality.wrong === 0 ? sensitivity.rate : quality.caught / quality.wrong,
    specificity: quality.right === 0 ? specificity.rate : quality.confirmed / quality.right,
  };
  if (plain.sensitivity + plain.specificity - 1 < LEAST_YOUDEN) return null;
  const rejects = (error: number) => {
    const gap = seen.rate - error * sensitivity.rate - (1 - error) * (1 - specificity.rate);
    const variance = seen.variance + error ** 2 * sensitivity.variance + (1 - error) ** 2 * specificity.variance;
    return Math.abs(gap) > z * Math.sqrt(variance);
  };
  const observed = reported.errors / reported.checked;
  const estimate = clamp((observed + plain.specificity - 1) / (plain.sensitivity + plain.specificity - 1));
  const inside = clamp((seen.rate + specificity.rate - 1) / (sensitivity.rate + specificity.rate - 1));
  const low = Math.min(estimate, edge(rejects, inside, 0));
  const high = Math.max(estimate, edge(rejects, inside, 1));
  return { estimate, observed, low, high };
}

/** The last error rate between `inside` and `end` that is not rejected. */
function edge(rejects: (error: number) => boolean, inside: number, end: 0 | 1): number {
  if (!rejects(end)) return end;
  let held = inside;
  let rejected: number = end;
  for (let i = 0; i < 50; i++) {
    const middle = (held + rejected) / 2;
    if (rejects(middle)) rejected = middle;
    else held = middle;
  }
  return held;
}

const clamp = (x: number) => (Number.isFinite(x) ? Math.min(1, Math.max(0, x)) : 0);
