import { idTime, isId } from '@understudy/kernel';
import { type Example, ExampleQuery, Slug } from '@understudy/wire';
import type { FastifyInstance } from 'fastify';
import { Type } from 'typebox';
import { lakeErrors } from '../errors.ts';
import type { ExampleSource } from '../example.ts';
import type { Examples } from '../examples.ts';
import type { ListedExample } from '../ports.ts';

function presentExample(row: ListedExample): Example {
  const { id, input, label, subject, external_id, occurred_at, attributes, conflict } = row;
  const { source, probability, decision, labelled_at } = row;
  const created_at = new Date(idTime(id)).toISOString();
  const from = { source, probability, decision, labelled_at };
  return { id, input, label, subject, external_id, occurred_at, attributes, conflict, ...from, created_at };
}

/** An id, or the text right after one: from there the list goes on. */
function fromCursor(cursor: string | undefined): { from?: string } {
  if (cursor === undefined) return {};
  const from = Buffer.from(cursor, 'base64url').toString();
  if (!isId('ex', from) && !(from.endsWith('0') && isId('ex', from.slice(0, -1)))) {
    throw lakeErrors.invalid_cursor('the cursor is not one of this list');
  }
  return { from };
}

/** Reading and removing examples. */
export function exampleRoutes(app: FastifyInstance, examples: Examples): void {
  const read = { policy: { kind: 'scope', scope: 'examples:read' } } as const;
  const write = { policy: { kind: 'scope', scope: 'examples:write' } } as const;
  const TaskPath = Type.Object({ task: Slug });

  app.get<{
    Params: { task: string };
    Querystring: {
      limit?: number;
      cursor?: string;
      label?: string;
      conflicts?: 'only';
      source?: ExampleSource;
      q?: string;
    };
  }>(
    '/v1/tasks/:task/examples',
    {
      config: read,
      schema: {
        summary: 'List or search examples, oldest first',
        params: TaskPath,
        querystring: ExampleQuery,
        response: { 200: { $ref: 'ExampleList#' } },
      },
    },
    async (request) => {
      const { limit = 50, cursor, label, conflicts, source, q } = request.query;
      const { rows, next } = await examples.list(request.principal.workspace, request.params.task, {
        limit,
        conflicts: conflicts === 'only',
        ...fromCursor(cursor),
        ...(label === undefined ? {} : { label }),
        ...(source === undefined ? {} : { source }),
        ...(q === undefined ? {} : { query: q }),
      });
      const next_cursor = next === null ? null : Buffer.from(next).toString('base64url');
      return { data: rows.map(presentExample), next_cursor };
    },
  );

  app.get<{ Params: { task: string } }>(
    '/v1/tasks/:task/examples/stats',
    {
      config: read,
      schema: { summary: 'Count examples by label', params: TaskPath, response: { 200: { $ref: 'ExampleStats#' } } },
    },
    (request) => examples.stats(request.principal.workspace, request.params.task),
  );

  app.delete<{ Params: { task: string; example: string } }>(
    '/v1/tasks/:task/examples/:example',
    {
      config: write,
      schema: {
        summary: 'Remove an example; dataset versions that hold it stay as they are',
        params: Type.Object({ task: Slug, example: Type.String({ maxLength: 64 }) }),
        response: { 204: Type.Null() },
      },
    },
    async (request, reply) => {
      await examples.remove(request.principal.workspace, request.params.task, request.params.example);
      return reply.code(204).send();
    },
  );
}
