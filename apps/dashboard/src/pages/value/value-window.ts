import type { ValueReport, ValueWindow } from '@understudy/client';
import type { ValuePeriod } from './value-search.ts';

const DAY_MS = 24 * 3_600_000;
const days: Record<Exclude<ValuePeriod, 'all'>, number> = { '24h': 1, '7d': 7, '30d': 30, '90d': 90, '1y': 365 };

/** What is asked of the API. Without `to`, a report reaches up to now. */
export function windowOf(period: ValuePeriod, task: string | undefined, now: number): ValueWindow {
  return {
    ...(task === undefined ? {} : { task }),
    ...(period === 'all' ? {} : { from: new Date(now - days[period] * DAY_MS).toISOString() }),
  };
}

/** The window of a report that is shown, so that its page, table and export are of the very same hours. */
export function reportWindow({ from, to, task, bucket }: ValueReport): Record<string, string> {
  return { from, to, bucket, ...(task === null ? {} : { task }) };
}

export const linkTo = (path: string, query: Record<string, string>) => `${path}?${new URLSearchParams(query)}`;

/** As the server names what it sends, e.g. `value-all-2026-10-22-2026-11-21.ndjson`. */
export const fileName = ({ from, to, task }: ValueReport, extension: string) =>
  `value-${task ?? 'all'}-${from.slice(0, 10)}-${to.slice(0, 10)}.${extension}`;
