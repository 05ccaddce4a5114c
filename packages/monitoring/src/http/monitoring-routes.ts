import type { RoutePlugin } from '@understudy/kernel';
import { type AcknowledgeRequest, AlertQuery, OverviewQuery, QualityQuery, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { presentAlert } from '../alert.ts';
import type { Alerts } from '../alerts.ts';
import type { Quality } from '../quality.ts';
import { presentOverview, presentQuality } from './present.ts';

export interface MonitoringRoutePorts {
  quality: Quality;
  alerts: Alerts;
}

const DEFAULT_LIMIT = 50;
const TaskPath = Type.Object({ task: Slug });
const AlertPath = Type.Object({ id: Type.String({ maxLength: 100 }) });

/** `/v1/tasks/{task}/quality`, `/v1/overview`, `/v1/alerts…` */
export function monitoringRoutes({ quality, alerts }: MonitoringRoutePorts): RoutePlugin {
  return (app) => {
    const scope = (name: string) => ({ policy: { kind: 'scope', scope: name } }) as const;

    app.get<{ Params: { task: string }; Querystring: QualityQuery }>(
      '/v1/tasks/:task/quality',
      {
        config: scope('quality:read'),
        schema: {
          summary: 'How well a task does: audited error, precision, recall, F1 a label, rates, latency',
          params: TaskPath,
          querystring: QualityQuery,
          response: { 200: { $ref: 'Quality#' } },
        },
      },
      async ({ principal, params, query }) =>
        presentQuality(await quality.task(principal.workspace, params.task, query)),
    );

    app.get<{ Querystring: OverviewQuery }>(
      '/v1/overview',
      {
        config: scope('quality:read'),
        schema: {
          summary: 'All tasks and their total over time',
          querystring: OverviewQuery,
          response: { 200: { $ref: 'Overview#' } },
        },
      },
      async ({ principal, query }) => presentOverview(await quality.overview(principal.workspace, query)),
    );

    app.get<{ Querystring: AlertQuery }>(
      '/v1/alerts',
      {
        config: scope('alerts:read'),
        schema: {
          summary: 'List alerts, newest first',
          querystring: AlertQuery,
          response: { 200: { $ref: 'AlertList#' } },
        },
      },
      async ({ principal, query: { task, open, limit = DEFAULT_LIMIT, cursor } }) => {
        const { alerts: rows, nextCursor } = await alerts.list(principal.workspace, { task, open }, { limit, cursor });
        return { data: rows.map(presentAlert), next_cursor: nextCursor };
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/alerts/:id',
      {
        config: scope('alerts:read'),
        schema: { summary: 'Read an alert', params: AlertPath, response: { 200: { $ref: 'Alert#' } } },
      },
      async ({ principal, params }) => presentAlert(await alerts.get(principal.workspace, params.id)),
    );

    app.post<{ Params: { id: string }; Body: AcknowledgeRequest | undefined }>(
      '/v1/alerts/:id/acknowledge',
      {
        config: { ...scope('alerts:write'), idempotency: 'stored' },
        schema: {
          summary: 'Say that an alert was seen',
          params: AlertPath,
          body: { $ref: 'AcknowledgeRequest#' },
          response: { 200: { $ref: 'Alert#' } },
        },
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async ({ principal, params, body }) => {
        const by = { principal: principal.id, note: body?.note ?? null };
        return presentAlert(await alerts.acknowledge(principal.workspace, params.id, by));
      },
    );
  };
}
