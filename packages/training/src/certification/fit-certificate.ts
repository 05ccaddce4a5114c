import { binomialTail, hajekError, logEvidenceBelow } from '@understudy/statistics';
import type { Budget } from './budget.ts';
import { type EvidenceRows, evidenceRows, type SamplingRules, thinned } from './evidence-rows.ts';
import { labelsNeeded } from './labels-needed.ts';
import type { ScoredCertifyRow, ScoredTuneRow } from './scored-rows.ts';
import { ScoreOrder, type ThresholdCounts } from './threshold-counts.ts';
import { type PlannedThreshold, riskCurve, thresholdOrder } from './threshold-order.ts';

/** What fitting a budget to scored rows came to. */
export interface FittedCertificate {
  status: 'certified' | 'not_certifiable_yet';
  threshold: number | null;
  method: Method;
  evidence: { labelled: number; accepted: number; errors: number; pValue: number | null; tested: number };
  /** Share of the traffic at or above the threshold. */
  coverage: number | null;
  /** Estimated share of wrong ones among these; the guarantee is the budget, not this. */
  error: number | null;
  needed: { labels: number | null; reason: string } | null;
  left: EvidenceRows['left'];
  minProbability: number;
}

export type Method = 'ltt_binomial' | 'ltt_binomial_thinned' | 'ltt_betting_weighted';

export interface FitOptions {
  tune: readonly ScoredTuneRow[];
  sampling: SamplingRules;
  /** How many thresholds at most. */
  thresholds?: number;
}

/**
 * The loosest threshold that can be certified: Learn-then-Test by a fixed sequence (arXiv 2110.01052), or two of them
 * that share δ. The order of the tests, and which test, follow from the tuning rows and from how the certify rows were drawn, never from their labels.
 *
 * Rows drawn alike: exact binomial tails. Rows drawn with different probabilities: the better, by the power that the
 * tuning rows predict, of exact tails on a thinned sample and of a betting bound weighted by 1/probability.
 */
export function fitCertificate(
  all: readonly ScoredCertifyRow[],
  budget: Budget,
  { tune, sampling, thresholds = 200 }: FitOptions,
): FittedCertificate {
  return certifier(all, { tune, sampling, thresholds })(budget);
}

/** {@link fitCertificate} for many budgets over the same rows: sorts them once. */
export function certifier(
  all: readonly ScoredCertifyRow[],
  { tune, sampling, thresholds = 200 }: FitOptions,
): (budget: Budget) => FittedCertificate {
  const curve = riskCurve(tune);
  const evidence = evidenceRows(all, sampling);
  const order = new ScoreOrder(evidence.rows);
  const sample = evidence.uniform ? order : new ScoreOrder(thinned(evidence));
  return (budget) => {
    const { order: planned, main } = thresholdOrder(curve, sample.rows, budget, thresholds);
    const method = evidence.uniform ? 'ltt_binomial' : choose(evidence, sample.rows, main, budget);
    const used = method === 'ltt_betting_weighted' ? order : sample;
    const delta = 1 - budget.confidence;
    let passed: { counts: ThresholdCounts; p: number } | null = null;
    let failed: { counts: ThresholdCounts; p: number } | null = null;
    let tested = 0;
    // The share of δ that the walk carries: a test that passes hands it on, one that fails loses it.
    let level = 0;
    let walking = false;
    for (const plan of planned) {
      level += delta * (plan.share ?? 0);
      if (level === 0) continue;
      const counts = used.at(plan.threshold);
      // Cannot be passed even without a mistake. How many are accepted says nothing about their labels: skipping is allowed.
      if (!walking && counts.accepted < Math.log(level) / Math.log(1 - budget.maxError)) continue;
      const p = pValue(method, counts, budget, evidence.minProbability, stakesFor(plan, budget));
      tested++;
      walking = p <= level;
      if (walking) {
        passed = { counts, p };
        continue;
      }
      failed = { counts, p };
      level = 0;
    }
    const shown = passed ?? failed;
    const common = { method, left: evidence.left, minProbability: evidence.minProbability };
    const counted = {
      labelled: used.rows,
      accepted: shown?.counts.accepted ?? 0,
      errors: shown?.counts.wrong ?? 0,
      pValue: shown?.p ?? null,
      tested,
    };
    if (passed === null) {
      return {
        ...common,
        status: 'not_certifiable_yet',
        threshold: null,
        evidence: counted,
        coverage: null,
        error: null,
        needed: labelsNeeded(
          budget,
          curve.length > 0 ? curve : planned,
          (threshold) => sample.at(threshold),
          sample.rows,
        ),
      };
    }
    const { threshold } = passed.counts;
    return {
      ...common,
      status: 'certified',
      threshold,
      evidence: counted,
      coverage: coverageOf(order, threshold),
      error: errorOf(order.at(threshold)),
      needed: null,
    };
  };
}

