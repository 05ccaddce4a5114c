import { type Static, Type } from 'typebox';
import { Body, PageQuery, Slug, Timestamp } from './common.ts';
import { JobItemFields } from './predictions.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const OneOf = <const T extends string>(words: readonly T[], options: { description?: string } = {}) =>
  Type.Unsafe<T>(
    Type.Union(
      words.map((word) => Type.Literal(word)),
      options,
    ),
  );

export const JobId = Type.String({ maxLength: 100, description: 'Id of a job, `job_…`.' });
export const JobStatus = OneOf(['queued', 'running', 'succeeded', 'failed', 'cancelled']);

export const JobItem = Body(JobItemFields, { $id: 'JobItem' });
export type JobItem = Static<typeof JobItem>;

const { input, ...facts } = JobItemFields;

export const JobRequest = Body(
  {
    task: Slug,
    input: Type.Optional(input),
    items: Type.Optional(
      Type.Array(Type.Ref('JobItem'), { minItems: 1, maxItems: 10_000, description: 'Instead of `input`.' }),
    ),
    ...facts,
    callback_url: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 2000,
        description: 'Gets `job.finished` with the decision, signed with the workspace’s callback secret.',
      }),
    ),
    reply_to: Type.Optional(
      Body({
        bus: Type.String({ minLength: 1, maxLength: 100, description: 'A name that the operator configured.' }),
        topic: Type.String({ minLength: 1, maxLength: 200 }),
      }),
    ),
    not_before: Type.Optional(Timestamp),
    priority: Type.Optional(
      Type.Integer({ minimum: 0, maximum: 9, default: 5, description: 'Higher ones are served first.' }),
    ),
  },
  { $id: 'JobRequest' },
);
export type JobRequest = Static<typeof JobRequest>;

const ErrorFact = Type.Object({ code: Type.String(), detail: Type.String() });

const JobProgress = Type.Object({
  done: Type.Integer(),
  total: Type.Integer(),
  unit: Type.String(),
  eta_seconds: Nullable(Type.Integer()),
});

const JobFacts = {
  id: JobId,
  task: Slug,
  status: JobStatus,
  priority: Type.Integer(),
  attempts: Type.Integer({ description: 'Times that a worker took it up, or the chunk of it that is under way.' }),
  progress: JobProgress,
  external_id: Type.Optional(Type.String()),
  failed_items: Type.Optional(Type.Integer({ description: 'Of a job with items: those that could not be decided.' })),
  error: Nullable(ErrorFact),
  not_before: Nullable(Timestamp),
  created_at: Timestamp,
  started_at: Nullable(Timestamp),
  finished_at: Nullable(Timestamp),
};

/** As it is listed and streamed: without its answers. */
export const JobSummary = Type.Object(JobFacts, { $id: 'JobSummary' });
export type JobSummary = Static<typeof JobSummary>;

export const Job = Type.Object(
  {
    ...JobFacts,
    decision: Type.Optional(Nullable(Type.Ref('Decision'))),
    decisions: Type.Optional(
      Type.Array(
        Type.Object({
          position: Type.Integer({ minimum: 0 }),
          external_id: Type.Optional(Type.String()),
          decision: Nullable(Type.Ref('Decision')),
          error: Nullable(ErrorFact),
        }),
        { description: 'Of a job with items: one page, in order; `decision` and `error` are null while it waits.' },
      ),
    ),
    next_cursor: Type.Optional(Nullable(Type.String())),
  },
  { $id: 'Job' },
);
export type Job = Static<typeof Job>;

export const JobList = Type.Object(
  { data: Type.Array(Type.Ref('JobSummary')), next_cursor: Nullable(Type.String()) },
  { $id: 'JobList' },
);

export const JobListQuery = Body({
  ...PageQuery,
  status: Type.Optional(JobStatus),
  task: Type.Optional(Slug),
});
export type JobListQuery = Static<typeof JobListQuery>;

export const JobAnswersQuery = Body(PageQuery);
export type JobAnswersQuery = Static<typeof JobAnswersQuery>;

