import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { beginOf, type Period, periodFacts } from './period.ts';

const LIVE = { refetchInterval: refresh.live, staleTime: 1_000 } as const;

/** All tasks and their total. Another period keeps the figures of the one before until its own are there. */
export const overviewQuery = (period: Period) =>
  queryOptions({
    queryKey: ['overview', period],
    queryFn: ({ signal }) =>
      client.quality.overview({ from: beginOf(period, Date.now()), bucket: periodFacts[period].bucket, signal }),
    placeholderData: keepPreviousData,
    ...LIVE,
  });

/** Hour by hour, where a whole day would be a single column. */
export const hourlyOverviewQuery = (from: string) =>
  queryOptions({
    queryKey: ['overview', 'hours', from],
    queryFn: ({ signal }) => client.quality.overview({ from, bucket: 'hour', signal }),
    ...LIVE,
  });

export const savingsQuery = (period: Period) =>
  queryOptions({
    queryKey: ['value', 'period', period],
    queryFn: ({ signal }) =>
      client.value.report({ from: beginOf(period, Date.now()), bucket: periodFacts[period].bucket, signal }),
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
