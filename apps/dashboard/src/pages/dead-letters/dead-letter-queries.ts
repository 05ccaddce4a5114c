import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import type { DeadLetterFilter } from '@understudy/client';
import { client } from '../../api/client.ts';
import { firstPage, nextPage, pageOptions } from '../../api/resources.ts';

export const deadLettersQuery = (filter: DeadLetterFilter) =>
  infiniteQueryOptions({
    queryKey: ['dead-letters', 'list', filter],
    queryFn: ({ pageParam, signal }) => firstPage(client.deadLetters.list(filter, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const deadLetterQuery = (id: string) =>
  queryOptions({
    queryKey: ['dead-letters', 'one', id],
    queryFn: ({ signal }) => client.deadLetters.get(id, { signal }),
  });

/** Whether any wait, and about how many. */
export const waitingLettersQuery = () =>
  queryOptions({
    queryKey: ['dead-letters', 'waiting'],
    queryFn: ({ signal }) => firstPage(client.deadLetters.list({ state: 'waiting' }, { limit: 100, signal })),
  });
