import type { RecordedDecision } from '../decision-view.ts';
import { bandOf, latencyBin, type TruthCount } from './figures.ts';

type Lane = TruthCount['lane'];
type Flag = 0 | 1;

/**
 * What is counted, as short arrays: their canonical text is the key of a counter. The first member says which, and with
 * it the section ({@link sectionOf}). All counters are whole numbers; money is in billionths of the currency's unit, time
 * in milliseconds.
 */
export type CounterKey =
  // summary: automated, drawn; review; truth; money; seconds, unmeasured; labels, given
  | ['a' | 'd', probability: number | null]
  | ['r', suggested: Flag]
  | ['t', lane: Lane, automated: Flag, right: Flag | null, probability: number | null]
  | ['m', rung: string, currency: string]
  | ['s' | 'u', who: 'reviewer' | 'audit']
  | ['l' | 'g', source: string]
  // by label
  | ['la' | 'ld', label: string, probability: number | null]
  | ['lr', suggestion: string | null]
  | ['lt', lane: Lane, automated: Flag, answered: string | null, truth: string, probability: number | null]
  // by confidence and by reason; latency
  | ['ba' | 'bd', band: number | null, probability: number | null]
  | ['br', band: number | null, suggested: Flag]
  | ['bt', band: number | null, lane: Lane, automated: Flag, right: Flag | null, probability: number | null]
  | ['yr', reason: string, suggested: Flag]
  | ['yt', reason: string, lane: Lane, right: Flag | null]
  | ['q', bin: number];

/** Counters that are read together: a summary must not pay for what only details need. */
export const SECTIONS = ['summary', 'labels', 'shape'] as const;
export type Section = (typeof SECTIONS)[number];

export function sectionOf([kind]: CounterKey): Section {
  if (kind.startsWith('l') && kind.length === 2) return 'labels';
  return kind === 'q' || kind.length === 2 ? 'shape' : 'summary';
}

export type Count = [key: CounterKey, n: bigint];

const MONEY = /^(-?)(\d+)(?:\.(\d+))?$/;

/** Exact: a decimal string in billionths. Digits after the ninth, which no price of ours has, are cut off. */
export function toBillionths(amount: string): bigint {
  const found = MONEY.exec(amount);
  if (found === null) return 0n;
  const [, sign, whole, fraction = ''] = found;
  const value = BigInt(whole! + fraction.padEnd(9, '0').slice(0, 9));
  return sign === '-' ? -value : value;
}

export function fromBillionths(value: bigint): string {
  const digits = (value < 0n ? -value : value).toString().padStart(10, '0');
  const fraction = digits.slice(-9).replace(/0+$/, '');
  return `${value < 0n ? '-' : ''}${digits.slice(0, -9)}${fraction === '' ? '' : `.${fraction}`}`;
}

/** Microseconds that a decision took: the phase `total` where it was measured, else all phases together. */
function duration({ timings }: RecordedDecision): number | null {
  if (timings.total !== undefined) return timings.total;
  const phases = Object.values(timings);
  return phases.length === 0 ? null : phases.reduce((sum, time) => sum + time, 0);
}

const reasonOf = (decision: RecordedDecision): string => decision.review_reason ?? 'unknown';

/** What a decision counts for by itself. */
export function countsOf(decision: RecordedDecision, drawn: boolean): Count[] {
  const { label, confidence, audit, suggestion, cost } = decision;
  const band = bandOf(confidence);
  const counts: Count[] = [];
  const count = (key: CounterKey, n = 1n) => counts.push([key, n]);
  if (label !== null) {
    const probability = audit?.probability ?? null;
    count(['a', probability]);
    count(['la', label, probability]);
    count(['ba', band, probability]);
    if (drawn) {
      count(['d', probability]);
      count(['ld', label, probability]);
      count(['bd', band, probability]);
    }
  } else {
    const suggested = suggestion === null ? 0 : 1;
    count(['r', suggested]);
    count(['lr', suggestion?.label ?? null]);
    count(['br', band, suggested]);
    count(['yr', reasonOf(decision), suggested]);
  }
  const amount = toBillionths(cost.amount);
  if (amount !== 0n) count(['m', decision.decided_by?.rung ?? 'none', cost.currency], amount);
  const microseconds = duration(decision);
  if (microseconds !== null) count(['q', latencyBin(microseconds)]);
  return counts;
}

/** What is known of a decision's truth. Small: one is kept for every labelled decision. */
export interface Known {
  /** See `authority` of truth.ts: 0 = nothing yet counts. */
  authority: number;
  /** The label that counts and its id, by which equal authorities are told apart. */
  label: string;
  labelId: string;
  /** The audit lane has labelled it. */
  audited: boolean;
  /** An import has labelled it: nobody is asked any more. */
  imported: boolean;
}

function laneOf(automated: boolean, drawn: boolean, { authority, audited, imported }: Known): Lane {
  if (automated) return drawn && audited ? 'audited' : 'other';
  if (authority > 1) return 'reviewed';
  return imported ? 'imported' : 'other';
}

/** The counters that a decision's truth falls into; none while nobody knows it. */
export function cellsOf(decision: RecordedDecision, drawn: boolean, known: Known | undefined): CounterKey[] {
  if (known === undefined || known.authority === 0) return [];
  const automated = decision.label !== null ? 1 : 0;
  const answered = decision.label ?? decision.suggestion?.label ?? null;
  const right = answered === null ? null : answered === known.label ? 1 : 0;
  const lane = laneOf(automated === 1, drawn, known);
  const probability = lane === 'audited' ? (decision.audit?.probability ?? null) : null;
  const cells: CounterKey[] = [
    ['t', lane, automated, right, probability],
    ['lt', lane, automated, answered, known.label, probability],
    ['bt', bandOf(decision.confidence), lane, automated, right, probability],
  ];
  if (automated === 0) cells.push(['yt', reasonOf(decision), lane, right]);
  return cells;
}
