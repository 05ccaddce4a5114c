/** How far back a page looks. Windows are whole hours for the API; the last one is not over yet. */
export const periods = ['24h', '7d', '30d', '90d', '1y'] as const;
export type Period = (typeof periods)[number];

/** The overview also looks at what goes on just now, by minutes and less. */
export const livePeriods = ['15m', '1h'] as const;
export const overviewPeriods = [...livePeriods, ...periods] as const;
export type OverviewPeriod = (typeof overviewPeriods)[number];

export const defaultPeriod: Period = '30d';

const HOUR_MS = 3_600_000;

interface PeriodFacts {
  /** On the picker. */
  short: string;
  /** Inside of a sentence: “in the last 7 days”. */
  words: string;
  hours: number;
  bucket: 'ten_seconds' | 'minute' | 'hour' | 'day' | 'week' | 'month';
}

export const periodFacts: Record<OverviewPeriod, PeriodFacts> = {
  '15m': { short: '15 min', words: 'the last 15 minutes', hours: 0.25, bucket: 'ten_seconds' },
  '1h': { short: '1 h', words: 'the last hour', hours: 1, bucket: 'minute' },
  '24h': { short: '24 h', words: 'the last 24 hours', hours: 24, bucket: 'hour' },
  '7d': { short: '7 days', words: 'the last 7 days', hours: 7 * 24, bucket: 'day' },
  '30d': { short: '30 days', words: 'the last 30 days', hours: 30 * 24, bucket: 'day' },
  '90d': { short: '90 days', words: 'the last 90 days', hours: 90 * 24, bucket: 'week' },
  '1y': { short: 'Year', words: 'the last 365 days', hours: 365 * 24, bucket: 'month' },
};

export const isLive = (period: OverviewPeriod): boolean => (livePeriods as readonly string[]).includes(period);

/** When a period began, RFC 3339. */
export function beginOf(period: OverviewPeriod, now: number): string {
  return new Date(now - periodFacts[period].hours * HOUR_MS).toISOString();
}

/**
 * The period to open with: while everything has happened within the last hour, what goes on just now.
 *
 * @param first moment of the first decision, where all decisions are younger than an hour; else null
 */
export function openingPeriod(first: number | null, now: number): OverviewPeriod {
  if (first === null) return defaultPeriod;
  return now - first < periodFacts['15m'].hours * HOUR_MS ? '15m' : '1h';
}
