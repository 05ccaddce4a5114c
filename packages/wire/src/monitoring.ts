import { type Static, Type } from 'typebox';
import { Body, PageQuery, Slug, Timestamp } from './common.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const Count = Type.Integer({ minimum: 0 });
const Share = Type.Number({ minimum: 0, maximum: 1 });
const OneOf = <const V extends readonly string[]>(values: V) =>
  Type.Unsafe<V[number]>(Type.Union(values.map((value) => Type.Literal(value))));
const refTo = <T>(id: string) => Type.Unsafe<T>(Type.Ref(id));

/** An estimated share. `estimate` is null where nothing is known; the interval then is 0…1. */
export const Estimate = Type.Object(
  {
    estimate: Nullable(Share),
    low: Share,
    high: Share,
    method: Type.String({ description: 'How the interval was computed.' }),
  },
  { $id: 'Estimate' },
);
export type Estimate = Static<typeof Estimate>;

export const AuditedError = Type.Object(
  {
    estimate: Nullable(Share),
    low: Share,
    high: Share,
    method: Type.String(),
    audited: { ...Count, description: 'Automated decisions that the audit lane drew and a person has labelled.' },
    wrong: { ...Count, description: 'Those of them that were wrong.' },
    drawn: Count,
    pending: { ...Count, description: 'Drawn, and not labelled yet.' },
    unaudited: { ...Count, description: 'Automated decisions made while no audit lane ran: no figure covers them.' },
    corrected: Type.Optional(
      Nullable(
        Type.Object(
          {
            estimate: Share,
            low: Share,
            high: Share,
            reviewer_error: { ...Share, description: 'The share of gold items that reviewers answered wrong.' },
            based_on: { ...Count, description: 'Answers to gold items (of the last 90 days) that this is known from.' },
          },
          {
            description:
              'The same without the reviewers’ own errors (Rogan and Gladen; interval of Lang and Reiczigel, for one look). Of the whole window of one task only; null where no gold item was answered.',
          },
        ),
      ),
    ),
  },
  { $id: 'AuditedError', description: 'The share of automated decisions that were wrong, from the audit lane.' },
);
export type AuditedError = Static<typeof AuditedError>;

const counts = {
  decisions: Count,
  automated: Count,
  review: Count,
  automation_rate: Nullable(Share),
  /** (left to a person + drawn for audit) / all. */
  human_touch_rate: Nullable(Share),
  audited_error: refTo<AuditedError>('AuditedError'),
  answered: { ...Count, description: 'Decisions left to a person that a person has answered.' },
  waiting: { ...Count, description: 'Decisions that wait for a person: unanswered reviews and audits.' },
  suggestion_error: refTo<Estimate>('Estimate'),
};

export const QualityGroup = Type.Object(
  {
    key: Type.String({
      description: 'The label, model version, reason, band (`0.90-0.92`) or start of the time bucket.',
    }),
    from: Timestamp,
    to: Timestamp,
    ...counts,
  },
  { $id: 'QualityGroup' },
);
export type QualityGroup = Static<typeof QualityGroup>;

export const LabelQuality = Type.Object(
  {
    label: Type.String(),
    precision: refTo<Estimate>('Estimate'),
    recall: refTo<Estimate>('Estimate'),
    f1: refTo<Estimate>('Estimate'),
    automated_precision: refTo<Estimate>('Estimate'),
    answered: { ...Count, description: 'Decisions answered with, or suggested as, this label.' },
    automated: Count,
    known: { ...Count, description: 'Labelled rows of this answer or of this truth that the figures rest on.' },
  },
  {
    $id: 'LabelQuality',
    description:
      'How good the model’s word for one label is over everything it saw: its automated answers (from the audits, weighted) and its suggestions (from the reviews).',
  },
);
export type LabelQuality = Static<typeof LabelQuality>;

export const QUALITY_GROUPINGS = ['label', 'model_version', 'reason', 'band', 'day', 'hour'] as const;
export type QualityGrouping = (typeof QUALITY_GROUPINGS)[number];

const Window = {
  from: Type.Optional(
    Type.String({ format: 'date-time', description: 'Rounded down to the hour. Default: 30 days before `to`.' }),
  ),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Rounded up to the hour. Default: now.' })),
};

const Interval = Type.Optional(
  Type.Union([Type.Literal('anytime'), Type.Literal('fixed')], {
    description:
      '`anytime` (default): holds however often it is looked at. `fixed`: shorter, for a figure that is looked at once.',
  }),
);

export const QualityQuery = Body({
  ...Window,
  by: Type.Optional(OneOf(QUALITY_GROUPINGS)),
  interval: Interval,
  confidence: Type.Optional(
    Type.Number({ minimum: 0.5, maximum: 0.9999, description: 'Of the intervals. Default: that of the error budget.' }),
  ),
});
export type QualityQuery = Static<typeof QualityQuery>;

const Milliseconds = Nullable(Type.Number({ minimum: 0 }));

