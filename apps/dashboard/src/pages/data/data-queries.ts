import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { ExampleFilter, RowChange } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { firstPage, nextPage, pageOptions } from '../../api/resources.ts';

/** Counts of what there is, by label and by source. */
export const statsQuery = (task: string) =>
  queryOptions({
    queryKey: ['examples', task, 'stats'],
    queryFn: ({ signal }) => client.examples.stats(task, { signal }),
    refetchInterval: refresh.steady,
  });

/** Oldest first. */
export const examplesQuery = (task: string, filter: ExampleFilter) =>
  infiniteQueryOptions({
    queryKey: ['examples', task, 'list', filter],
    queryFn: ({ pageParam, signal }) => firstPage(client.examples.list(task, filter, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

/** Newest first. */
export const datasetsQuery = (task: string) =>
  infiniteQueryOptions({
    queryKey: ['datasets', task, 'list'],
    queryFn: ({ pageParam, signal }) => firstPage(client.datasets.list(task, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

/** Versions never change. */
export const datasetQuery = (task: string, id: string) =>
  queryOptions({
    queryKey: ['datasets', task, 'one', id],
    queryFn: ({ signal }) => client.datasets.get(task, id, { signal }),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** Neither version ever changes, so what differs between them does not either. */
export const differencesQuery = (task: string, id: string, base: string, change: RowChange | undefined) =>
  infiniteQueryOptions({
    queryKey: ['datasets', task, 'diff', id, base, change],
    queryFn: ({ pageParam, signal }) =>
      client.datasets.diff(task, id, base, {
        limit: 50,
        ...(change === undefined ? {} : { change }),
        ...(pageParam === undefined ? {} : { cursor: pageParam }),
        signal,
      }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
    staleTime: Number.POSITIVE_INFINITY,
  });

/** The newest model versions of a task, to tell which learnt from a dataset. */
export const trainedQuery = (task: string) =>
  queryOptions({
    queryKey: ['models', task, 'versions', 'trained'],
    queryFn: async ({ signal }) => (await client.models.versions(task, { limit: 200, signal })).data,
    staleTime: 30_000,
  });

/** Where the browser itself fetches a version, by the session’s cookie. */
export const downloadUrl = (task: string, id: string, format: 'csv' | 'ndjson' | 'parquet') =>
  `/v1/tasks/${encodeURIComponent(task)}/datasets/${encodeURIComponent(id)}/data?format=${format}`;
