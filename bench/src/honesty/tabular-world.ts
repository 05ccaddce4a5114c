import type { ScoreFunction } from '@understudy/decisions';
import { scoreOf } from '@understudy/decisions';

/**
 * A world small enough that every rate in it can be computed and not only estimated: items are of `cells` kinds, each
 * with its share of the traffic and its own distribution of the truth over the labels. Models are tables of counts,
 * learnt from labelled rows only.
 */
export interface World {
  labels: readonly string[];
  /** Share of the traffic of each cell; sums to 1. */
  traffic: Float64Array;
  /** `truth[cell * labels.length + label]`. */
  truth: Float64Array;
}

/** Zipf-like traffic. A share of the cells has nearly always one label, the others are a matter of opinion. */
export function makeWorld(random: () => number, cells: number, clear: number): World {
  const labels = ['ok', 'spam', 'toxic'];
  const traffic = Float64Array.from({ length: cells }, () => 1 / (1 + random() * cells) ** 0.7);
  const total = traffic.reduce((sum, share) => sum + share, 0);
  const truth = new Float64Array(cells * labels.length);
  for (let cell = 0; cell < cells; cell++) {
    traffic[cell]! /= total;
    const usual = Math.floor(random() * labels.length);
    const doubt = random() < clear ? 0.01 : 0.6 * random();
    for (let label = 0; label < labels.length; label++) {
      truth[cell * labels.length + label] = label === usual ? 1 - doubt : doubt / (labels.length - 1);
    }
  }
  return { labels, traffic, truth };
}

/** Draws cells by their traffic (inverse of the cumulated shares). */
export function sampler({ traffic }: World): (random: () => number) => number {
  const cumulated = Float64Array.from(traffic);
  for (let cell = 1; cell < cumulated.length; cell++) cumulated[cell]! += cumulated[cell - 1]!;
  return (random) => {
    const at = random() * cumulated.at(-1)!;
    let [low, high] = [0, cumulated.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (cumulated[middle]! > at) high = middle;
      else low = middle + 1;
    }
    return low;
  };
}

export function drawTruth({ labels, truth }: World, cell: number, random: () => number): number {
  let at = random();
  for (let label = 0; label < labels.length - 1; label++) {
    at -= truth[cell * labels.length + label]!;
    if (at < 0) return label;
  }
  return labels.length - 1;
}

/** A model: counts of labels, a row of them for each cell. */
export class CountModel {
  readonly #labels: number;
  readonly #counts: Float64Array;

  constructor({ labels, traffic }: World) {
    this.#labels = labels.length;
    this.#counts = new Float64Array(traffic.length * labels.length).fill(0.3);
  }

  learn(cell: number, label: number): void {
    this.#counts[cell * this.#labels + label]!++;
  }

  probabilities(cell: number): Float32Array {
    const counts = this.#counts.subarray(cell * this.#labels, (cell + 1) * this.#labels);
    const sum = counts.reduce((all, count) => all + count, 0);
    return Float32Array.from(counts, (count) => count / sum);
  }
}

/** Each cell as it is served: what is answered, and with which score. */
export interface Served {
  score: Float64Array;
  answer: Uint8Array;
}

export function serve(world: World, model: CountModel, score: ScoreFunction): Served {
  const { labels, traffic } = world;
  const known = new Set(labels);
  const served = { score: new Float64Array(traffic.length), answer: new Uint8Array(traffic.length) };
  for (let cell = 0; cell < traffic.length; cell++) {
    const answer = scoreOf(score, labels, model.probabilities(cell), known)!;
    served.score[cell] = answer.score;
    served.answer[cell] = labels.indexOf(answer.label);
  }
  return served;
}

/** Coverage and true error among what is automated, computed over all cells. */
export function trueRates(world: World, served: Served, threshold: number): { coverage: number; error: number } {
  const n = world.labels.length;
  let coverage = 0;
  let wrong = 0;
  for (let cell = 0; cell < world.traffic.length; cell++) {
    if (served.score[cell]! < threshold) continue;
    coverage += world.traffic[cell]!;
    wrong += world.traffic[cell]! * (1 - world.truth[cell * n + served.answer[cell]!]!);
  }
  return { coverage, error: coverage === 0 ? 0 : wrong / coverage };
}

/** The most that could be automated within the budget by one threshold, if every rate were known. */
export function oracleCoverage(world: World, served: Served, maxError: number): number {
  let most = 0;
  for (const threshold of new Set(served.score)) {
    const { coverage, error } = trueRates(world, served, threshold);
    if (error <= maxError && coverage > most) most = coverage;
  }
  return most;
}