export const Quality = Type.Object(
  {
    task: Slug,
    from: Timestamp,
    to: Timestamp,
    interval: OneOf(['anytime', 'fixed']),
    confidence: Type.Number(),
    error_budget: Type.Object({ max_error: Type.Number(), confidence: Type.Number() }),
    total: Type.Object(counts),
    by: Nullable(OneOf(QUALITY_GROUPINGS)),
    groups: Type.Array(refTo<QualityGroup>('QualityGroup')),
    labels: Type.Array(refTo<LabelQuality>('LabelQuality')),
    confusion: Type.Array(
      Type.Object({
        answered: Nullable(Type.String()),
        truth: Type.String(),
        lane: OneOf(['audited', 'reviewed']),
        rows: Count,
        decisions: Type.Number({ description: 'How many decisions of the window these rows stand for.' }),
      }),
      { description: 'Wrong answers and suggestions, most frequent first (at most 100).' },
    ),
    confidence_distribution: Type.Array(Type.Object({ low: Share, high: Share, automated: Count, review: Count })),
    latency_ms: Type.Object({ p50: Milliseconds, p95: Milliseconds, p99: Milliseconds }),
    throughput_per_hour: Type.Number({
      description: 'Decisions an hour, over the hours of the window that have passed.',
    }),
    labels_by_source: Type.Record(Type.String(), Count),
    seconds: Type.Object({ reviewer: Type.Number(), audit: Type.Number() }),
    evidence: Type.Object({ ledger_size: Count }, { description: 'Commits of the ledger that the figures rest on.' }),
    method: Type.String(),
  },
  { $id: 'Quality' },
);
export type Quality = Static<typeof Quality>;

export const OVERVIEW_BUCKETS = ['ten_seconds', 'minute', 'hour', 'day', 'week', 'month'] as const;

export const OverviewQuery = Body({
  ...Window,
  bucket: Type.Optional(
    Type.Unsafe<(typeof OVERVIEW_BUCKETS)[number]>({
      ...OneOf(OVERVIEW_BUCKETS),
      description:
        'Default: day. `minute` (windows up to 6 hours) and `ten_seconds` (up to 1 hour) reach back 12 hours, cover that much by default, and round the window to themselves instead of to hours.',
    }),
  ),
  interval: Interval,
});
export type OverviewQuery = Static<typeof OverviewQuery>;

export const OverviewPoint = Type.Object(
  { from: Timestamp, to: Timestamp, ...counts },
  { $id: 'OverviewPoint', description: 'Buckets without a decision are left out.' },
);
export type OverviewPoint = Static<typeof OverviewPoint>;

export const OverviewTask = Type.Object(
  {
    task: Slug,
    title: Type.String(),
    error_budget: Type.Object({ max_error: Type.Number(), confidence: Type.Number() }),
    within_budget: Nullable(
      Type.Boolean({
        description: 'True: the whole interval lies within the budget; false: beyond it; null: too little evidence.',
      }),
    ),
    certificate: Nullable(
      Type.Object({ id: Type.String(), status: Type.String(), model_version: Type.String(), at: Timestamp }),
    ),
    queue: Type.Object({ waiting: Count, review: Count, audit: Count }, { description: 'Over all time, now.' }),
    open_alerts: Count,
    total: Type.Object(counts),
    series: Type.Array(refTo<OverviewPoint>('OverviewPoint')),
  },
  { $id: 'OverviewTask' },
);
export type OverviewTask = Static<typeof OverviewTask>;

export const Overview = Type.Object(
  {
    from: Timestamp,
    to: Timestamp,
    bucket: OneOf(OVERVIEW_BUCKETS),
    interval: OneOf(['anytime', 'fixed']),
    confidence: Type.Number({ description: 'Of the intervals over all tasks; each task has that of its budget.' }),
    total: Type.Object(counts),
    queue: Type.Object({ waiting: Count, review: Count, audit: Count }),
    open_alerts: Count,
    series: Type.Array(refTo<OverviewPoint>('OverviewPoint')),
    tasks: Type.Array(refTo<OverviewTask>('OverviewTask')),
    evidence: Type.Object({ ledger_size: Count }),
    method: Type.String(),
  },
  { $id: 'Overview' },
);
export type Overview = Static<typeof Overview>;

export const ALERT_KINDS = [
  'error_budget_exceeded',
  'uncertified_error',
  'audit_backlog',
  'review_backlog',
  'webhook_disabled',
] as const;
export type AlertKind = (typeof ALERT_KINDS)[number];

export const Alert = Type.Object(
  {
    id: Type.String(),
    task: Type.Union([Slug, Type.Null()], { description: 'Null: about the workspace.' }),
    kind: OneOf(ALERT_KINDS),
    severity: OneOf(['critical', 'warning']),
    open: Type.Boolean(),
    summary: Type.String(),
    /** What it rests on: for a suspension the certificate, audited rows, errors, e-value and decision ids. */
    evidence: Type.Record(Type.String(), Type.Unknown()),
    opened_at: Timestamp,
    resolved_at: Nullable(Timestamp),
    resolution: Nullable(Type.String()),
    acknowledged: Nullable(Type.Object({ at: Timestamp, by: Type.String(), note: Nullable(Type.String()) })),
  },
  { $id: 'Alert' },
);
export type Alert = Static<typeof Alert>;

export const AlertList = Type.Object(
  { data: Type.Array(refTo<Alert>('Alert')), next_cursor: Nullable(Type.String()) },
  { $id: 'AlertList', description: 'Newest first.' },
);
export type AlertList = Static<typeof AlertList>;

export const AlertQuery = Body({
  ...PageQuery,
  task: Type.Optional(Slug),
  open: Type.Optional(Type.Boolean({ description: 'Only those that are open, or only those that are not.' })),
});
export type AlertQuery = Static<typeof AlertQuery>;

export const AcknowledgeRequest = Body(
  { note: Type.Optional(Type.String({ maxLength: 4000 })) },
  { $id: 'AcknowledgeRequest' },
);
export type AcknowledgeRequest = Static<typeof AcknowledgeRequest>;
