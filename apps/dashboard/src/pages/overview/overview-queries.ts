import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { beginOf, defaultPeriod, type OverviewPeriod, periodFacts } from './period.ts';

const LIVE = { refetchInterval: refresh.live, staleTime: 1_000 } as const;

/** All tasks and their total. Another period keeps the figures of the one before until its own are there. */
export const overviewQuery = (period: OverviewPeriod) =>
  queryOptions({
    queryKey: ['overview', period],
    queryFn: ({ signal }) =>
      client.quality.overview({ from: beginOf(period, Date.now()), bucket: periodFacts[period].bucket, signal }),
    placeholderData: keepPreviousData,
    ...LIVE,
  });

/** When the first decision was made, if all there are were made within the last hour; else null. */
export const youthQuery = () =>
  queryOptions({
    queryKey: ['overview', 'youth'],
    queryFn: async ({ signal }) => {
      const now = Date.now();
      const all = await client.quality.overview({ from: beginOf(defaultPeriod, now), bucket: 'day', signal });
      // Around midnight even an hour has two days.
      if (all.total.decisions === 0 || all.series.length > 2) return null;
      // Asked after the others, so that it knows of every decision that they know of.
      const late = await client.quality.overview({ from: beginOf('1h', now), bucket: 'minute', signal });
      const [first] = late.series;
      return first === undefined || late.total.decisions < all.total.decisions ? null : Date.parse(first.from);
    },
    refetchInterval: refresh.steady,
  });

/** Hour by hour, where a whole day would be a single column. */
export const hourlyOverviewQuery = (from: string) =>
  queryOptions({
    queryKey: ['overview', 'hours', from],
    queryFn: ({ signal }) => client.quality.overview({ from, bucket: 'hour', signal }),
    ...LIVE,
  });

export const savingsQuery = (period: OverviewPeriod) =>
  queryOptions({
    queryKey: ['value', 'period', period],
    queryFn: ({ signal }) => {
      const { bucket } = periodFacts[period];
      // Money is added up by whole hours.
      const whole = bucket === 'minute' || bucket === 'ten_seconds' ? 'hour' : bucket;
      return client.value.report({ from: beginOf(period, Date.now()), bucket: whole, signal });
    },
    placeholderData: keepPreviousData,
    refetchInterval: refresh.live,
    staleTime: 1_000,
  });

export const openAlertsQuery = () =>
  queryOptions({
    queryKey: ['alerts', 'open'],
    queryFn: async ({ signal }) => (await client.alerts.list({ open: true, limit: 50, signal })).data,
    refetchInterval: refresh.live,
  });
