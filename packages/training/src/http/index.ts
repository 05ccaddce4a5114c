import { type Clock, isId, lastVersionSeen, type RoutePlugin, streamEvents } from '@understudy/kernel';
import { PageQuery, Slug } from '@understudy/wire';
import { Type } from 'typebox';
import { trainingErrors } from '../errors.ts';
import { etaSeconds, type Run } from '../run.ts';
import type { RunRequest, TrainingRuns } from '../runs.ts';

export { certificationRoutes, presentCertificate, presentCertification } from './certification-routes.ts';
export { retrainingRoutes } from './retraining-routes.ts';

const RunPath = Type.Object({ id: Type.String({ maxLength: 100 }) });
const TaskPath = Type.Object({ task: Slug });

/** A cursor is the id of the last run seen, base64url so that nobody builds on its shape. */
function positionOf(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId('run', id)) throw trainingErrors.invalid_cursor('the cursor is not one of this list');
  return id;
}

const iso = (time: number | null) => (time === null ? null : new Date(time).toISOString());

/** A run as callers see it. */
export function presentRun(run: Run, now: number) {
  return {
    id: run.id,
    task: run.task,
    status: run.status,
    progress: {
      done: Math.round(run.progress.fraction * 1000) / 10,
      total: 100,
      unit: 'percent',
      eta_seconds: etaSeconds(run, now),
      phase: run.progress.phase,
      detail: run.progress.detail,
    },
    trainer: run.trainer,
    chosen_trainer: run.chosenTrainer,
    dataset: run.dataset,
    parameters: run.parameters,
    seed: run.seed,
    promote: run.promote,
    metrics: run.metrics,
    model_version: run.modelVersion,
    promotion: run.promotion,
    error: run.error,
    log: run.log,
    attempts: run.attempts,
    cancel_requested: run.cancelRequested,
    requested_by: run.requestedBy,
    reason: run.reason ?? null,
    created_at: iso(run.createdAt),
    started_at: iso(run.startedAt),
    finished_at: iso(run.finishedAt),
  };
}

/** `/v1/tasks/{task}/training-runs` and `/v1/training-runs/{id}…` */
export function trainingRoutes(runs: TrainingRuns, clock: Clock): RoutePlugin {
  return (app) => {
    const read = { policy: { kind: 'scope', scope: 'training:read' } } as const;
    const write = { policy: { kind: 'scope', scope: 'training:write' } } as const;
    const present = (run: Run) => presentRun(run, clock.now());
    const checked = (id: string) => {
      if (!isId('run', id)) throw trainingErrors.training_run_not_found('no such training run in this workspace');
      return id;
    };

    const stopping = new AbortController();
    app.addHook('preClose', async () => stopping.abort());

    app.post<{ Params: { task: string }; Body: RunRequest | undefined }>(
      '/v1/tasks/:task/training-runs',
      {
        config: { ...write, idempotency: 'stored' },
        schema: {
          summary: 'Train a model',
          params: TaskPath,
          body: { $ref: 'TrainingRunRequest#' },
          response: { 202: { $ref: 'TrainingRun#' } },
        },
        // A training run needs nothing but its task: an absent body means all defaults.
        preValidation: async (request) => {
          request.body ??= {};
        },
      },
      async (request, reply) => {
        const run = await runs.start(request.principal, request.params.task, request.body ?? {}, request.id);
        return reply.code(202).header('Location', `/v1/training-runs/${run.id}`).send(present(run));
      },
    );

    app.get<{ Params: { task: string }; Querystring: { limit: number; cursor?: string } }>(
      '/v1/tasks/:task/training-runs',
      {
        config: read,
        schema: {
          summary: 'List the training runs of a task, newest first',
          params: TaskPath,
          querystring: Type.Object(PageQuery, { additionalProperties: false }),
          response: { 200: { $ref: 'TrainingRunList#' } },
        },
      },
      async (request) => {
        const { limit, cursor } = request.query;
        const after = cursor === undefined ? {} : { after: positionOf(cursor) };
        const rows = await runs.list(request.principal.workspace, request.params.task, { limit: limit + 1, ...after });
        const data = rows.slice(0, limit);
        const next = rows.length > limit ? Buffer.from(data.at(-1)!.id).toString('base64url') : null;
        return { data: data.map(present), next_cursor: next };
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/training-runs/:id',
      { config: read, schema: { summary: 'Read a run', params: RunPath, response: { 200: { $ref: 'TrainingRun#' } } } },
      async (request) => present(await runs.get(request.principal.workspace, checked(request.params.id))),
    );

    app.get<{ Params: { id: string } }>(
      '/v1/training-runs/:id/events',
      {
        config: read,
        schema: {
          summary: 'Follow a run: Server-Sent Events, resumable by Last-Event-ID',
          params: RunPath,
          produces: ['text/event-stream'],
        },
      },
      async (request, reply) => {
        const id = checked(request.params.id);
        // A run that is not there is a plain 404, not a stream that breaks.
        await runs.get(request.principal.workspace, id);
        const after = lastVersionSeen(request);
        async function* progress(signal: AbortSignal) {
          for await (const run of runs.watch(request.principal.workspace, id, after, signal)) {
            const event = run.status === 'queued' || run.status === 'running' ? 'progress' : run.status;
            yield { id: String(run.version), event, data: present(run) };
          }
        }
        await streamEvents(request, reply, progress, stopping.signal);
      },
    );

    app.post<{ Params: { id: string } }>(
      '/v1/training-runs/:id/cancel',
      {
        config: { ...write, idempotency: 'stored' },
        schema: { summary: 'Cancel a run', params: RunPath, response: { 202: { $ref: 'TrainingRun#' } } },
      },
      async (request, reply) => {
        const run = await runs.cancel(request.principal.workspace, checked(request.params.id));
        return reply.code(202).send(present(run));
      },
    );
  };
}
