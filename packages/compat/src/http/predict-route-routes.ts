import { decisionsErrors } from '@understudy/decisions';
import type { RoutePlugin } from '@understudy/kernel';
import { PredictRouteQuery, type PredictRouteRequest, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { predictRouteEtag, presentPredictRoute } from '../predict-routes/predict-route.ts';
import type { EditConditions, PredictRoutes } from '../predict-routes/predict-routes.ts';

const RoutePath = Type.Object({ route: Slug });

interface Headers {
  'if-match'?: string;
  'if-none-match'?: string;
}

const conditions = (headers: Headers): EditConditions => ({
  ...(headers['if-match'] === undefined ? {} : { ifMatch: headers['if-match'] }),
  ...(headers['if-none-match'] === '*' ? { createOnly: true } : {}),
});

const SLUG = /^[a-z][a-z0-9-]{0,62}$/;

/** A cursor is the last name seen, base64url so that nobody builds on its shape. */
function positionOf(cursor: string | undefined): string {
  if (cursor === undefined) return '';
  const name = Buffer.from(cursor, 'base64url').toString();
  if (!SLUG.test(name)) throw decisionsErrors.invalid_cursor('the cursor is not one of this list');
  return name;
}

/** `/v1/predict-routes…` */
export function predictRouteRoutes(routes: PredictRoutes): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'tasks:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'tasks:write' } } as const;

    app.put<{ Params: { route: string }; Body: PredictRouteRequest; Headers: Headers }>(
      '/v1/predict-routes/:route',
      {
        config: write,
        schema: {
          summary: 'Answer somebody else’s request shape under /compat/',
          params: RoutePath,
          body: { $ref: 'PredictRouteRequest#' },
          response: { 200: { $ref: 'PredictRoute#' }, 201: { $ref: 'PredictRoute#' } },
        },
      },
      async ({ principal, params, body, headers, id }, reply) => {
        const { route, created } = await routes.put(principal, params.route, body, conditions(headers), id);
        reply.header('ETag', predictRouteEtag(route));
        return reply.code(created ? 201 : 200).send(presentPredictRoute(route));
      },
    );

    app.get<{ Params: { route: string } }>(
      '/v1/predict-routes/:route',
      {
        config: read,
        schema: { summary: 'A predict route', params: RoutePath, response: { 200: { $ref: 'PredictRoute#' } } },
      },
      async ({ principal, params }, reply) => {
        const route = await routes.get(principal.workspace, params.route);
        reply.header('ETag', predictRouteEtag(route));
        return presentPredictRoute(route);
      },
    );

    app.get<{ Querystring: { limit?: number; cursor?: string } }>(
      '/v1/predict-routes',
      {
        config: read,
        schema: {
          summary: 'List predict routes',
          querystring: PredictRouteQuery,
          response: { 200: { $ref: 'PredictRouteList#' } },
        },
      },
      async ({ principal, query }) => {
        const limit = query.limit ?? 50;
        const found = await routes.list(principal.workspace, { limit: limit + 1, after: positionOf(query.cursor) });
        const data = found.slice(0, limit);
        const last = data.at(-1);
        return {
          data: data.map(presentPredictRoute),
          next_cursor: found.length > limit && last !== undefined ? Buffer.from(last.name).toString('base64url') : null,
        };
      },
    );

    app.delete<{ Params: { route: string }; Headers: Headers }>(
      '/v1/predict-routes/:route',
      {
        config: write,
        schema: { summary: 'Answer there no more', params: RoutePath, response: { 204: Type.Null() } },
      },
      async ({ principal, params, headers, id }, reply) => {
        await routes.remove(principal, params.route, headers['if-match'], id);
        return reply.code(204).send();
      },
    );
  };
}
