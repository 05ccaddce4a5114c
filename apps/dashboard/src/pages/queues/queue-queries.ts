import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { firstPage, nextPage, pageOptions } from '../../api/resources.ts';
import type { JobsSearch } from './jobs-search.ts';

export const queuesQuery = () =>
  queryOptions({ queryKey: ['jobs', 'queues'], queryFn: ({ signal }) => client.jobs.queues({ signal }) });

export const jobsQuery = (filter: JobsSearch) =>
  infiniteQueryOptions({
    queryKey: ['jobs', 'list', filter],
    queryFn: ({ pageParam, signal }) => firstPage(client.jobs.list(filter, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

/** How far a job is, with its one answer or the first of its answers. */
export const jobQuery = (id: string) =>
  queryOptions({ queryKey: ['jobs', 'one', id], queryFn: ({ signal }) => client.jobs.get(id, { limit: 1, signal }) });

/** What was decided of each item, in order. */
export const jobAnswersQuery = (id: string) =>
  infiniteQueryOptions({
    queryKey: ['jobs', 'one', id, 'answers'],
    queryFn: ({ pageParam, signal }) => firstPage(client.jobs.decisions(id, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });
