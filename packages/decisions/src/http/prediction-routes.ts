import type { RoutePlugin } from '@understudy/kernel';
import { type PredictionRequest, Slug } from '@understudy/wire';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import type { CallContext, Decide } from '../decide.ts';
import { keyedFor, PROTOBUF, sendAnswer, wantedForm } from './answer-form.ts';
import { readBatch, readItem } from './protobuf/read-request.ts';

const TaskPath = Type.Object({ task: Slug });

export interface PredictionPorts {
  decide: Decide;
  /** The W3C trace id of a request, null when it has none. */
  traceOf(request: FastifyRequest): string | null;
  /** The request's Idempotency-Key with the hash of its body, undefined without the header. Throws when malformed. */
  idempotencyOf(request: FastifyRequest): { key: string; requestHash: Buffer } | undefined;
  /** What a parser of bodies has to call, for the hash above. */
  keepBodyHash(request: FastifyRequest, bytes: Buffer): void;
}

/** `POST /v1/predict/{task}` and its batch form, in JSON or Protocol Buffers (`protobuf/understudy.proto`). */
export function predictionRoutes(ports: PredictionPorts): RoutePlugin {
  return (app) => {
    const config = { policy: { kind: 'scope', scope: 'predictions:write' }, idempotency: 'own' } as const;
    const contextOf = (request: FastifyRequest): CallContext => ({
      principal: request.principal,
      requestId: request.id,
      traceId: ports.traceOf(request),
    });
    /** A scope whose routes also take this message. What it says is checked by the same schema as JSON. */
    const taking = (read: (bytes: Buffer) => unknown, routes: (scope: FastifyInstance) => void) =>
      app.register(async (scope) => {
        scope.addContentTypeParser(PROTOBUF, { parseAs: 'buffer' }, (request, body, done) => {
          const bytes = body as Buffer;
          ports.keepBodyHash(request, bytes);
          try {
            done(null, read(bytes));
          } catch (error) {
            done(error as Error);
          }
        });
        routes(scope);
      });

    taking(readItem, (scope) =>
      scope.post<{ Params: { task: string }; Body: PredictionRequest }>(
        '/v1/predict/:task',
        {
          config,
          schema: {
            summary: 'Decide one item',
            params: TaskPath,
            body: { $ref: 'PredictionRequest#' },
            consumes: [PROTOBUF],
            produces: [PROTOBUF],
            response: { 200: { $ref: 'Decision#' } },
          },
        },
        async (request, reply) => {
          const { task } = request.params;
          const form = wantedForm(request);
          const idempotency = keyedFor(form, ports.idempotencyOf(request));
          const call = contextOf(request);
          return sendAnswer(reply, form, await ports.decide.one(call, task, request.body, idempotency, form.answers));
        },
      ),
    );

    taking(readBatch, (scope) =>
      scope.post<{ Params: { task: string }; Body: { items: PredictionRequest[] } }>(
        '/v1/predict/:task/batch',
        {
          config,
          schema: {
            summary: 'Decide 1…1,000 items together',
            params: TaskPath,
            body: { $ref: 'BatchRequest#' },
            consumes: [PROTOBUF],
            produces: [PROTOBUF],
            response: { 200: { $ref: 'BatchResponse#' } },
          },
        },
        async (request, reply) => {
          const { task } = request.params;
          const { items } = request.body;
          const form = wantedForm(request);
          const idempotency = keyedFor(form, ports.idempotencyOf(request));
          const call = contextOf(request);
          return sendAnswer(reply, form, await ports.decide.batch(call, task, items, idempotency, form.answers));
        },
      ),
    );
  };
}
