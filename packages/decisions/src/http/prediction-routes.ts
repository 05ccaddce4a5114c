import type { RoutePlugin } from '@understudy/kernel';
import { type PredictionRequest, Slug } from '@understudy/wire';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { CallContext, Decide } from '../decide.ts';

const TaskPath = Type.Object({ task: Slug });

export interface PredictionPorts {
  decide: Decide;
  /** The W3C trace id of a request, null when it has none. */
  traceOf(request: FastifyRequest): string | null;
  /** The request's Idempotency-Key with the hash of its body, undefined without the header. Throws when malformed. */
  idempotencyOf(request: FastifyRequest): { key: string; requestHash: Buffer } | undefined;
}

/** `POST /v1/predict/{task}` and its batch form. */
export function predictionRoutes(ports: PredictionPorts): RoutePlugin {
  return (app) => {
    const config = { policy: { kind: 'scope', scope: 'predictions:write' }, idempotency: 'own' } as const;
    const contextOf = (request: FastifyRequest): CallContext => ({
      principal: request.principal,
      requestId: request.id,
      traceId: ports.traceOf(request),
    });
    const send = (reply: FastifyReply, answer: { body: string; replayed: boolean }) => {
      if (answer.replayed) reply.header('Idempotency-Replayed', 'true');
      return reply.header('content-type', 'application/json; charset=utf-8').send(answer.body);
    };

    app.post<{ Params: { task: string }; Body: PredictionRequest }>(
      '/v1/predict/:task',
      {
        config,
        schema: {
          summary: 'Decide one item',
          params: TaskPath,
          body: { $ref: 'PredictionRequest#' },
          response: { 200: { $ref: 'Decision#' } },
        },
      },
      async (request, reply) => {
        const { task } = request.params;
        const idempotency = ports.idempotencyOf(request);
        return send(reply, await ports.decide.one(contextOf(request), task, request.body, idempotency));
      },
    );

    app.post<{ Params: { task: string }; Body: { items: PredictionRequest[] } }>(
      '/v1/predict/:task/batch',
      {
        config,
        schema: {
          summary: 'Decide 1…1,000 items together',
          params: TaskPath,
          body: { $ref: 'BatchRequest#' },
          response: { 200: { $ref: 'BatchResponse#' } },
        },
      },
      async (request, reply) => {
        const { task } = request.params;
        const idempotency = ports.idempotencyOf(request);
        return send(reply, await ports.decide.batch(contextOf(request), task, request.body.items, idempotency));
      },
    );
  };
}
