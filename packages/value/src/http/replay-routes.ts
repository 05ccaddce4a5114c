import { isId, type RoutePlugin } from '@understudy/kernel';
import { PageQuery, type ReplayRequest, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { valueErrors } from '../errors.ts';
import type { Replay } from '../replay/replay.ts';
import type { Replays } from '../replay/replays.ts';

const TaskPath = Type.Object({ task: Slug });
const ReplayPath = Type.Object({ id: Type.String({ maxLength: 100 }) });

const iso = (at: number | null) => (at === null ? null : new Date(at).toISOString());

/** What remains, from what is done: null before anything is known. */
function etaSeconds({ status, progress: { done, total }, startedAt }: Replay, now: number): number | null {
  if (status !== 'running' || startedAt === null || total === null || done === 0) return null;
  return Math.max(0, Math.ceil((((now - startedAt) / done) * (total - done)) / 1000));
}

export function presentReplay(replay: Replay, now: number) {
  const { what, progress } = replay;
  return {
    id: replay.id,
    task: replay.task,
    status: replay.status,
    progress: { ...progress, unit: 'decisions', eta_seconds: etaSeconds(replay, now) },
    from: iso(replay.from),
    to: iso(replay.to),
    what: {
      max_error: what.maxError,
      confidence: what.confidence,
      model_version: what.modelVersion,
      threshold: what.threshold,
    },
    result: replay.result,
    error: replay.error,
    requested_by: replay.requestedBy,
    created_at: iso(replay.createdAt),
    started_at: iso(replay.startedAt),
    finished_at: iso(replay.finishedAt),
  };
}

function positionOf(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId('rpl', id)) throw valueErrors.invalid_cursor('The cursor is not one of this list.');
  return id;
}

/** `/v1/tasks/{task}/replays` and `/v1/replays/{id}…` */
export function replayRoutes(replays: Replays, now: () => number): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'replays:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'replays:write' }, idempotency: 'stored' } as const;
    const present = (replay: Replay) => presentReplay(replay, now());
    const checked = (id: string) => {
      if (!isId('rpl', id)) throw valueErrors.replay_not_found('There is no such replay.');
      return id;
    };

    app.post<{ Params: { task: string }; Body: ReplayRequest | undefined }>(
      '/v1/tasks/:task/replays',
      {
        config: write,
        schema: {
          summary: 'Replay history under another budget, threshold or model version',
          description:
            'Without a change every decision is made again and compared with the record. Poll the replay until it is over.',
          params: TaskPath,
          body: Type.Ref('ReplayRequest'),
          response: { 202: Type.Ref('Replay') },
        },
        // A replay needs nothing but its task: an absent body means no change.
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async ({ principal, params, body }, reply) => {
        const { from, to, what = {} } = body ?? {};
        const replay = await replays.start(principal, params.task, {
          from: from === undefined ? undefined : Date.parse(from),
          to: to === undefined ? undefined : Date.parse(to),
          what: {
            maxError: what.max_error ?? null,
            confidence: what.confidence ?? null,
            modelVersion: what.model_version ?? null,
            threshold: what.threshold ?? null,
          },
        });
        return reply.code(202).header('Location', `/v1/replays/${replay.id}`).send(present(replay));
      },
    );

    app.get<{ Params: { task: string }; Querystring: { limit: number; cursor?: string } }>(
      '/v1/tasks/:task/replays',
      {
        config: read,
        schema: {
          summary: 'List the replays of a task, newest first',
          params: TaskPath,
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: { 200: Type.Ref('ReplayList') },
        },
      },
      async ({ principal, params, query: { limit, cursor } }) => {
        const after = cursor === undefined ? {} : { after: positionOf(cursor) };
        const rows = await replays.list(principal.workspace, params.task, { limit: limit + 1, ...after });
        const data = rows.slice(0, limit);
        const next = rows.length > limit ? Buffer.from(data.at(-1)!.id).toString('base64url') : null;
        return { data: data.map(present), next_cursor: next };
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/replays/:id',
      { config: read, schema: { summary: 'Read a replay', params: ReplayPath, response: { 200: Type.Ref('Replay') } } },
      async ({ principal, params }) => present(await replays.get(principal.workspace, checked(params.id))),
    );

    app.post<{ Params: { id: string } }>(
      '/v1/replays/:id/cancel',
      {
        config: write,
        schema: { summary: 'Cancel a replay', params: ReplayPath, response: { 202: Type.Ref('Replay') } },
      },
      async ({ principal, params }, reply) =>
        reply.code(202).send(present(await replays.cancel(principal.workspace, checked(params.id)))),
    );
  };
}
