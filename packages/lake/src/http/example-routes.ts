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

function afterCursor(cursor: string | undefined): { after?: string } {
  if (cursor === undefined) return {};
  const after = Buffer.from(cursor, 'base64url').toString();
  if (!isId('ex', after)) throw lakeErrors.invalid_cursor('the cursor is not one of this list');
  return { after };
}

/** Reading and removing examples. */
export function exampleRoutes(app: FastifyInstance, examples: Examples): void {
  const read = { policy: { kind: 'scope', scope: 'examples:read' } } as const;
  const write = { policy: { kind: 'scope', scope: 'examples:write' } } as const;
  const TaskPath = Type.Object({ task: Slug });

  app.get<{
    Params: { task: string };
    Querystring: { limit?: number; cursor?: string; label?: string; conflicts?: 'only'; source?: ExampleSource };
  }>(
    '/v1/tasks/:task/examples',
    {
      config: read,
      schema: {
        summary: 'List examples, oldest first',
        params: TaskPath,
        querystring: ExampleQuery,
        response: { 200: { $ref: 'ExampleList#' } },
      },
    },
    async (request) => {
      const { limit = 50, cursor, label, conflicts, source } = request.query;
      const { rows, more } = await examples.list(request.principal.workspace, request.params.task, {
        limit,
        conflicts: conflicts === 'only',
        ...afterCursor(cursor),
        ...(label === undefined ? {} : { label }),
        ...(source === undefined ? {} : { source }),
      });
      const next = more ? Buffer.from(rows.at(-1)!.id).toString('base64url') : null;
      return { data: rows.map(presentExample), next_cursor: next };
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
      },
    },
    async (request, reply) => {
      await examples.remove(request.principal.workspace, request.params.task, request.params.example);
      return reply.code(204).send();
    },
  );
}
