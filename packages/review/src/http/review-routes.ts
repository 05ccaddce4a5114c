import { isId, type RoutePlugin } from '@understudy/kernel';
import {
  type ReviewClaimRequest,
  type ReviewHandback,
  ReviewItemQuery,
  ReviewTaskQuery,
  type ReviewVerdictRequest,
} from '@understudy/wire';
import { Type } from 'typebox';
import { reviewErrors } from '../errors.ts';
import { statusOf } from '../item.ts';
import type { Items } from '../items.ts';
import type { Queues } from '../queues.ts';
import { isLead, type Review } from '../review.ts';
import { type FigureRoutePorts, figureRoutes } from './figure-routes.ts';
import { presentClaim, presentClaims, presentItem, presentOutlook, presentQueue, presentVerdict } from './present.ts';

export interface ReviewRoutePorts extends FigureRoutePorts {
  review: Review;
  queues: Queues;
  items: Items;
}

const ItemPath = Type.Object({ item: Type.String({ maxLength: 100 }) });

/** An id that cannot be one is the same 404 as one that is not there. */
function checked(item: string): string {
  if (!isId('itm', item)) throw reviewErrors.review_item_not_found('there is no such review item');
  return item;
}

/** `/v1/review/…` */
export function reviewRoutes(ports: ReviewRoutePorts): RoutePlugin {
  const { review, queues, items } = ports;
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'review:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'review:write' } } as const;
    const lead = { policy: { kind: 'scope', scope: 'review:lead' } } as const;

    app.get<{ Querystring: { task?: string } }>(
      '/v1/review/queues',
      {
        config: read,
        schema: {
          summary: 'What waits for review, and when nothing will',
          querystring: ReviewTaskQuery,
          response: { 200: { $ref: 'ReviewQueues#' } },
        },
      },
      async ({ principal, query }) => {
        const { queues: found, total } = await queues.list(principal, query.task ?? null);
        return { data: found.map((queue) => presentQueue(queue, isLead(principal))), total: presentOutlook(total) };
      },
    );

    app.post<{ Body: ReviewClaimRequest | undefined }>(
      '/v1/review/claims',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'Take the next items under a lease',
          body: { $ref: 'ReviewClaimRequest#' },
          response: { 200: { $ref: 'ReviewClaims#' } },
        },
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async ({ principal, body = {} }) =>
        presentClaims(
          await review.claim(principal, {
            task: body.task,
            limit: body.limit ?? 1,
            queue: body.queue ?? 'reviewers',
            items: body.items?.map(checked),
          }),
        ),
    );

    app.get(
      '/v1/review/claims',
      {
        config: write,
        schema: { summary: 'The items that the caller holds', response: { 200: { $ref: 'ReviewClaims#' } } },
      },
      async ({ principal }) => presentClaims(await review.claims(principal)),
    );

    app.post<{ Params: { item: string }; Body: ReviewVerdictRequest }>(
      '/v1/review/items/:item/verdict',
      {
        config: { ...write, idempotency: 'own' },
        schema: {
          summary: 'Answer an item',
          description: 'The same verdict under the same claim token answers the same and counts once.',
          params: ItemPath,
          body: { $ref: 'ReviewVerdictRequest#' },
          response: { 200: { $ref: 'ReviewVerdict#' } },
        },
      },
      async ({ principal, params, body }) =>
        presentVerdict(
          await review.verdict(principal, checked(params.item), {
            token: body.claim_token,
            label: body.label,
            seconds: body.seconds,
            note: body.note,
          }),
        ),
    );

    const handbacks = {
      skip: 'Leave an item to somebody else',
      release: 'Give an item back unanswered',
      escalate: 'Hand an item to the leads',
    } as const;
    for (const action of ['skip', 'release', 'escalate'] as const) {
      app.post<{ Params: { item: string }; Body: ReviewHandback }>(
        `/v1/review/items/:item/${action}`,
        {
          config: { ...write, idempotency: 'own' },
          schema: {
            summary: handbacks[action],
            params: ItemPath,
            body: { $ref: 'ReviewHandback#' },
            response: { 200: { $ref: 'ReviewItemState#' } },
          },
        },
        async ({ principal, params, body }) => {
          const item = checked(params.item);
          const after = await review.handBack(principal, item, { token: body.claim_token, action, note: body.note });
          return { item, status: statusOf(after) };
        },
      );
    }

    app.post<{ Params: { item: string }; Body: ReviewHandback }>(
      '/v1/review/items/:item/undo',
      {
        config: { ...write, idempotency: 'own' },
        schema: {
          summary: 'Take the own verdict back, and the item',
          params: ItemPath,
          body: { $ref: 'ReviewHandback#' },
          response: { 200: { $ref: 'ReviewClaim#' } },
        },
      },
      async ({ principal, params, body }) =>
        presentClaim(await review.undo(principal, checked(params.item), body.claim_token)),
    );

    app.get<{ Querystring: ReviewItemQuery }>(
      '/v1/review/items',
      {
        config: lead,
        schema: {
          summary: 'All items, newest first',
          querystring: ReviewItemQuery,
          response: { 200: { $ref: 'ReviewItemList#' } },
        },
      },
      async ({ principal, query }) => {
        const { data, nextCursor } = await items.list(principal.workspace, query);
        return { data: data.map((item) => presentItem(item, true)), next_cursor: nextCursor };
      },
    );

    app.get<{ Params: { item: string } }>(
      '/v1/review/items/:item',
      {
        config: read,
        schema: { summary: 'Read an item', params: ItemPath, response: { 200: { $ref: 'ReviewItem#' } } },
      },
      async ({ principal, params }) => {
        const { item, history } = await items.get(principal.workspace, checked(params.item));
        return presentItem(item, isLead(principal), history);
      },
    );

    app.get<{ Params: { item: string } }>(
      '/v1/review/items/:item/explanation',
      {
        config: read,
        schema: {
          summary: 'What moved the model, after the own verdict',
          params: ItemPath,
          response: { 200: { $ref: 'Explanation#' } },
        },
      },
      async ({ principal, params }) => items.explanation(principal, checked(params.item)),
    );

    figureRoutes(ports)(app);
  };
}
