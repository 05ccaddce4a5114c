import { uniform } from '@understudy/statistics';

/** A population of answers with their scores, of which everything is known: the traffic that a threshold is to serve. */
export interface ScoredPool {
  name: string;
  scores: Float64Array;
  wrong: Uint8Array;
}

const SIZE = 20_000;

/** A population with P(wrong | score) as given; scores as `draw` gives them. */
function synthetic(
  name: string,
  seed: number,
  draw: (u: number) => number,
  risk: (score: number) => number,
): ScoredPool {
  const random = uniform(seed);
  const pool = { name, scores: new Float64Array(SIZE), wrong: new Uint8Array(SIZE) };
  for (let i = 0; i < SIZE; i++) {
    const score = Math.round(draw(random()) * 1e6) / 1e6;
    pool.scores[i] = score;
    pool.wrong[i] = random() < risk(score) ? 1 : 0;
  }
  return pool;
}

/** What a certification meets, and what is hardest for it. */
export function syntheticPools(): ScoredPool[] {
  const skewed = (u: number) => 1 - 0.6 * u ** 3;
  return [
    synthetic('calibrated scores', 11, skewed, (score) => 1 - score),
    synthetic(
      'no skill at all: error a little above 5 % everywhere',
      12,
      (u) => u,
      () => 0.052,
    ),
    synthetic('wrong labels among the surest', 13, skewed, (score) => (score > 0.99 ? 0.03 : 1 - score)),
    synthetic(
      'risk that falls and rises again',
      14,
      (u) => u,
      (score) => 0.04 + 0.12 * (score - 0.6) ** 2 * 4,
    ),
    synthetic(
      'five scores only',
      15,
      (u) => 0.5 + Math.floor(u * 5) / 10,
      (score) => (1 - score) * 0.6,
    ),
  ];
}

/** True error and coverage at each threshold of a pool: its rows sorted once. */
export class PoolTruth {
  readonly #scores: Float64Array;
  readonly #wrong: Uint32Array;

  constructor({ scores, wrong }: ScoredPool) {
    const order = Uint32Array.from(scores, (_, i) => i).sort((a, b) => scores[b]! - scores[a]!);
    this.#scores = Float64Array.from(order, (i) => scores[i]!);
    let sum = 0;
    this.#wrong = Uint32Array.from(order, (i) => {
      sum += wrong[i]!;
      return sum;
    });
  }

  at(threshold: number): { error: number; coverage: number } {
    let [low, high] = [0, this.#scores.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.#scores[middle]! >= threshold) low = middle + 1;
      else high = middle;
    }
    return low === 0
      ? { error: 0, coverage: 0 }
      : { error: this.#wrong[low - 1]! / low, coverage: low / this.#scores.length };
  }

  /** The most that could be automated within an error, if it were known. */
  oracle(maxError: number): number {
    for (let n = this.#scores.length; n > 0; n--) {
      const whole = n === this.#scores.length || this.#scores[n] !== this.#scores[n - 1];
      if (whole && this.#wrong[n - 1]! <= maxError * n) return n / this.#scores.length;
    }
    return 0;
  }
}
