/** How far back a page looks. Windows are whole hours for the API; the last one is not over yet. */
export const periods = ['24h', '7d', '30d', '90d', '1y'] as const;
export type Period = (typeof periods)[number];

export const defaultPeriod: Period = '30d';

const DAY_MS = 24 * 3_600_000;

interface PeriodFacts {
  /** On the picker. */
  short: string;
  /** Inside of a sentence: “in the last 7 days”. */
  words: string;
  days: number;
  bucket: 'hour' | 'day' | 'week' | 'month';
}

export const periodFacts: Record<Period, PeriodFacts> = {
  '24h': { short: '24 h', words: 'the last 24 hours', days: 1, bucket: 'hour' },
  '7d': { short: '7 days', words: 'the last 7 days', days: 7, bucket: 'day' },
  '30d': { short: '30 days', words: 'the last 30 days', days: 30, bucket: 'day' },
  '90d': { short: '90 days', words: 'the last 90 days', days: 90, bucket: 'week' },
  '1y': { short: 'Year', words: 'the last 365 days', days: 365, bucket: 'month' },
};

/** When a period began, RFC 3339. */
export function beginOf(period: Period, now: number): string {
  return new Date(now - periodFacts[period].days * DAY_MS).toISOString();
}
