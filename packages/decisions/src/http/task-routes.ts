import type { RoutePlugin } from '@understudy/kernel';
import { PageQuery, Slug, type TaskDefinition } from '@understudy/wire';
import { Type } from 'typebox';
import { decisionsErrors } from '../errors.ts';
import { etagOf, presentTask } from '../task.ts';
import type { Preconditions, Tasks } from '../tasks.ts';

const TaskPath = Type.Object({ task: Slug });

interface Headers {
  'if-match'?: string;
  'if-none-match'?: string;
}

const preconditions = (headers: Headers): Preconditions => ({
  ...(headers['if-match'] === undefined ? {} : { ifMatch: headers['if-match'] }),
  ...(headers['if-none-match'] === '*' ? { createOnly: true } : {}),
});

const SLUG = /^[a-z][a-z0-9-]{0,62}$/;

/** A cursor is the last slug seen, base64url so that nobody builds on its shape. */
function positionOf(cursor: string): string {
  const slug = Buffer.from(cursor, 'base64url').toString();
  if (!SLUG.test(slug)) throw decisionsErrors.invalid_cursor('the cursor is not one of this list');
  return slug;
}

/** `/v1/tasks…`; `changed` is told of every edit, so that this process serves it at once. */
export function taskRoutes(
  tasks: Tasks,
  changed: (workspace: string, slug: string) => void | Promise<void>,
): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'tasks:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'tasks:write' } } as const;

    app.put<{ Params: { task: string }; Body: TaskDefinition; Headers: Headers }>(
      '/v1/tasks/:task',
      {
        config: write,
        schema: {
          summary: 'Create or replace a task',
          params: TaskPath,
          body: { $ref: 'TaskDefinition#' },
          response: { 200: { $ref: 'Task#' }, 201: { $ref: 'Task#' } },
        },
      },
      async (request, reply) => {
        const { principal, id } = request;
        const slug = request.params.task;
        const { task, created } = await tasks.put(principal, slug, request.body, preconditions(request.headers), id);
        await changed(principal.workspace, slug);
        reply.header('ETag', etagOf(task));
        return reply.code(created ? 201 : 200).send(presentTask(task));
      },
    );

    app.get<{ Params: { task: string }; Headers: Headers }>(
      '/v1/tasks/:task',
      {
        config: read,
        schema: {
          summary: 'Read a task',
          params: TaskPath,
          response: { 200: { $ref: 'Task#' }, 304: Type.Null({ description: 'As `If-None-Match` has it' }) },
        },
      },
      async (request, reply) => {
        const task = await tasks.get(request.principal.workspace, request.params.task);
        const etag = etagOf(task);
        reply.header('ETag', etag);
        if (request.headers['if-none-match'] === etag) return reply.code(304).send();
        return presentTask(task);
      },
    );

    app.get<{ Querystring: { limit: number; cursor?: string } }>(
      '/v1/tasks',
      {
        config: read,
        schema: {
          summary: 'List tasks',
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: { 200: { $ref: 'TaskList#' } },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const after = cursor === undefined ? {} : { after: positionOf(cursor) };
        const rows = await tasks.list(request.principal.workspace, { limit: limit + 1, ...after });
        const data = rows.slice(0, limit);
        const next = rows.length > limit ? Buffer.from(data.at(-1)!.slug).toString('base64url') : null;
        return { data: data.map(presentTask), next_cursor: next };
      },
    );

    app.delete<{ Params: { task: string }; Headers: Headers }>(
      '/v1/tasks/:task',
      {
        config: write,
        schema: { summary: 'Delete a task; its decisions stay', params: TaskPath, response: { 204: Type.Null() } },
      },
      async (request, reply) => {
        const slug = request.params.task;
        await tasks.remove(request.principal, slug, preconditions(request.headers), request.id);
        await changed(request.principal.workspace, slug);
        return reply.code(204).send();
      },
    );
  };
}
