/** A two-sided interval. */
export interface Interval {
  low: number;
  high: number;
}

/** Throws RangeError unless 0 < confidence < 1. */
export function requireConfidence(confidence: number): void {
  if (!(confidence > 0 && confidence < 1)) throw new RangeError(`a confidence lies between 0 and 1, not ${confidence}`);
}

/** Throws RangeError unless 0 ≤ k ≤ n are whole. */
export function requireCounts(k: number, n: number): void {
  if (!(Number.isInteger(k) && Number.isInteger(n) && k >= 0 && k <= n)) {
    throw new RangeError(`counts must be whole with 0 ≤ k ≤ n, not ${k} of ${n}`);
  }
}
