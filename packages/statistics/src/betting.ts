import { type Interval, requireConfidence } from './interval.ts';

/** A stake never risks more than this share of what it could lose (c in the paper): the capital stays positive. */
const MAX_STAKE = 0.75;

/**
 * Two-sided interval for the mean of independent (or of martingale-difference) values in [0, 1]: the hedged capital
 * interval with predictable plug-in stakes (Waudby-Smith & Ramdas 2023, arXiv 2010.09686, theorem 3 and remark 3).
 * Valid at any sample size without assumption on the distribution; the order of `values` matters, so give them in the
 * order in which they came. For values 0/1 of equal weight `clopperPearson` is shorter.
 */
export function bettingInterval(values: ArrayLike<number>, confidence: number): Interval {
  requireConfidence(confidence);
  const n = values.length;
  if (n === 0) return { low: 0, high: 1 };
  const alpha = 1 - confidence;
  const stakes = predictableStakes(values, alpha, n);
  const limit = Math.log(2 / alpha);
  const mirrored = Float64Array.from(values, (value) => 1 - value);
  return { low: lowerBound(values, stakes, limit), high: 1 - lowerBound(mirrored, stakes, limit) };
}

/** λ_t = sqrt(2 ln(2/α) / (n σ̂²_{t−1})), σ̂ shrunk towards ½ by one row: depends on earlier values only. */
function predictableStakes(values: ArrayLike<number>, alpha: number, n: number): Float64Array {
  const stakes = new Float64Array(n);
  let sum = 0.5;
  let squares = 0.25;
  for (let t = 0; t < n; t++) {
    const value = values[t]!;
    if (!(value >= 0 && value <= 1)) throw new RangeError(`values lie in 0…1, not ${value}`);
    stakes[t] = Math.sqrt((2 * Math.log(2 / alpha)) / ((n * squares) / (t + 1)));
    sum += value;
    const mean = sum / (t + 2);
    squares += (value - mean) ** 2;
  }
  return stakes;
}

/** The largest m at which betting on "the mean is above m" has somewhere multiplied its capital to exp(limit). */
function lowerBound(values: ArrayLike<number>, stakes: Float64Array, limit: number): number {
  let [low, high] = [0, 1];
  // The capital falls in m, so that bisection finds the one crossing.
  for (let i = 0; i < 50 && high - low > 1e-9; i++) {
    const m = (low + high) / 2;
    if (reaches(values, stakes, m, limit)) low = m;
    else high = m;
  }
  return low;
}

function reaches(values: ArrayLike<number>, stakes: Float64Array, m: number, limit: number): boolean {
  const most = MAX_STAKE / m;
  let log = 0;
  for (let t = 0; t < values.length; t++) {
    log += Math.log1p(Math.min(stakes[t]!, most) * (values[t]! - m));
    if (log >= limit) return true;
  }
  return false;
}
