import type { Figures } from '@understudy/ledger';
import { type Billionths, billionthsOf } from './money.ts';

/** Automated decisions of one audit probability, and what the audits of them found. */
export interface Lane {
  probability: number;
  decisions: number;
  right: number;
  wrong: number;
}

/** What a report needs to know of a set of decisions: counts that add up, no estimate. */
export interface Tally {
  decisions: number;
  automated: number;
  /** Automated while no audit lane ran: nothing is known of their error. */
  unaudited: number;
  lanes: Map<number, Lane>;
  /** Left to people, and those of them whose truth nobody has told yet. */
  review: number;
  waiting: number;
  /** Verdicts given on these decisions, the milliseconds that they took, and those without a time. */
  verdicts: { reviewer: number; audit: number };
  milliseconds: { reviewer: bigint; audit: bigint };
  untimed: { reviewer: number; audit: number };
  /** By currency. */
  cost: Map<string, { model: Billionths; api: Billionths }>;
  /** Labels of any source on these decisions. */
  labels: number;
}

export function emptyTally(): Tally {
  return {
    decisions: 0,
    automated: 0,
    unaudited: 0,
    lanes: new Map(),
    review: 0,
    waiting: 0,
    verdicts: { reviewer: 0, audit: 0 },
    milliseconds: { reviewer: 0n, audit: 0n },
    untimed: { reviewer: 0, audit: 0 },
    cost: new Map(),
    labels: 0,
  };
}

/** Adds the ledger's figures of one task and stretch of time. */
export function addFigures(tally: Tally, figures: Figures): void {
  tally.decisions += figures.decisions;
  tally.automated += figures.automated;
  tally.review += figures.review;
  for (const { probability, decisions } of figures.automatedCounts) {
    if (probability === null) tally.unaudited += decisions;
    else laneOf(tally, probability).decisions += decisions;
  }
  let answered = 0;
  for (const cell of figures.truth) {
    if (cell.outcome === 'review') answered += cell.decisions;
    else if (cell.lane === 'audited' && cell.probability !== null) {
      const lane = laneOf(tally, cell.probability);
      if (cell.right === true) lane.right += cell.decisions;
      else lane.wrong += cell.decisions;
    }
  }
  tally.waiting += figures.review - answered;
  for (const who of ['reviewer', 'audit'] as const) {
    tally.verdicts[who] += figures.labels[who] ?? 0;
    tally.milliseconds[who] += BigInt(Math.round(figures.seconds[who] * 1000));
    tally.untimed[who] += figures.seconds.unmeasured[who];
  }
  for (const { rung, currency, amount } of figures.cost) {
    const sum = tally.cost.get(currency) ?? { model: 0n, api: 0n };
    sum[rung === 'own_model' || rung === 'none' ? 'model' : 'api'] += billionthsOf(amount);
    tally.cost.set(currency, sum);
  }
  for (const count of Object.values(figures.labels)) tally.labels += count;
}

function laneOf(tally: Tally, probability: number): Lane {
  let lane = tally.lanes.get(probability);
  if (lane === undefined) {
    lane = { probability, decisions: 0, right: 0, wrong: 0 };
    tally.lanes.set(probability, lane);
  }
  return lane;
}

/** Decisions that the audit lane has labelled. */
export function auditedOf(tally: Tally): number {
  let sum = 0;
  for (const { right, wrong } of tally.lanes.values()) sum += right + wrong;
  return sum;
}

/**
 * Items whose work nobody has measured: those that wait, and those that were answered without a reviewer's verdict (the
 * application's own people). With several verdicts on one item the greater of two bounds below is taken.
 */
export function byHandOf(tally: Tally): number {
  return Math.max(tally.waiting, tally.review - tally.verdicts.reviewer, 0);
}
