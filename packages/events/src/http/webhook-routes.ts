import type { RoutePlugin } from '@understudy/kernel';
import { PageQuery, type WebhookChange, type WebhookRequest } from '@understudy/wire';
import { Type } from 'typebox';
import { etagOf } from '../webhooks/webhook.ts';
import type { Webhooks } from '../webhooks/webhooks.ts';
import { type DeliveryRoutePorts, deliveryRoutes } from './delivery-routes.ts';
import { checkedWebhook, presentDelivery, presentPage, presentWebhook, readCursor } from './present-webhook.ts';

export interface WebhookRoutePorts extends DeliveryRoutePorts {
  webhooks: Webhooks;
}

interface Conditional {
  'if-match'?: string;
}

const conditions = (headers: Conditional) =>
  headers['if-match'] === undefined ? {} : { ifMatch: headers['if-match'] };

const Page = Type.Object(PageQuery, { additionalProperties: false });
const WebhookPath = Type.Object({ id: Type.String({ maxLength: 100 }) });
const DEFAULT_LIMIT = 50;

/** `/v1/webhooks…` */
export function webhookRoutes({ webhooks, log }: WebhookRoutePorts): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'webhooks:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'webhooks:write' } } as const;

    app.get<{ Querystring: { limit?: number; cursor?: string } }>(
      '/v1/webhooks',
      {
        config: read,
        schema: {
          summary: 'List the webhooks, newest first',
          querystring: Page,
          response: { 200: { $ref: 'WebhookList#' } },
        },
      },
      async ({ principal, query }) => {
        const limit = query.limit ?? DEFAULT_LIMIT;
        const page = { limit: limit + 1, ...readCursor('whk', query.cursor) };
        return presentPage(await webhooks.list(principal, page), limit, presentWebhook);
      },
    );

    app.post<{ Body: WebhookRequest }>(
      '/v1/webhooks',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'Be told of events by a POST',
          description:
            'Deliveries follow CloudEvents 1.0 and Standard Webhooks, come at least once and in no order, and are tried for three days.',
          body: { $ref: 'WebhookRequest#' },
          response: { 201: { $ref: 'NewWebhook#' } },
        },
      },
      async ({ principal, id: requestId, body }, reply) => {
        const { url, events, task = null, description = null } = body;
        const made = await webhooks.create({ principal, requestId }, { url, events, task, description });
        return reply
          .code(201)
          .header('ETag', etagOf(made.webhook))
          .header('Cache-Control', 'no-store')
          .send({ ...presentWebhook(made.webhook), secret: made.secret });
      },
    );

    app.post(
      '/v1/webhooks/callback-secret/rotate',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'A new secret for the callbacks of jobs',
          description: 'The one before it signs beside it for 24 hours.',
          response: { 200: { $ref: 'CallbackSecret#' } },
        },
      },
      async ({ principal, id: requestId }, reply) => {
        const { secret, previousUntil } = await webhooks.rotateCallbackSecret({ principal, requestId });
        const until = previousUntil === null ? null : new Date(previousUntil).toISOString();
        return reply.header('Cache-Control', 'no-store').send({ secret, previous_secret_until: until });
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/webhooks/:id',
      {
        config: read,
        schema: { summary: 'Read a webhook', params: WebhookPath, response: { 200: { $ref: 'Webhook#' } } },
      },
      async ({ principal, params }, reply) => {
        const webhook = await webhooks.get(principal, checkedWebhook(params.id));
        reply.header('ETag', etagOf(webhook));
        return presentWebhook(webhook);
      },
    );

    app.patch<{ Params: { id: string }; Body: WebhookChange; Headers: Conditional }>(
      '/v1/webhooks/:id',
      {
        config: write,
        schema: {
          summary: 'Change where it goes and what it is told',
          params: WebhookPath,
          body: { $ref: 'WebhookChange#' },
          response: { 200: { $ref: 'Webhook#' } },
        },
      },
      async ({ principal, id: requestId, params, body, headers }, reply) => {
        const id = checkedWebhook(params.id);
        const webhook = await webhooks.change({ principal, requestId }, id, body, conditions(headers));
        reply.header('ETag', etagOf(webhook));
        return presentWebhook(webhook);
      },
    );

    app.delete<{ Params: { id: string }; Headers: Conditional }>(
      '/v1/webhooks/:id',
      {
        config: write,
        schema: { summary: 'Delete a webhook and its log', params: WebhookPath, response: { 204: Type.Null() } },
      },
      async ({ principal, id: requestId, params, headers }, reply) => {
        await webhooks.remove({ principal, requestId }, checkedWebhook(params.id), conditions(headers));
        return reply.code(204).send();
      },
    );

    app.post<{ Params: { id: string } }>(
      '/v1/webhooks/:id/rotate-secret',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'A new secret',
          description: 'The one before it signs beside it for 24 hours.',
          params: WebhookPath,
          response: { 200: { $ref: 'NewWebhook#' } },
        },
      },
      async ({ principal, id: requestId, params }, reply) => {
        const { webhook, secret } = await webhooks.rotateSecret({ principal, requestId }, checkedWebhook(params.id));
        return reply.header('Cache-Control', 'no-store').send({ ...presentWebhook(webhook), secret });
      },
    );

    for (const action of ['enable', 'disable'] as const) {
      app.post<{ Params: { id: string } }>(
        `/v1/webhooks/:id/${action}`,
        {
          config: { ...write, idempotency: 'stored' },
          schema: {
            summary: action === 'enable' ? 'Send again what waits, and what happens from now on' : 'Send nothing',
            params: WebhookPath,
            response: { 200: { $ref: 'Webhook#' } },
          },
        },
        async ({ principal, id: requestId, params }, reply) => {
          const id = checkedWebhook(params.id);
          const webhook = await webhooks.setEnabled({ principal, requestId }, id, action === 'enable');
          reply.header('ETag', etagOf(webhook));
          return presentWebhook(webhook);
        },
      );
    }

    app.post<{ Params: { id: string } }>(
      '/v1/webhooks/:id/test',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'Send an event of type understudy.test',
          params: WebhookPath,
          response: { 202: { $ref: 'WebhookDelivery#' } },
        },
      },
      async ({ principal, params }, reply) => {
        const delivery = await webhooks.test(principal, checkedWebhook(params.id));
        return reply
          .code(202)
          .header('Location', `/v1/webhooks/${params.id}/deliveries/${delivery.id}`)
          .send(presentDelivery(delivery));
      },
    );

    deliveryRoutes(app, { log }, { read, write });
  };
}
