import { type Clock, type FieldProblem, lastVersionSeen, type RoutePlugin, streamEvents } from '@understudy/kernel';
import { JobAnswersQuery, type JobRequest as JobBody, type JobItem, JobListQuery } from '@understudy/wire';
import type { FastifyRequest } from 'fastify';
import { Type } from 'typebox';
import { jobErrors } from '../errors.ts';
import { isFinished } from '../job.ts';
import type { JobCall, JobRequest, Jobs } from '../jobs.ts';
import { presentAccepted, presentItem, presentJob, presentQueue } from './present.ts';

export interface JobRoutePorts {
  jobs: Jobs;
  clock: Clock;
  /** The W3C trace id of a request, null when it has none. */
  traceOf(request: FastifyRequest): string | null;
  /** The request's Idempotency-Key with the hash of its body, undefined without the header. Throws when malformed. */
  idempotencyOf(request: FastifyRequest): { key: string; requestHash: Buffer } | undefined;
}

const JobPath = Type.Object({ id: Type.String({ maxLength: 100 }) });

/** What belongs to an item and has no meaning beside a list of them. */
const OF_AN_ITEM = ['subject', 'attributes'] as const;

function read(body: JobBody): JobRequest {
  const problems: FieldProblem[] = [];
  const refuse = (pointer: string, detail: string) => problems.push({ pointer, code: 'job_shape_invalid', detail });
  const { input, items, subject, external_id: externalId, attributes } = body;
  if (input === undefined && items === undefined) refuse('', 'neither input nor items is there');
  if (input !== undefined && items !== undefined) refuse('/items', 'stands beside input');
  if (items !== undefined) {
    for (const field of OF_AN_ITEM) {
      if (body[field] !== undefined) refuse(`/${field}`, 'belongs to an item; give it there');
    }
  }
  if (problems.length > 0) {
    throw jobErrors.job_shape_invalid('a job has either one input or a list of items', { problems });
  }
  const single = (): JobItem => ({
    input: input!,
    ...(subject === undefined ? {} : { subject }),
    ...(externalId === undefined ? {} : { external_id: externalId }),
    ...(attributes === undefined ? {} : { attributes }),
  });
  return {
    task: body.task,
    many: items !== undefined,
    items: (items as JobItem[] | undefined) ?? [single()],
    externalId: externalId ?? null,
    callbackUrl: body.callback_url ?? null,
    replyTo: body.reply_to ?? null,
    notBefore: body.not_before === undefined ? null : Date.parse(body.not_before),
    priority: body.priority ?? null,
  };
}

/** `/v1/jobs…` */
export function jobRoutes({ jobs, clock, traceOf, idempotencyOf }: JobRoutePorts): RoutePlugin {
  return (app) => {
    const reading = { policy: { kind: 'scope', scope: 'jobs:read' } } as const;
    const writing = { policy: { kind: 'scope', scope: 'jobs:write' }, idempotency: 'own' } as const;
    const stopping = new AbortController();
    app.addHook('preClose', async () => stopping.abort());

    app.post<{ Body: JobBody }>(
      '/v1/jobs',
      {
        config: writing,
        schema: {
          summary: 'Decide one item, or up to 10,000, later',
          description:
            'Accepted in one transaction, with its Idempotency-Key. The result is read here, from `callback_url`, or from `reply_to`.',
          body: { $ref: 'JobRequest#' },
          response: { 202: { $ref: 'JobSummary#' } },
        },
      },
      async (request, reply) => {
        const { traceparent } = request.headers;
        const traceId = traceOf(request);
        const call: JobCall = {
          principal: request.principal,
          requestId: request.id,
          traceId,
          // One that is malformed began a new trace, and is not handed on.
          traceparent:
            typeof traceparent === 'string' && traceId !== null && traceparent.includes(traceId) ? traceparent : null,
          idempotency: idempotencyOf(request),
        };
        const { job, replayed } = await jobs.accept(call, read(request.body));
        if (replayed) reply.header('Idempotency-Replayed', 'true');
        return reply.code(202).header('Location', `/v1/jobs/${job.id}`).send(presentAccepted(job));
      },
    );

    app.get<{ Querystring: JobListQuery }>(
      '/v1/jobs',
      {
        config: reading,
        schema: {
          summary: 'List jobs, newest first',
          querystring: JobListQuery,
          response: { 200: { $ref: 'JobList#' } },
        },
      },
      async ({ principal, query }) => {
        const { limit = 50, cursor, ...filter } = query;
        const { data, nextCursor } = await jobs.list(principal.workspace, filter, { limit, cursor });
        const now = clock.now();
        return { data: data.map((job) => presentJob(job, now)), next_cursor: nextCursor };
      },
    );

    app.get(
      '/v1/jobs/queues',
      {
        config: reading,
        schema: { summary: 'How much waits, task by task', response: { 200: { $ref: 'JobQueues#' } } },
      },
      async ({ principal }) => {
        const now = clock.now();
        return { data: (await jobs.queues(principal.workspace)).map((queue) => presentQueue(queue, now)) };
      },
    );

    app.get<{ Params: { id: string }; Querystring: JobAnswersQuery }>(
      '/v1/jobs/:id',
      {
        config: reading,
        schema: {
          summary: 'Read a job and what was decided',
          params: JobPath,
          querystring: JobAnswersQuery,
          response: { 200: { $ref: 'Job#' } },
        },
      },
      async ({ principal, params, query }) => {
        const job = await jobs.get(principal.workspace, params.id);
        const facts = presentJob(job, clock.now());
        if (!job.many) return { ...facts, decision: await jobs.answer(job) };
        const { items, nextCursor } = await jobs.answers(job, { limit: query.limit ?? 50, cursor: query.cursor });
        return { ...facts, decisions: items.map(presentItem), next_cursor: nextCursor };
      },
    );

    app.get<{ Params: { id: string } }>(
      '/v1/jobs/:id/events',
      {
        config: reading,
        schema: {
          summary: 'Follow a job: Server-Sent Events, resumable by Last-Event-ID',
          params: JobPath,
          produces: ['text/event-stream'],
        },
      },
      async (request, reply) => {
        const { workspace } = request.principal;
        // A job that is not there is a plain 404, not a stream that breaks.
        const { id } = await jobs.get(workspace, request.params.id);
        const after = lastVersionSeen(request);
        async function* progress(signal: AbortSignal) {
          for await (const job of jobs.watch(workspace, id, after, signal)) {
            const event = isFinished(job.status) ? job.status : 'progress';
            yield { id: String(job.version), event, data: presentJob(job, clock.now()) };
          }
        }
        await streamEvents(request, reply, progress, stopping.signal);
      },
    );

    app.post<{ Params: { id: string } }>(
      '/v1/jobs/:id/cancel',
      {
        config: writing,
        schema: {
          summary: 'Cancel a job',
          description: 'Cancelling again answers the same. What was committed before stays.',
          params: JobPath,
          response: { 200: { $ref: 'JobSummary#' } },
        },
      },
      async ({ principal, params }) => presentJob(await jobs.cancel(principal, params.id), clock.now()),
    );
  };
}
