import { keepPreviousData, queryOptions } from '@tanstack/react-query';
import type { TaskDefinition } from '@understudy/client';
import { client } from '../../api/client.ts';
import { refresh } from '../../api/query-client.ts';
import { beginOf, type Period } from '../overview/period.ts';

/** The task as it stands, with the ETag that an edit has to name. */
export const editableTaskQuery = (task: string) =>
  queryOptions({
    queryKey: ['tasks', task, 'editable'],
    queryFn: ({ signal }) => client.tasks.getWithEtag(task, { signal }),
    refetchInterval: refresh.steady,
  });

/** Everything of a task but what the server gives it: the body of a PUT. */
export function definitionOf(task: TaskDefinition & Record<string, unknown>): TaskDefinition {
  const { id: _id, task: _task, revision: _revision, created_at: _created, updated_at: _updated, ...definition } = task;
  return definition as TaskDefinition;
}

export const qualityQuery = (task: string, period: Period) =>
  queryOptions({
    queryKey: ['quality', task, period],
    queryFn: ({ signal }) => client.quality.task(task, { from: beginOf(period, Date.now()), signal }),
    placeholderData: keepPreviousData,
    refetchInterval: refresh.live,
    staleTime: 1_000,
  });

export const retrainingQuery = (task: string) =>
  queryOptions({
    queryKey: ['retraining', task],
    queryFn: ({ signal }) => client.retraining.get(task, { signal }),
    refetchInterval: refresh.live,
  });

export const runsQuery = (task: string) =>
  queryOptions({
    queryKey: ['training-runs', 'of', task],
    queryFn: async ({ signal }) => (await client.trainingRuns.list(task, { limit: 8, signal })).data,
    refetchInterval: refresh.live,
  });

export const runQuery = (id: string) =>
  queryOptions({
    queryKey: ['training-runs', 'one', id],
    queryFn: ({ signal }) => client.trainingRuns.get(id, { signal }),
  });

export const exampleStatsQuery = (task: string) =>
  queryOptions({
    queryKey: ['examples', task, 'stats'],
    queryFn: ({ signal }) => client.examples.stats(task, { signal }),
    refetchInterval: refresh.steady,
  });

export const replaysQuery = (task: string) =>
  queryOptions({
    queryKey: ['replays', 'of', task],
    queryFn: async ({ signal }) => (await client.replays.list(task, { limit: 10, signal })).data,
    refetchInterval: refresh.steady,
  });

export const versionsQuery = (model: string) =>
  queryOptions({
    queryKey: ['models', model, 'versions', 'first'],
    queryFn: async ({ signal }) => (await client.models.versions(model, { limit: 50, signal })).data,
  });

export const taskAlertsQuery = (task: string) =>
  queryOptions({
    queryKey: ['alerts', 'open', task],
    queryFn: async ({ signal }) => (await client.alerts.list({ task, open: true, limit: 20, signal })).data,
    refetchInterval: refresh.live,
  });

export const certificationQuery = (task: string) =>
  queryOptions({
    queryKey: ['certification', task],
    queryFn: ({ signal }) => client.certification.get(task, { signal }),
    refetchInterval: refresh.live,
    staleTime: 1_000,
  });

/** The dial at one confidence. While another is fetched, the one before stays. */
export const previewQuery = (task: string, asked: { maxError: number; confidence: number }) =>
  queryOptions({
    queryKey: ['certification', task, 'preview', asked.maxError, asked.confidence],
    queryFn: ({ signal }) => client.certification.preview(task, asked, { signal }),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
