import type { FigureBucket } from './figures.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** The shortest kept bucket. */
export const FINE_MS = 10_000;
/** How long fine buckets are kept, and for how long a reader may count on them: an hour less, for clocks that differ. */
export const FINE_KEPT_MS = 13 * HOUR_MS;
export const FINE_READABLE_MS = 12 * HOUR_MS;

/** Kept for the latest hours only, and without details. */
const FINE_BUCKETS = { ten_seconds: FINE_MS, minute: MINUTE_MS } as const;

export const isFine = (bucket: FigureBucket): bucket is keyof typeof FINE_BUCKETS => bucket in FINE_BUCKETS;

/** A window, made of whole buckets: hours, or the fine ones themselves. */
export function wholeWindow(
  { from, to }: { from: number; to: number },
  bucket: FigureBucket,
): { from: number; to: number } {
  const step = isFine(bucket) ? FINE_BUCKETS[bucket] : HOUR_MS;
  return { from: Math.floor(from / step) * step, to: Math.ceil(to / step) * step };
}

/** Start of the bucket that holds a moment (UTC; weeks start on Monday). A total has one bucket, at 0. */
export function bucketStart(at: number, bucket: FigureBucket): number {
  if (bucket === 'total') return 0;
  if (isFine(bucket)) return Math.floor(at / FINE_BUCKETS[bucket]) * FINE_BUCKETS[bucket];
  if (bucket === 'hour') return Math.floor(at / HOUR_MS) * HOUR_MS;
  const day = Math.floor(at / DAY_MS) * DAY_MS;
  if (bucket === 'day') return day;
  // 1970-01-01 was a Thursday.
  if (bucket === 'week') return day - ((((day / DAY_MS + 3) % 7) + 7) % 7) * DAY_MS;
  const date = new Date(day);
  return Date.UTC(date.getUTCFullYear(), date.getUTCMonth(), 1);
}

export function bucketEnd(start: number, bucket: FigureBucket): number {
  if (bucket === 'total') return Number.MAX_SAFE_INTEGER;
  if (bucket === 'month') {
    const date = new Date(start);
    return Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  }
  return start + { ...FINE_BUCKETS, hour: HOUR_MS, day: DAY_MS, week: 7 * DAY_MS }[bucket];
}

export type Tier = 'ten_seconds' | 'minute' | 'hour' | 'day' | 'month';

/** A window of whole hours (or of fine buckets, for their own tiers) as the fewest kept buckets: hours at its edges, days inside, months between. */
export function pieces(from: number, to: number, coarsest: Tier): { tier: Tier; from: number; to: number }[] {
  const out: { tier: Tier; from: number; to: number }[] = [];
  const split = (low: number, high: number, tier: Tier): void => {
    if (low >= high) return;
    if (isFine(tier) || tier === 'hour') {
      out.push({ tier, from: low, to: high });
      return;
    }
    const finer = tier === 'month' ? 'day' : 'hour';
    const start = bucketStart(low, tier);
    const first = start === low ? low : bucketEnd(start, tier);
    const last = bucketStart(high, tier);
    if (first >= last) {
      split(low, high, finer);
      return;
    }
    split(low, first, finer);
    out.push({ tier, from: first, to: last });
    split(last, high, finer);
  };
  split(from, to, coarsest);
  return out;
}

/** The coarsest kept bucket that a wanted one can be summed from. */
export function tierFor(bucket: FigureBucket): Tier {
  if (isFine(bucket) || bucket === 'hour') return bucket;
  return bucket === 'day' || bucket === 'week' ? 'day' : 'month';
}
