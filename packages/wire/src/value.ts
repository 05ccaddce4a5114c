import { type Static, Type } from 'typebox';
import { Body, Slug, Timestamp } from './common.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const Rate = Nullable(Type.Number());
const Words = Nullable(Type.String({ description: 'Why a figure is missing or how far it may be trusted.' }));

/** Money that may be negative: a saving can be a loss. Null where currencies are mixed or the evidence is too thin. */
const Amount = Nullable(Type.String({ pattern: '^-?\\d{1,20}(\\.\\d{1,6})?$' }));

const buckets = [Type.Literal('hour'), Type.Literal('day'), Type.Literal('week'), Type.Literal('month')] as const;

const window = {
  task: Type.Optional(Slug),
  from: Type.Optional(
    Type.String({ format: 'date-time', description: 'Decisions from this hour on (UTC, rounded down).' }),
  ),
  to: Type.Optional(
    Type.String({ format: 'date-time', description: 'Decisions before this hour (UTC, rounded up). Absent = now.' }),
  ),
};

export const ValueQuery = Body({
  ...window,
  bucket: Type.Optional(Type.Union([...buckets], { description: 'Absent = chosen by the length of the window.' })),
  format: Type.Optional(
    Type.Union([Type.Literal('json'), Type.Literal('csv')], { description: '`csv`, as `Accept: text/csv` does.' }),
  ),
});
export type ValueQuery = Static<typeof ValueQuery>;

/** Counts and money of one task, of a stretch of time, or of all together. */
const figures = {
  decisions: Count,
  automated: Count,
  automation_rate: Rate,
  human_touch_rate: Type.Union([Type.Number(), Type.Null()], {
    description: '(Left to people + audited) / all. Neither rate replaces the other.',
  }),
  currency: Nullable(Type.String({ description: 'Null: the tasks have different ones, see `currencies`.' })),
  error_rate: Type.Object(
    {
      estimate: Rate,
      low: Rate,
      high: Rate,
      audited: Count,
      wrong: Count,
      confidence: Type.Number(),
      method: Type.String(),
      note: Words,
    },
    { description: 'Share of automated decisions that were wrong, from the blind audit alone.' },
  ),
  cost: Type.Object({
    model: Amount,
    api: Amount,
    reviewer: Amount,
    reviewer_minutes: Type.Number(),
    audit: Amount,
    audit_minutes: Type.Number(),
    infrastructure: Amount,
    errors: Amount,
    total: Amount,
  }),
  work: Type.Object(
    {
      verdicts: Count,
      verdicts_without_time: Count,
      waiting: Count,
      by_hand: Count,
      audit_verdicts: Count,
      audit_verdicts_without_time: Count,
    },
    {
      description: 'What the minutes are made of. `waiting` and `by_hand` items count with the task’s minutes by hand.',
    },
  ),
  baseline: Type.Object({ minutes: Type.Number(), cost: Amount }),
  savings: Type.Object({
    amount: Amount,
    rate: Rate,
    low: Type.Union([Type.Number(), Type.Null()], { description: 'The rate, were the error at its high end.' }),
    high: Rate,
    amount_low: Amount,
    amount_high: Amount,
    note: Words,
  }),
};

const ValueEconomics = Type.Object({
  currency: Type.String(),
  minutes_per_item: Type.Number(),
  cost_per_hour: Type.String(),
  cost_of_error: Type.String(),
  infrastructure_per_month: Type.String(),
});

export const ValueTask = Type.Object(
  { task: Slug, task_id: Type.String(), title: Type.String(), ...figures, economics: ValueEconomics },
  { $id: 'ValueTask' },
);
export type ValueTask = Static<typeof ValueTask>;

export const ValueBucket = Type.Object({ from: Timestamp, to: Timestamp, ...figures }, { $id: 'ValueBucket' });
export type ValueBucket = Static<typeof ValueBucket>;

export const ValueReport = Type.Object(
  {
    task: Nullable(Slug),
    from: Timestamp,
    to: Timestamp,
    bucket: Type.Union([...buckets]),
    generated_at: Timestamp,
    ...figures,
    currencies: Type.Array(
      Type.Object({
        currency: Type.String(),
        baseline: Amount,
        total: Amount,
        savings: Amount,
        rate: Rate,
      }),
      { description: 'The totals of each currency.' },
    ),
    tasks: Type.Array(Type.Ref('ValueTask')),
    buckets: Type.Array(Type.Ref('ValueBucket'), { description: 'Those with decisions, oldest first.' }),
    evidence: Type.Object({
      ledger_head: Type.String(),
      ledger_size: Type.Integer({ description: 'Commits of the ledger that the figures have seen.' }),
      rows: Type.Integer({ description: 'Ledger rows that the figures rest on: decisions and their labels.' }),
      decisions_without_task: Type.Integer({ description: 'Of deleted tasks: not priced and in no figure.' }),
      audits_expected: Type.Number({ description: 'How many audits the recorded probabilities add up to.' }),
      audits_done: Type.Integer(),
    }),
    method: Type.Record(Type.String(), Type.String(), {
      description: 'How each figure was computed, in plain words.',
    }),
    notes: Type.Array(Type.String()),
  },
  { $id: 'ValueReport' },
);
export type ValueReport = Omit<Static<typeof ValueReport>, 'tasks' | 'buckets'> & {
  tasks: ValueTask[];
  buckets: ValueBucket[];
};
export type ValueFigures = Pick<ValueTask, keyof typeof figures>;

