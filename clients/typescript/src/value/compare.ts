import type { ValueReport } from '../generated/api.ts';
import type { Recomputed, RecomputedReport } from './recompute.ts';

/** A figure that the report states otherwise than its rows do. */
export interface WrongFigure {
  /** E.g. `tasks/comment-moderation/savings.rate`. */
  figure: string;
  reported: unknown;
  recomputed: number | string | null;
}

/** Rates are cut to six places in a report, minutes to four, money to six. */
const RATE_TOLERANCE = 2.5e-6;
const MINUTE_TOLERANCE = 6e-5;
const MONEY_TOLERANCE = 2e-6;

const read = (from: unknown, path: string): unknown =>
  path.split('.').reduce<unknown>((at, name) => (at as Record<string, unknown> | null | undefined)?.[name], from);

function agrees(name: string, reported: unknown, recomputed: number | string | null, scale: number): boolean {
  if (recomputed === null || typeof recomputed === 'string') return reported === recomputed;
  if (reported === null || reported === undefined) return false;
  const value = Number(reported);
  if (typeof reported === 'string') {
    // Money at the ends of an interval that two different methods of solving found.
    const slack = name.startsWith('savings.amount_') ? 4e-9 * scale : 0;
    return Math.abs(value - recomputed) <= Math.max(MONEY_TOLERANCE, 1e-9 * Math.abs(recomputed), slack);
  }
  if (name.endsWith('minutes')) return Math.abs(value - recomputed) <= Math.max(MINUTE_TOLERANCE, 1e-9 * recomputed);
  if (/rate|estimate|low|high/.test(name)) return Math.abs(value - recomputed) <= RATE_TOLERANCE;
  return value === recomputed;
}

function* wrongIn(place: string, reported: unknown, recomputed: Recomputed, scale: number): Generator<WrongFigure> {
  for (const [name, value] of Object.entries(recomputed)) {
    const stated = read(reported, name);
    if (!agrees(name, stated, value, scale)) yield { figure: `${place}${name}`, reported: stated, recomputed: value };
  }
}

/** All figures of a report that do not follow from the rows. */
export function* compareReport(report: ValueReport, own: RecomputedReport): Generator<WrongFigure> {
  // The most that errors could cost: the yardstick for rounding at the ends of intervals.
  const scale = report.tasks.reduce(
    (sum, { automated, economics }) => sum + automated * Number(economics.cost_of_error),
    0,
  );
  yield* wrongIn('', report, own.total, scale);
  for (const task of report.tasks) {
    yield* wrongIn(`tasks/${task.task}/`, task, own.tasks.get(task.task_id) ?? {}, scale);
  }
  const stated = new Map(report.buckets.map((bucket) => [Date.parse(bucket.from), bucket]));
  for (const [start, figures] of own.buckets) {
    yield* wrongIn(`buckets/${new Date(start).toISOString()}/`, stated.get(start), figures, scale);
    stated.delete(start);
  }
  for (const extra of stated.values()) {
    yield { figure: `buckets/${extra.from}/decisions`, reported: extra.decisions, recomputed: 0 };
  }
  const currencies = new Map(report.currencies.map((one) => [one.currency, one]));
  for (const [currency, figures] of own.currencies) {
    const money: Recomputed = {
      baseline: figures['baseline.cost'] ?? null,
      total: figures['cost.total'] ?? null,
      savings: figures['savings.amount'] ?? null,
      rate: figures['savings.rate'] ?? null,
    };
    yield* wrongIn(`currencies/${currency}/`, currencies.get(currency), money, scale);
  }
  const { rows, audits_expected: expected } = report.evidence;
  if (rows !== own.rows) yield { figure: 'evidence.rows', reported: rows, recomputed: own.rows };
  if (Math.abs(expected - own.auditsExpected) > Math.max(2e-6, 1e-9 * own.auditsExpected)) {
    yield { figure: 'evidence.audits_expected', reported: expected, recomputed: own.auditsExpected };
  }
}
