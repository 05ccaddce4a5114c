import { type FieldProblem, isId, type RoutePlugin } from '@understudy/kernel';
import { DeadLetterListQuery, type DeadLetterReplayRequest } from '@understudy/wire';
import { Type } from 'typebox';
import { cursorOf } from '../cursor.ts';
import type { DeadLetters } from '../dead-letters.ts';
import { jobErrors } from '../errors.ts';
import { presentLetter, presentWholeLetter } from './present.ts';

const LetterPath = Type.Object({ id: Type.String({ maxLength: 100 }) });

/** An id that cannot be one is the same 404 as one that is not there. */
function checked(id: string): string {
  if (!isId('dlt', id)) throw jobErrors.dead_letter_not_found('there is no such dead letter');
  return id;
}

/** `/v1/dead-letters…` */
export function deadLetterRoutes(letters: DeadLetters): RoutePlugin {
  return (app) => {
    const reading = { policy: { kind: 'scope', scope: 'dead-letters:read' } } as const;
    const writing = { policy: { kind: 'scope', scope: 'dead-letters:write' }, idempotency: 'own' } as const;

    app.get<{ Querystring: DeadLetterListQuery }>(
      '/v1/dead-letters',
      {
        config: reading,
        schema: {
          summary: 'List what was given up, newest first',
          querystring: DeadLetterListQuery,
          response: { 200: { $ref: 'DeadLetterList#' } },
        },
      },
      async ({ principal, query }) => {
        const { limit = 50, cursor, ...filter } = query;
        const { data, last } = await letters.list(principal.workspace, filter, { limit, cursor });
        return { data: data.map(presentLetter), next_cursor: last === null ? null : cursorOf(last) };
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/dead-letters/:id',
      {
        config: reading,
        schema: {
          summary: 'Read a letter with its original bytes',
          params: LetterPath,
          response: { 200: { $ref: 'DeadLetter#' } },
        },
      },
      async ({ principal, params }) => presentWholeLetter(await letters.get(principal.workspace, checked(params.id))),
    );

    app.post<{ Body: DeadLetterReplayRequest }>(
      '/v1/dead-letters/replay',
      {
        config: writing,
        schema: {
          summary: 'Send letters on their way again',
          description:
            'Those named, or those that match; some of them edited. A letter that was replayed is not replayed again.',
          body: { $ref: 'DeadLetterReplayRequest#' },
          response: { 200: { $ref: 'DeadLetterReplay#' } },
        },
      },
      async ({ principal, body }) => {
        const { ids, filter, edits = [] } = body;
        const problems: FieldProblem[] = [];
        const refuse = (pointer: string, detail: string) =>
          problems.push({ pointer, code: 'replay_request_invalid', detail });
        if ((ids === undefined) === (filter === undefined)) refuse('', 'give either ids or a filter');
        const named = new Set(ids);
        for (const [index, { id }] of edits.entries()) {
          if (!named.has(id)) refuse(`/edits/${index}/id`, 'is not among the ids');
        }
        if (problems.length > 0) throw jobErrors.replay_request_invalid(problems[0]!.detail, { problems });
        const inputs = new Map(edits.map(({ id, input }) => [id, { input }]));
        return letters.replay(principal, ids === undefined ? { filter: filter! } : { ids }, inputs);
      },
    );

    app.post<{ Params: { id: string }; Body: { reason?: string } | undefined }>(
      '/v1/dead-letters/:id/discard',
      {
        config: writing,
        schema: {
          summary: 'Give a letter up for good',
          params: LetterPath,
          body: { $ref: 'DeadLetterDiscardRequest#' },
          response: { 200: { $ref: 'DeadLetterSummary#' } },
        },
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async ({ principal, params, body }) =>
        presentLetter(await letters.discard(principal, checked(params.id), body?.reason ?? null)),
    );
  };
}