export const ReplayRequest = Body(
  {
    from: Type.Optional(Type.String({ format: 'date-time', description: 'Absent = the first decision.' })),
    to: Type.Optional(Type.String({ format: 'date-time', description: 'Absent = now.' })),
    what: Type.Optional(
      Body(
        {
          max_error: Type.Optional(Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 })),
          confidence: Type.Optional(Type.Number({ exclusiveMinimum: 0.5, exclusiveMaximum: 1 })),
          model_version: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
          threshold: Type.Optional(Type.Number({ minimum: 0, maximum: 1 })),
        },
        { description: 'What to change. Nothing: every recorded decision is made again and compared.' },
      ),
    ),
  },
  { $id: 'ReplayRequest' },
);
export type ReplayRequest = Static<typeof ReplayRequest>;

const ReplaySide = Type.Object({
  decisions: Count,
  automated: Count,
  automation_rate: Rate,
  error_rate: Type.Object({
    estimate: Rate,
    low: Rate,
    high: Rate,
    labelled: Count,
    wrong: Count,
    note: Words,
  }),
  expected_errors: Rate,
  cost: Type.Object({ currency: Type.String(), model: Amount, reviewer: Amount, errors: Amount, total: Amount }),
  queue: Type.Object({
    items: Count,
    audits: Type.Number({ description: 'Expected: the audit probabilities added up.' }),
    minutes: Type.Number({ description: 'Items and audits × minutes a verdict.' }),
    busiest_day: Nullable(Type.Object({ day: Type.String(), items: Count, minutes: Type.Number() })),
  }),
});

export const ReplayResult = Type.Object(
  {
    history: ReplaySide,
    replayed: ReplaySide,
    configuration: Type.Array(
      Type.Object({
        model_version: Nullable(Type.String()),
        threshold: Nullable(Type.Number()),
        status: Type.String(),
        decisions: Count,
        note: Words,
      }),
      { description: 'Under what the decisions were made again.' },
    ),
    compared: Type.Object({
      identical: Count,
      different: Count,
      newly_automated: Count,
      newly_reviewed: Count,
      other_label: Count,
      differences: Type.Array(
        Type.Object({
          decision: Type.String(),
          field: Type.String(),
          recorded: Type.Unknown(),
          replayed: Type.Unknown(),
        }),
        { description: 'The first ones.' },
      ),
    }),
    minutes_per_verdict: Type.Number({ description: 'As measured in the window; by hand where too few are.' }),
    rescored: Count,
    erased: Type.Integer({ description: 'Their input is gone: taken as recorded, or left to people.' }),
    unavailable: Type.Integer({ description: 'No model that could score them: likewise.' }),
    decisions_per_second: Type.Integer(),
    evidence: Type.Object({ ledger_head: Type.String(), ledger_size: Type.Integer() }),
    method: Type.Array(Type.String()),
  },
  { $id: 'ReplayResult' },
);
export type ReplayResult = Static<typeof ReplayResult>;
export type ReplaySide = Static<typeof ReplaySide>;

const statuses = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export const Replay = Type.Object(
  {
    id: Type.String(),
    task: Slug,
    status: Type.Union(statuses.map((status) => Type.Literal(status))),
    progress: Type.Object({
      done: Count,
      total: Nullable(Count),
      unit: Type.String(),
      eta_seconds: Nullable(Type.Integer()),
    }),
    from: Type.Union([Timestamp, Type.Null()]),
    to: Timestamp,
    what: Type.Object({
      max_error: Nullable(Type.Number()),
      confidence: Nullable(Type.Number()),
      model_version: Nullable(Type.String()),
      threshold: Nullable(Type.Number()),
    }),
    result: Nullable(Type.Ref('ReplayResult')),
    error: Nullable(Type.Object({ code: Type.String(), detail: Type.String() })),
    requested_by: Type.String(),
    created_at: Timestamp,
    started_at: Nullable(Timestamp),
    finished_at: Nullable(Timestamp),
  },
  { $id: 'Replay' },
);

export const ReplayList = Type.Object(
  { data: Type.Array(Type.Ref('Replay')), next_cursor: Nullable(Type.String()) },
  { $id: 'ReplayList' },
);
