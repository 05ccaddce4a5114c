import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { DecisionFilter, Page } from '@understudy/client';
import { client } from './client.ts';

/** Everything that more than one page reads, each under one key. What only one page reads stands beside that page. */

/** Every row of a list, page after page; for lists that people make, which are short. */
export async function all<T>(list: AsyncIterable<T>, limit = 1000): Promise<T[]> {
  const rows: T[] = [];
  for await (const row of list) {
    rows.push(row);
    if (rows.length >= limit) break;
  }
  return rows;
}

/** One page of a list; awaiting it loads it. */
export async function firstPage<T>(list: PromiseLike<Page<T>>): Promise<Page<T>> {
  return await list;
}

/** What the client’s lists take for one page of an infinite query. */
export const pageOptions = (cursor: string | undefined, signal: AbortSignal) => ({
  limit: 50,
  signal,
  ...(cursor === undefined ? {} : { cursor }),
});

export const nextPage = <T>(page: Page<T>): string | undefined => page.next_cursor ?? undefined;

export const tasksQuery = () =>
  queryOptions({ queryKey: ['tasks'], queryFn: ({ signal }) => all(client.tasks.list({ limit: 200, signal })) });

export const taskQuery = (task: string) =>
  queryOptions({ queryKey: ['tasks', task], queryFn: ({ signal }) => client.tasks.get(task, { signal }) });

export const modelsQuery = () =>
  queryOptions({ queryKey: ['models'], queryFn: ({ signal }) => all(client.models.list({ limit: 200, signal })) });

export const decisionsQuery = (filter: DecisionFilter) =>
  infiniteQueryOptions({
    queryKey: ['decisions', 'list', filter],
    queryFn: ({ pageParam, signal }) => firstPage(client.decisions.list(filter, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const decisionQuery = (id: string) =>
  queryOptions({ queryKey: ['decisions', 'one', id], queryFn: ({ signal }) => client.decisions.get(id, { signal }) });

export const keysQuery = () =>
  queryOptions({ queryKey: ['keys'], queryFn: ({ signal }) => all(client.keys.list({ limit: 200, signal })) });

export const auditLogQuery = (filter: { action?: string; resource?: string }) =>
  infiniteQueryOptions({
    queryKey: ['audit-log', filter],
    queryFn: ({ pageParam, signal }) => firstPage(client.auditLog.list(filter, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const reviewQueuesQuery = () =>
  queryOptions({ queryKey: ['review', 'queues'], queryFn: ({ signal }) => client.review.queues({}, { signal }) });
