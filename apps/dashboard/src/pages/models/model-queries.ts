import { infiniteQueryOptions, queryOptions } from '@tanstack/react-query';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { firstPage, nextPage, pageOptions } from '../../api/resources.ts';

export const modelQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model, 'itself'],
    queryFn: ({ signal }) => client.models.get(model, { signal }),
    refetchInterval: refresh.steady,
  });

/** Newest first. */
export const versionsQuery = (model: string) =>
  infiniteQueryOptions({
    queryKey: ['models', model, 'versions'],
    queryFn: ({ pageParam, signal }) => firstPage(client.models.versions(model, pageOptions(pageParam, signal))),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: nextPage,
  });

export const versionQuery = (model: string, version: string) =>
  queryOptions({
    queryKey: ['models', model, 'version', version],
    queryFn: ({ signal }) => client.models.version(model, version, { signal }),
    // Only its aliases and its certificate ever change.
    refetchInterval: refresh.slow,
  });

export const aliasHistoryQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model, 'history'],
    queryFn: async ({ signal }) => (await client.models.aliases.history(model, { signal })).data,
  });

export const trainingRunQuery = (id: string) =>
  queryOptions({
    queryKey: ['training-runs', 'one', id],
    queryFn: ({ signal }) => client.trainingRuns.get(id, { signal }),
    staleTime: 60_000,
  });

/** The task’s replays under other versions, newest first. */
export const versionReplaysQuery = (task: string) =>
  queryOptions({
    queryKey: ['replays', 'of-versions', task],
    queryFn: async ({ signal }) =>
      (await client.replays.list(task, { limit: 50, signal })).data.filter(({ what }) => what.model_version !== null),
  });

const over = new Set(['succeeded', 'failed', 'cancelled']);

export const replayQuery = (id: string) =>
  queryOptions({
    queryKey: ['replays', 'one', id],
    queryFn: ({ signal }) => client.replays.get(id, { signal }),
    refetchInterval: (query) =>
      query.state.data !== undefined && over.has(query.state.data.status) ? false : refresh.live(query),
  });
