import { logGamma } from './incomplete-beta.ts';
import { requireCounts } from './interval.ts';

/**
 * Fisher's exact test, one-sided: the chance of at least `a` successes among the first group's `n`, had its success
 * rate been that of the second group (`b` of `m`), given all margins (hypergeometric tail).
 */
export function fisherGreater(a: number, n: number, b: number, m: number): number {
  requireCounts(a, n);
  requireCounts(b, m);
  const successes = a + b;
  const total = logChoose(n + m, successes);
  let tail = 0;
  for (let x = a; x <= Math.min(n, successes); x++) {
    tail += Math.exp(logChoose(n, x) + logChoose(m, successes - x) - total);
  }
  return Math.min(1, tail);
}

function logChoose(n: number, k: number): number {
  if (k < 0 || k > n) return Number.NEGATIVE_INFINITY;
  return logGamma(n + 1) - logGamma(k + 1) - logGamma(n - k + 1);
}
