import { binomialUpperTail, ErrorProcess } from '@understudy/statistics';
import { median } from '../statistics.ts';
import { randomOf } from './random.ts';
import type { HonestyResult } from './result.ts';

const ALPHA = 0.05;
const NOISE = 0.001;
const AUDITS = 5_000;
/** When the error rises after a good time: audits before. */
const GOOD_TIME = 1_000;

/** Bands of the score: their share of automated traffic, how often they are audited, and their error as a multiple. */
interface Lane {
  name: string;
  bands: readonly { share: number; probability: number; error: number }[];
}
const LANES: readonly Lane[] = [
  { name: 'equal π', bands: [{ share: 1, probability: 0.02, error: 1 }] },
  {
    name: 'π by band (10, 4, 2 %)',
    bands: [
      { share: 0.3, probability: 0.1, error: 2.2 },
      { share: 0.3, probability: 0.04, error: 0.8 },
      { share: 0.4, probability: 0.02, error: 0.25 },
    ],
  },
];

/** How many audits until the process reaches 1/α; null when it does not within `audits`. */
function auditsToAlarm(
  lane: Lane,
  budget: number,
  errorAt: (audit: number) => number,
  audits: number,
  seed: number,
): number | null {
  const random = randomOf(seed);
  const process = new ErrorProcess(budget, Math.min(...lane.bands.map(({ probability }) => probability)));
  const weights = lane.bands.map(({ share, probability }) => share * probability);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (let audit = 1; audit <= audits; audit++) {
    let rest = random() * total;
    let band = 0;
    while (band < weights.length - 1 && rest >= weights[band]!) {
      rest -= weights[band]!;
      band++;
    }
    const { probability, error } = lane.bands[band]!;
    if (process.observe(random() < error * errorAt(audit), probability) >= 1 / ALPHA) return audit;
  }
  return null;
}

/**
 * H4: the alarm, looked at after every audit. With an error of exactly the budget it may ever go off in a share α of runs
 * at most; with twice the budget, from the start or after a good time, it goes off: after how many audits?
 */
export function alarm(seeds: number, scale = 1): HonestyResult[] {
  const audits = Math.max(200, Math.round(AUDITS * scale));
  const results: HonestyResult[] = [];
  for (const lane of LANES) {
    for (const budget of [0.01, 0.05, 0.1]) {
      const title = `budget ${budget * 100} %, ${lane.name}`;
      const runs = (errorAt: (audit: number) => number, most: number) =>
        Array.from({ length: seeds }, (_, seed) => auditsToAlarm(lane, budget, errorAt, most, seed));
      const atBudget = runs(() => budget, audits).filter((stopped) => stopped !== null).length;
      results.push({
        test: 'H4',
        scenario: `${title}: error at the budget, ${audits} audits`,
        runs: seeds,
        measured: { 'false suspensions': round(atBudget / seeds) },
        bound: `≤ ${ALPHA} beyond binomial noise`,
        pass: binomialUpperTail(seeds, atBudget, ALPHA) > NOISE,
      });
      const double = runs(() => 2 * budget, 4 * audits);
      results.push(shift(`${title}: error at twice the budget from the start`, double, 4 * audits, seeds));
      const good = Math.round(GOOD_TIME * Math.min(1, scale * 2));
      const later = runs((audit) => (audit <= good ? budget / 2 : 2 * budget), good + 4 * audits);
      const after = later.map((stopped) => (stopped === null ? null : stopped - good));
      results.push(shift(`${title}: twice the budget after ${good} audits at half of it`, after, 4 * audits, seeds));
    }
  }
  return results;
}

function shift(scenario: string, stopped: readonly (number | null)[], audits: number, seeds: number): HonestyResult {
  const found = stopped.filter((one) => one !== null);
  const sorted = [...found].sort((a, b) => a - b);
  return {
    test: 'H4',
    scenario,
    runs: seeds,
    measured: {
      suspended: round(found.length / seeds),
      'median audits to suspension': found.length === 0 ? 'none' : median(found),
      '90 % within': sorted[Math.floor(0.9 * sorted.length)] ?? 'none',
    },
    bound: `suspended within ${audits} audits in ≥ 99 % of runs`,
    pass: found.length >= 0.99 * seeds,
  };
}

const round = (value: number) => Math.round(value * 10_000) / 10_000;
