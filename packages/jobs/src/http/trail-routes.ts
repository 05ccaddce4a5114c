import type { RoutePlugin } from '@understudy/kernel';
import { TrailQuery } from '@understudy/wire';
import type { Trail } from '../trail/trail.ts';

/** `GET /v1/trail`: where a message is and what happened to it. */
export function trailRoutes(trail: Trail): RoutePlugin {
  return (app) => {
    app.get<{ Querystring: TrailQuery }>(
      '/v1/trail',
      {
        config: { policy: { kind: 'scope', scope: 'decisions:read' } },
        schema: {
          summary: 'Where a message is, and what happened to it, in order',
          querystring: TrailQuery,
          response: { 200: { $ref: 'Trail#' } },
        },
      },
      async ({ principal, query }) => {
        const { steps, ids, complete } = await trail.find(principal.workspace, query.id);
        return {
          id: query.id,
          ids,
          steps: steps.map(({ at, ...step }) => ({ at: at === null ? null : new Date(at).toISOString(), ...step })),
          complete,
        };
      },
    );
  };
}