export const JobQueues = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        task: Slug,
        depth: Type.Integer({ description: 'Jobs that wait and are due.' }),
        scheduled: Type.Integer({ description: 'Jobs that wait for their time.' }),
        running: Type.Integer(),
        oldest_at: Nullable(Timestamp),
        oldest_seconds: Nullable(Type.Integer()),
      }),
    ),
  },
  { $id: 'JobQueues' },
);
export type JobQueues = Static<typeof JobQueues>;

const DeadLetterKind = OneOf(['failed', 'unprocessable'], {
  description: '`failed` = ran out of attempts; `unprocessable` = can never succeed as it is.',
});
const DeadLetterState = OneOf(['waiting', 'replayed', 'discarded']);
const Origin = Type.String({
  maxLength: 300,
  description: '`job`, `source` or `outgoing`, or one of them: `job:job_…`.',
});

const DeadLetterFacts = {
  id: Type.String(),
  kind: DeadLetterKind,
  state: DeadLetterState,
  origin: Type.Object({ kind: OneOf(['job', 'source', 'outgoing']), id: Type.String() }),
  task: Nullable(Type.String()),
  reason: ErrorFact,
  message: Nullable(
    Type.String({ description: 'Its identity where it comes from; of a job with items, the position of the item.' }),
  ),
  content_type: Type.String(),
  attempts: Type.Integer(),
  trace_id: Nullable(Type.String()),
  created_at: Timestamp,
  resolved_at: Nullable(Timestamp),
  resolved_by: Nullable(Type.String()),
  resolution: Nullable(Type.String()),
};

export const DeadLetterSummary = Type.Object(DeadLetterFacts, { $id: 'DeadLetterSummary' });
export type DeadLetterSummary = Static<typeof DeadLetterSummary>;

export const DeadLetter = Type.Object(
  {
    ...DeadLetterFacts,
    headers: Type.Record(Type.String(), Type.String()),
    body: Nullable(
      Type.Object({
        encoding: OneOf(['text', 'base64'], { description: '`text` where the bytes are UTF-8.' }),
        data: Type.String(),
        bytes: Type.Integer(),
      }),
    ),
    history: Type.Array(Type.Object({ at: Type.String(), code: Type.String(), detail: Type.String() })),
  },
  { $id: 'DeadLetter' },
);
export type DeadLetter = Static<typeof DeadLetter>;

export const DeadLetterList = Type.Object(
  { data: Type.Array(Type.Ref('DeadLetterSummary')), next_cursor: Nullable(Type.String()) },
  { $id: 'DeadLetterList' },
);

const DeadLetterFilter = {
  kind: Type.Optional(DeadLetterKind),
  task: Type.Optional(Slug),
  origin: Type.Optional(Origin),
};

export const DeadLetterListQuery = Body({
  ...PageQuery,
  ...DeadLetterFilter,
  state: Type.Optional(DeadLetterState),
});
export type DeadLetterListQuery = Static<typeof DeadLetterListQuery>;

const DeadLetterId = Type.String({ minLength: 1, maxLength: 100 });

export const DeadLetterReplayRequest = Body(
  {
    ids: Type.Optional(Type.Array(DeadLetterId, { minItems: 1, maxItems: 1000 })),
    filter: Type.Optional(Body(DeadLetterFilter, { description: 'Instead of `ids`; `{}` = all that wait.' })),
    edits: Type.Optional(
      Type.Array(
        Body({
          id: DeadLetterId,
          input: Type.Unknown({
            description:
              'Of a job’s letter: the new `input`. Of any other: the new content, as JSON; a text goes as it is.',
          }),
        }),
        { maxItems: 1000 },
      ),
    ),
  },
  { $id: 'DeadLetterReplayRequest' },
);
export type DeadLetterReplayRequest = Static<typeof DeadLetterReplayRequest>;

export const DeadLetterReplay = Type.Object(
  {
    replayed: Type.Integer(),
    refused: Type.Array(Type.Object({ id: Type.String(), code: Type.String(), detail: Type.String() })),
    more: Type.Boolean({ description: 'More letters match the filter: ask again.' }),
  },
  { $id: 'DeadLetterReplay' },
);
export type DeadLetterReplay = Static<typeof DeadLetterReplay>;

export const DeadLetterDiscardRequest = Body(
  { reason: Type.Optional(Type.String({ minLength: 1, maxLength: 1000 })) },
  { $id: 'DeadLetterDiscardRequest' },
);
