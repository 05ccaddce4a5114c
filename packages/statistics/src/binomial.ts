import { incompleteBeta, inverseIncompleteBeta } from './incomplete-beta.ts';
import { type Interval, requireConfidence, requireCounts } from './interval.ts';
import { normalQuantile } from './normal.ts';

/** P(Bin(n, p) ≤ k), exact. */
export function binomialTail(n: number, k: number, p: number): number {
  if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`n counts trials, not ${n}`);
  if (!(p >= 0 && p <= 1)) throw new RangeError(`a probability lies in 0…1, not ${p}`);
  if (k < 0) return 0;
  if (k >= n) return 1;
  const whole = Math.floor(k);
  if (whole === 0) return Math.exp(n * Math.log1p(-p));
  return incompleteBeta(1 - p, n - whole, whole + 1);
}

/** P(Bin(n, p) ≥ k), exact. */
export function binomialUpperTail(n: number, k: number, p: number): number {
  if (k <= 0) return 1;
  if (k > n) return 0;
  return incompleteBeta(p, Math.ceil(k), n - Math.ceil(k) + 1);
}

/** Exact two-sided interval for a proportion, k of n (Clopper & Pearson 1934). Without trials nothing is known: [0, 1]. */
export function clopperPearson(k: number, n: number, confidence: number): Interval {
  requireCounts(k, n);
  requireConfidence(confidence);
  const tail = (1 - confidence) / 2;
  return {
    low: k === 0 ? 0 : inverseIncompleteBeta(tail, k, n - k + 1),
    high: k === n ? 1 : inverseIncompleteBeta(1 - tail, k + 1, n - k),
  };
}

/** One-sided upper bound on a proportion: P(bound < p) ≤ 1 − confidence. */
export function clopperPearsonUpper(k: number, n: number, confidence: number): number {
  requireCounts(k, n);
  requireConfidence(confidence);
  return k === n ? 1 : inverseIncompleteBeta(confidence, k + 1, n - k);
}

/** Wilson's score interval (1927): near its nominal coverage and short, but no guarantee: for figures, not for promises. */
export function wilson(k: number, n: number, confidence = 0.95): Interval {
  requireCounts(k, n);
  requireConfidence(confidence);
  if (n === 0) return { low: 0, high: 1 };
  const z = normalQuantile((1 + confidence) / 2);
  const p = k / n;
  const centre = (p + (z * z) / (2 * n)) / (1 + (z * z) / n);
  const half = (z / (1 + (z * z) / n)) * Math.sqrt((p * (1 - p)) / n + (z * z) / (4 * n * n));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

/** Two-sided exact McNemar test on the two counts of disagreement (McNemar 1947): twice the smaller binomial tail at ½. */
export function exactMcNemar(gained: number, lost: number): number {
  return Math.min(1, 2 * binomialTail(gained + lost, Math.min(gained, lost), 0.5));
}