function pValue(
  method: Method,
  counts: ThresholdCounts,
  { maxError }: Budget,
  minProbability: number,
  stakes: readonly number[],
): number {
  if (counts.accepted === 0) return 1;
  if (method !== 'ltt_betting_weighted') return binomialTail(counts.accepted, counts.wrong, maxError);
  // An e-value's inverse is a p-value. Imports are a sample of the traffic in themselves: their stake is not held down.
  const imports = { probability: minProbability, ...counts.imports };
  return Math.min(1, Math.exp(-logEvidenceBelow([...counts.groups, imports], maxError, minProbability, stakes)));
}

/** Stakes around Kelly's, which is best if the error is what the tuning rows say: 1 − error / budget. */
function stakesFor({ error }: PlannedThreshold, { maxError }: Pick<Budget, 'maxError'>): number[] {
  const kelly = Number.isNaN(error) ? 0.5 : Math.min(0.95, Math.max(0.1, 1 - error / maxError));
  return [kelly, kelly / 2];
}

/**
 * Which test for rows drawn with different probabilities, by their power at the first threshold if the error there is
 * what the tuning rows say. Above the threshold most rows were audited, so that the plan counts them by probability.
 */
function choose(evidence: EvidenceRows, thinnedRows: number, first: PlannedThreshold, { maxError }: Budget): Method {
  const error = Number.isNaN(first.error) ? maxError / 3 : Math.min(first.error, 0.9 * maxError);
  const above = evidence.rows.filter(({ score }) => score >= first.threshold);
  const kept = above.length === 0 ? thinnedRows * first.coverage : 0;
  const expected = new Map<number, number>();
  let thinnedAbove = kept;
  for (const { probability } of above) {
    const weight = probability ?? evidence.minProbability;
    expected.set(weight, (expected.get(weight) ?? 0) + 1);
    thinnedAbove += evidence.minProbability / weight;
  }
  const n = Math.round(thinnedAbove);
  const binomial = -Math.log(Math.max(1e-300, binomialTail(n, Math.round(n * error), maxError)));
  const counts = [...expected].map(([probability, rows]) => ({
    probability,
    right: rows * (1 - error),
    wrong: rows * error,
  }));
  return logEvidenceBelow(counts, maxError, evidence.minProbability, stakesFor(first, { maxError })) > binomial
    ? 'ltt_betting_weighted'
    : 'ltt_binomial_thinned';
}

/** Share of the traffic at or above a threshold: rows weigh 1/probability, imports as one of them each. */
function coverageOf(order: ScoreOrder, threshold: number): number {
  const above = weightOf(order.at(threshold));
  const all = weightOf(order.at(Number.NEGATIVE_INFINITY));
  return all === 0 ? 0 : above / all;
}

function weightOf({ groups, imports }: ThresholdCounts): number {
  return imports.right + imports.wrong + groups.reduce((sum, g) => sum + (g.right + g.wrong) / g.probability, 0);
}

function errorOf({ groups, imports }: ThresholdCounts): number | null {
  return hajekError([...groups, { probability: 1, ...imports }])?.error ?? null;
}
