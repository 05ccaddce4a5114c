import type { WeightedCounts } from '@understudy/statistics';
import type { ScoredCertifyRow } from './scored-rows.ts';

/** What stands at or above one threshold. */
export interface ThresholdCounts {
  threshold: number;
  accepted: number;
  wrong: number;
  /** The same by sampling probability; imports under `imports`. */
  groups: WeightedCounts[];
  imports: { right: number; wrong: number };
}

/** Rows in order of their score, highest first, as typed arrays: sorted once for all thresholds. */
export class ScoreOrder {
  readonly #scores: Float64Array;
  /** Running counts up to and with each row, for every sampling probability; the last pair is that of imports. */
  readonly #right: Uint32Array[] = [];
  readonly #wrong: Uint32Array[] = [];
  readonly #probabilities: number[];

  constructor(rows: readonly ScoredCertifyRow[]) {
    const n = rows.length;
    const scores = new Float64Array(n);
    // Sorts numbers, not objects: position and score share one double (scores are millionths, positions below 2^32).
    const keys = new Float64Array(n);
    for (let i = 0; i < n; i++) keys[i] = (1_000_000 - Math.round(rows[i]!.score * 1e6)) * 2 ** 32 + i;
    keys.sort();
    const probabilities = new Map<number, number>();
    for (const { probability } of rows) {
      if (probability !== null && !probabilities.has(probability)) probabilities.set(probability, probabilities.size);
    }
    this.#probabilities = [...probabilities.keys()];
    const columns = probabilities.size + 1;
    for (let c = 0; c < columns; c++) {
      this.#right.push(new Uint32Array(n));
      this.#wrong.push(new Uint32Array(n));
    }
    const right = new Uint32Array(columns);
    const wrong = new Uint32Array(columns);
    for (let at = 0; at < n; at++) {
      const row = rows[keys[at]! % 2 ** 32]!;
      scores[at] = row.score;
      const column = row.probability === null ? columns - 1 : probabilities.get(row.probability)!;
      if (row.wrong) wrong[column]!++;
      else right[column]!++;
      for (let c = 0; c < columns; c++) {
        this.#right[c]![at] = right[c]!;
        this.#wrong[c]![at] = wrong[c]!;
      }
    }
    this.#scores = scores;
  }

  get rows(): number {
    return this.#scores.length;
  }

  at(threshold: number): ThresholdCounts {
    const end = this.#countFrom(threshold);
    const last = this.#right.length - 1;
    const count = (column: Uint32Array) => (end === 0 ? 0 : column[end - 1]!);
    const imports = { right: count(this.#right[last]!), wrong: count(this.#wrong[last]!) };
    const groups = this.#probabilities.map((probability, c) => ({
      probability,
      right: count(this.#right[c]!),
      wrong: count(this.#wrong[c]!),
    }));
    return {
      threshold,
      accepted: end,
      wrong: imports.wrong + groups.reduce((sum, group) => sum + group.wrong, 0),
      groups,
      imports,
    };
  }

  /** How many rows have the threshold or more. */
  #countFrom(threshold: number): number {
    let [low, high] = [0, this.#scores.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#scores[middle]! >= threshold) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
