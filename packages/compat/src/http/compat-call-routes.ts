import { isUtf8 } from 'node:buffer';
import type { RoutePlugin } from '@understudy/kernel';
import type { FastifyRequest } from 'fastify';
import { compatErrors } from '../errors.ts';
import type { PredictRoutes } from '../predict-routes/predict-routes.ts';
import { contextOf, type DoorPorts } from './openai-routes.ts';

/** A path has one to three segments. */
const TEMPLATES = ['/compat/:first', '/compat/:first/:second', '/compat/:first/:second/:third'] as const;

/**
 * `POST /compat/…`: requests in somebody else's shape, as JSON or as a form. Which shapes there are, the workspace's
 * predict routes say; so no body has a schema here.
 */
export function compatCallRoutes(routes: PredictRoutes, ports: DoorPorts): RoutePlugin {
  return (app) => {
    app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'buffer' }, (request, body, done) => {
      const bytes = body as Buffer;
      ports.keepBodyHash(request, bytes);
      const fields = formOf(bytes);
      if (fields === null) done(compatErrors.request_unmapped('the form is not in UTF-8'));
      else done(null, fields);
    });

    for (const template of TEMPLATES) {
      app.post(
        template,
        {
          config: { policy: { kind: 'scope', scope: 'predictions:write' }, idempotency: 'own' },
          schema: { summary: 'Decide what a predict route reads from the request, and answer as it says' },
        },
        async (request: FastifyRequest, reply) => {
          const path = Object.values(request.params as Record<string, string>).join('/');
          const answer = await routes.answer(
            contextOf(ports, request),
            path,
            request.body,
            ports.idempotencyOf(request),
          );
          if (answer.replayed) reply.header('Idempotency-Replayed', 'true');
          return reply.code(answer.status).header('content-type', 'application/json; charset=utf-8').send(answer.body);
        },
      );
    }
  };
}

/**
 * A name that stands several times, or ends in `[]` as in PHP, is an array. Null when the form is not in UTF-8: read as
 * if it were, its text would be another.
 */
function formOf(bytes: Buffer): Record<string, string | string[]> | null {
  const text = bytes.toString('utf8');
  const fields = new Map<string, string | string[]>();
  for (const [given, value] of new URLSearchParams(text)) {
    const list = given.endsWith('[]');
    const name = list ? given.slice(0, -2) : given;
    const before = fields.get(name);
    if (before === undefined) fields.set(name, list ? [value] : value);
    else if (typeof before === 'string') fields.set(name, [before, value]);
    else before.push(value);
  }
  const replaced = [...fields].some(([name, value]) => `${name}${value}`.includes('\uFFFD'));
  if (!isUtf8(bytes) || (replaced && !/%ef%bf%bd|\uFFFD/i.test(text))) return null;
  return Object.fromEntries(fields);
}
