import type { CallContext, IdempotentCall } from '@understudy/decisions';
import type { RoutePlugin } from '@understudy/kernel';
import type { FastifyRequest } from 'fastify';
import type { OpenAiDoor } from '../openai/openai-door.ts';

/** What every door needs to know of a request. */
export interface DoorPorts {
  /** The W3C trace id of a request, null when it has none. */
  traceOf(request: FastifyRequest): string | null;
  /** The request's Idempotency-Key with the hash of its body, undefined without the header. Throws when malformed. */
  idempotencyOf(request: FastifyRequest): IdempotentCall | undefined;
  /** Of a body that is not JSON, for {@link DoorPorts.idempotencyOf}. */
  keepBodyHash(request: FastifyRequest, bytes: Buffer): void;
}

export function contextOf(ports: DoorPorts, request: FastifyRequest): CallContext {
  return { principal: request.principal, requestId: request.id, traceId: ports.traceOf(request) };
}

/**
 * `/openai/v1…`. Bodies have no schema here: the door reads them itself, so that what is wrong is said in the words and
 * the shape that OpenAI's clients know.
 */
export function openAiRoutes(door: OpenAiDoor, ports: DoorPorts): RoutePlugin {
  return (app) => {
    const policy = { kind: 'scope', scope: 'predictions:write' } as const;

    app.get(
      '/openai/v1/models',
      { config: { policy }, schema: { summary: 'The tasks, as OpenAI lists models' } },
      (request) => door.models(request.principal.workspace),
    );

    app.get<{ Params: { model: string } }>(
      '/openai/v1/models/:model',
      { config: { policy }, schema: { summary: 'A task, as OpenAI shows a model' } },
      (request) => door.model(request.principal.workspace, request.params.model),
    );

    app.post(
      '/openai/v1/moderations',
      {
        config: { policy, idempotency: 'own' },
        schema: { summary: 'Decide texts in the shape of OpenAI’s moderation' },
      },
      async (request, reply) => {
        const { answer, replayed } = await door.moderations(
          contextOf(ports, request),
          request.body,
          ports.idempotencyOf(request),
        );
        if (replayed) reply.header('Idempotency-Replayed', 'true');
        return answer;
      },
    );

    app.post(
      '/openai/v1/embeddings',
      {
        config: { policy },
        schema: { summary: 'Features of a task’s own model, in the shape of OpenAI’s embeddings' },
      },
      (request) => door.embeddings(request.principal.workspace, request.body),
    );
  };
}
