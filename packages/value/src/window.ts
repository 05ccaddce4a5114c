import type { FigureBucket } from '@understudy/ledger';
import { valueErrors } from './errors.ts';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

export type ReportBucket = Exclude<FigureBucket, 'total' | 'minute' | 'ten_seconds'>;

const EARLIEST = Date.UTC(2000, 0, 1);
const LATEST = Date.UTC(9999, 11, 31);
const MOST_BUCKETS = 1000;
const LENGTH: Record<ReportBucket, number> = { hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS, month: 28 * DAY_MS };

/** Whole hours, ms since the epoch; `to` exclusive. */
export interface Window {
  from: number;
  to: number;
}

/**
 * The window that is answered: whole hours around what was asked for.
 *
 * @throws `invalid_window`
 */
export function windowOf(asked: { from?: number; to?: number }, first: number | null, now: number): Window {
  for (const [name, value] of Object.entries(asked)) {
    if (!(value >= EARLIEST && value <= LATEST)) throw problem(name, `${name} lies outside of the years 2000 to 9999.`);
  }
  const to = Math.ceil((asked.to ?? now + 1) / HOUR_MS) * HOUR_MS;
  const from = Math.floor((asked.from ?? Math.min(first ?? now, to - 1)) / HOUR_MS) * HOUR_MS;
  if (asked.from !== undefined && asked.to !== undefined && asked.from >= asked.to) {
    throw problem('to', '`from` is not before `to`.');
  }
  if (from >= to) throw problem('from', '`from` lies in the future and no later `to` is given.');
  return { from, to };
}

const problem = (name: string, detail: string) =>
  valueErrors.invalid_window(detail, { problems: [{ pointer: `/${name}`, code: 'invalid_window', detail }] });

/**
 * The stretch of time that a report is cut into: as asked, or what gives a readable number of them.
 *
 * @throws `too_many_buckets`
 */
export function bucketOf(asked: ReportBucket | undefined, { from, to }: Window): ReportBucket {
  const length = to - from;
  if (asked === undefined) {
    if (length <= 3 * DAY_MS) return 'hour';
    if (length <= 92 * DAY_MS) return 'day';
    return length <= 2 * 366 * DAY_MS ? 'week' : 'month';
  }
  if (length / LENGTH[asked] > MOST_BUCKETS) {
    const detail = `The window has more than ${MOST_BUCKETS} stretches of a ${asked}.`;
    throw valueErrors.too_many_buckets(detail, {
      problems: [{ pointer: '/bucket', code: 'too_many_buckets', detail }],
    });
  }
  return asked;
}
