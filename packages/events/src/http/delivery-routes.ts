import { isId, type RouteConfig } from '@understudy/kernel';
import { WebhookDeliveryQuery } from '@understudy/wire';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import type { DeliveryLog } from '../webhooks/deliveries.ts';
import { webhookErrors } from '../webhooks/errors.ts';
import { checkedWebhook, presentDelivery, presentDetail, presentPage, readCursor } from './present-webhook.ts';

export interface DeliveryRoutePorts {
  log: DeliveryLog;
}

const DEFAULT_LIMIT = 50;
const WebhookPath = Type.Object({ id: Type.String({ maxLength: 100 }) });
const DeliveryPath = Type.Object({ id: Type.String({ maxLength: 100 }), delivery: Type.String({ maxLength: 100 }) });
const CallbackPath = Type.Object({ delivery: Type.String({ maxLength: 100 }) });

function checked(id: string): string {
  if (!isId('dlv', id)) throw webhookErrors.webhook_delivery_not_found('there is no such delivery');
  return id;
}

interface Path {
  id?: string;
  delivery: string;
}

/** The logs: of each webhook, and of all callbacks. */
export function deliveryRoutes(
  app: FastifyInstance,
  { log }: DeliveryRoutePorts,
  { read, write }: { read: RouteConfig; write: RouteConfig },
): void {
  const places = [
    { path: '/v1/webhooks/:id/deliveries', what: 'a webhook', list: WebhookPath, one: DeliveryPath },
    { path: '/v1/webhooks/callbacks/deliveries', what: 'callbacks', list: undefined, one: CallbackPath },
  ];
  for (const { path, what, list, one } of places) {
    const webhookOf = ({ id }: { id?: string }) => (id === undefined ? null : checkedWebhook(id));

    app.get<{ Params: { id?: string }; Querystring: WebhookDeliveryQuery }>(
      path,
      {
        config: read,
        schema: {
          summary: `The log of deliveries of ${what}, newest first`,
          ...(list === undefined ? {} : { params: list }),
          querystring: WebhookDeliveryQuery,
          response: { 200: { $ref: 'WebhookDeliveryList#' } },
        },
      },
      async ({ principal, params, query: { limit = DEFAULT_LIMIT, cursor, ...filter } }) => {
        const page = { limit: limit + 1, ...readCursor('dlv', cursor) };
        return presentPage(await log.list(principal, webhookOf(params), filter, page), limit, presentDelivery);
      },
    );

    app.get<{ Params: Path }>(
      `${path}/:delivery`,
      {
        config: read,
        schema: {
          summary: `A delivery of ${what}, with every attempt`,
          params: one,
          response: { 200: { $ref: 'WebhookDeliveryDetail#' } },
        },
      },
      async ({ principal, params }) => {
        const found = await log.get(principal, webhookOf(params), checked(params.delivery));
        return presentDetail(found.delivery, found.attempts);
      },
    );

    app.post<{ Params: Path }>(
      `${path}/:delivery/redeliver`,
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: `Send a delivery of ${what} again`,
          params: one,
          response: { 202: { $ref: 'WebhookDelivery#' } },
        },
      },
      async ({ principal, params }, reply) => {
        const delivery = await log.redeliver(principal, webhookOf(params), checked(params.delivery));
        return reply.code(202).send(presentDelivery(delivery));
      },
    );
  }
}
