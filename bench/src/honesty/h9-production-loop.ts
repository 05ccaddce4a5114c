import type { Budget } from '@understudy/training';
import { type LoopOptions, productionLoop } from './production-loop.ts';
import type { HonestyResult } from './result.ts';
import { oracleCoverage, trueRates } from './tabular-world.ts';

interface Tally {
  certificates: number;
  broken: number;
  coverage: number;
  /** Share of broken certificates in each loop: loops are independent, the certificates of one are not. */
  perLoop: number[];
}

const tally = (): Tally => ({ certificates: 0, broken: 0, coverage: 0, perLoop: [] });

export interface H9Options {
  seeds: number;
  rounds: number;
  decisions: number;
  /** Leaves out the second scenario. */
  short?: boolean;
}

export const H9_FULL: H9Options = { seeds: 20, rounds: 50, decisions: 1000 };

const SCENARIOS: readonly { name: string; budget: Budget; loop: Partial<LoopOptions>; planted: boolean }[] = [
  { name: 'one audit rate', budget: { maxError: 0.05, confidence: 0.95 }, loop: {}, planted: false },
  {
    name: 'more audits near the threshold',
    budget: { maxError: 0.05, confidence: 0.9 },
    loop: { nearThresholdRate: 0.3 },
    planted: false,
  },
  {
    name: 'planted: each new model is better on what was reviewed than on the rest',
    budget: { maxError: 0.05, confidence: 0.95 },
    loop: {
      ...{ clearCells: 1, auditRate: 0.04, nearThresholdRate: 0.04, window: 2 },
      plant: { wellKnown: 0.6, every: 3, shift: 0.1 },
    },
    planted: true,
  },
];

/**
 * H9: retraining and recertifying again and again from the labels of operation. Each certificate is held against the
 * true error of what it lets through, which the simulated world knows exactly. Beside it runs a loop of the same world
 * that takes reviewed and audited rows for a random sample.
 */
export function productionLoops({ seeds, rounds, decisions, short = false }: H9Options = H9_FULL): HonestyResult[] {
  const scenarios = short ? SCENARIOS.filter((_, index) => index !== 1) : SCENARIOS;
  return scenarios.map(({ name, budget, loop, planted }) => {
    const weighted = tally();
    const unweighted = tally();
    let oracle = 0;
    for (let seed = 1; seed <= seeds; seed++) {
      const options: LoopOptions = {
        ...{ seed, rounds, budget, decisions, firstDecisions: 3 * decisions, weighted: true },
        ...{ auditRate: 0.1, nearThresholdRate: 0.1, cells: 200, clearCells: 0.6, window: rounds, plant: null },
        ...loop,
      };
      oracle += run(weighted, options);
      run(unweighted, { ...options, weighted: false });
    }
    const delta = 1 - budget.confidence;
    const held = share(weighted) <= delta + noise(weighted.perLoop);
    const shown = !planted || share(unweighted) > delta;
    const all = seeds * rounds;
    return {
      test: 'H9',
      scenario: `${name}; budget ${100 * budget.maxError} %, confidence ${100 * budget.confidence} %`,
      runs: all,
      measured: {
        certificates: weighted.certificates,
        broken: weighted.broken,
        broken_share: rounded(share(weighted)),
        mean_coverage: rounded(weighted.coverage / all),
        oracle_coverage: rounded(oracle / all),
        unweighted_certificates: unweighted.certificates,
        unweighted_broken_share: rounded(share(unweighted)),
        unweighted_mean_coverage: rounded(unweighted.coverage / all),
      },
      bound: planted
        ? `broken ≤ ${rounded(delta)} + noise; unweighted rows break more than that`
        : `broken ≤ ${rounded(delta)} + noise`,
      pass: held && shown && weighted.certificates > 0,
    };
  });
}

/** Runs one loop to its end; returns the sum of what an oracle would automate. */
function run(into: Tally, options: LoopOptions): number {
  const { maxError } = options.budget;
  let certificates = 0;
  let broken = 0;
  let oracle = 0;
  for (const { world, served, certificate } of productionLoop(options)) {
    oracle += oracleCoverage(world, served, maxError);
    if (certificate.threshold === null) continue;
    const { coverage, error } = trueRates(world, served, certificate.threshold);
    certificates++;
    into.coverage += coverage;
    if (error > maxError) broken++;
  }
  into.certificates += certificates;
  into.broken += broken;
  if (certificates > 0) into.perLoop.push(broken / certificates);
  return oracle;
}

const share = ({ broken, certificates }: Tally) => (certificates === 0 ? 0 : broken / certificates);

/** Two standard errors of the mean over loops. */
function noise(perLoop: readonly number[]): number {
  const n = perLoop.length;
  if (n < 2) return 0;
  const mean = perLoop.reduce((sum, value) => sum + value, 0) / n;
  const variance = perLoop.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (n - 1);
  return 2 * Math.sqrt(variance / n);
}

const rounded = (value: number) => Math.round(value * 1e4) / 1e4;
