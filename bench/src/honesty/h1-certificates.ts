import { binomialUpperTail, uniform } from '@understudy/statistics';
import { certifier, type ScoredCertifyRow } from '@understudy/training';
import type { HonestyResult } from './result.ts';
import { PoolTruth, type ScoredPool, syntheticPools } from './scored-pool.ts';

export interface H1Options {
  splits: number;
  /** Rows that order the tests, and rows that certify, in each split. */
  tuneRows: number;
  certifyRows: number;
  seed: number;
}

export const H1_FULL: H1Options = { splits: 2000, tuneRows: 1000, certifyRows: 1500, seed: 1 };

const ERRORS = [0.01, 0.02, 0.05, 0.1];
const DELTAS = [0.05, 0.1];
/** A true promise looks broken beyond noise once in so many scenarios. */
const NOISE = 0.001;
const SAMPLING = { imports: 'random_sample', since: null, sinceShift: false } as const;

/**
 * H1: certificates from random splits, held against the true error. Rows are drawn from a pool that is the whole
 * traffic, so that the error of what a threshold lets through is known exactly and not estimated from fresh rows.
 * A split without a certificate breaks no promise, and covers nothing.
 */
export function certificatesHold(
  options: H1Options = H1_FULL,
  pools: readonly ScoredPool[] = syntheticPools(),
): HonestyResult[] {
  return pools.flatMap((pool) => {
    const truth = new PoolTruth(pool);
    const cells = DELTAS.map(() => ERRORS.map(() => ({ broken: 0, certified: 0, coverage: 0 })));
    const random = uniform(options.seed);
    const pick = () => Math.floor(random() * pool.scores.length);
    for (let split = 0; split < options.splits; split++) {
      const tune = Array.from({ length: options.tuneRows }, () => {
        const row = pick();
        return { score: pool.scores[row]!, right: pool.wrong[row] === 0 };
      });
      const rows = Array.from({ length: options.certifyRows }, (_, group): ScoredCertifyRow => {
        const row = pick();
        const imported = { probability: null, source: 'import', occurredAt: null } as const;
        return { score: pool.scores[row]!, wrong: pool.wrong[row] === 1, group, ...imported };
      });
      const fit = certifier(rows, { tune, sampling: SAMPLING });
      for (const [d, delta] of DELTAS.entries()) {
        for (const [e, maxError] of ERRORS.entries()) {
          const { threshold } = fit({ maxError, confidence: 1 - delta });
          if (threshold === null) continue;
          const cell = cells[d]![e]!;
          const { error, coverage } = truth.at(threshold);
          cell.certified++;
          cell.coverage += coverage;
          if (error > maxError) cell.broken++;
        }
      }
    }
    return DELTAS.map((delta, d) => resultOf(pool, truth, delta, cells[d]!, options.splits));
  });
}

function resultOf(
  pool: ScoredPool,
  truth: PoolTruth,
  delta: number,
  cells: readonly { broken: number; certified: number; coverage: number }[],
  splits: number,
): HonestyResult {
  const measured: HonestyResult['measured'] = {};
  let pass = true;
  for (const [e, { broken, certified, coverage }] of cells.entries()) {
    const maxError = ERRORS[e]!;
    if (binomialUpperTail(splits, broken, delta) < NOISE) pass = false;
    measured[`budget ${percent(maxError)}`] =
      `${percent(broken / splits)} broken, ${percent(certified / splits)} certified, ` +
      `coverage ${percent(coverage / splits)} (oracle ${percent(truth.oracle(maxError))})`;
  }
  return {
    test: 'H1',
    scenario: `${pool.name}, confidence ${percent(1 - delta)}`,
    runs: splits,
    measured,
    bound: `at most ${percent(delta)} of the splits broken, beyond binomial noise (p ≥ ${NOISE})`,
    pass,
  };
}

const percent = (share: number) => `${Number((100 * share).toFixed(1))} %`;
