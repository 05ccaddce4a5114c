import { type Static, Type } from 'typebox';
import { Body, Money, Slug, Timestamp } from './common.ts';

export const Label = Body({
  name: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\u0000-\\u001f]+$' }),
  description: Type.Optional(Type.String({ maxLength: 4000 })),
});

export const ErrorBudget = Body({
  max_error: Type.Number({ exclusiveMinimum: 0, exclusiveMaximum: 1 }),
  confidence: Type.Number({ exclusiveMinimum: 0.5, exclusiveMaximum: 1 }),
});

export const Economics = Body({
  currency: Type.String({ pattern: '^[A-Z]{3}$' }),
  minutes_per_item: Type.Number({ minimum: 0, maximum: 10000 }),
  cost_per_hour: Money,
  cost_of_error: Money,
  infrastructure_per_month: Type.Optional(
    Type.String({
      pattern: '^\\d{1,12}(\\.\\d{1,9})?$',
      description: 'Share of servers and services, stated for the value report. Default 0.00.',
    }),
  ),
});

export const Automation = Type.Union([
  Body({ mode: Type.Literal('certified') }),
  Body({
    mode: Type.Literal('uncertified'),
    min_confidence: Type.Number({ minimum: 0, maximum: 1 }),
  }),
  Body({ mode: Type.Literal('off') }),
]);

const Rate = Type.Number({ minimum: 0, maximum: 1 });

export const AuditLane = Body({
  rate: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Share of automated decisions that a person checks without seeing the answer.',
  }),
  near_threshold_rate: Type.Optional(
    Type.Number({ minimum: 0, maximum: 1, description: 'Share in the lower half of the scores above the threshold.' }),
  ),
});

export const CertificationSettings = Body({
  imports: Type.Union([Type.Literal('random_sample'), Type.Literal('excluded')], {
    description:
      'Whether imported examples are a random sample of what will be decided. Only then may they certify, and the certificate says that it assumes so.',
  }),
  window_days: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 36_500, description: 'Labels older than this do not certify.' }),
  ),
});

export const RetrainingPolicy = Body({
  mode: Type.Union([Type.Literal('auto'), Type.Literal('off')]),
  min_new_labels: Type.Integer({ minimum: 1, maximum: 1_000_000 }),
  min_new_share: Type.Number({
    minimum: 0,
    maximum: 10,
    description: 'New labels as a share of the rows that the champion learnt from.',
  }),
  min_hours_between: Type.Number({ minimum: 0, maximum: 8760 }),
});

export const ReviewSettings = Body({
  hide_suggestions: Type.Number({
    minimum: 0,
    maximum: 1,
    description: 'Share of review items that are shown without the model’s suggestion.',
  }),
  double_review_rate: Rate,
  gold_rate: Rate,
  lease_seconds: Type.Integer({ minimum: 10, maximum: 86_400 }),
  idle_limit_seconds: Type.Integer({
    minimum: 5,
    maximum: 3600,
    description: 'No verdict counts for more working time than this.',
  }),
});

export const InputField = Body({
  type: Type.Literal('string'),
  max_length: Type.Optional(Type.Integer({ minimum: 1, maximum: 10_000_000 })),
});

/** The body of `PUT /v1/tasks/{task}`. Everything but `kind` and `labels` has a default. */
export const TaskDefinition = Body(
  {
    kind: Type.Literal('text_classification'),
    labels: Type.Array(Label, { minItems: 1, maxItems: 1000 }),
    title: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    input: Type.Optional(Body({ text: InputField })),
    error_budget: Type.Optional(ErrorBudget),
    economics: Type.Optional(Economics),
    automation: Type.Optional(Automation),
    audit: Type.Optional(AuditLane),
    certification: Type.Optional(CertificationSettings),
    retraining: Type.Optional(RetrainingPolicy),
    review: Type.Optional(ReviewSettings),
    instructions: Type.Optional(Type.String({ maxLength: 100_000 })),
    personal_data: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 })),
    sensitive_attributes: Type.Optional(Type.Array(Type.String({ maxLength: 200 }), { maxItems: 100 })),
    retention_days: Type.Optional(Type.Integer({ minimum: 1, maximum: 36_500 })),
    owner: Type.Optional(Type.String({ maxLength: 200 })),
  },
  { $id: 'TaskDefinition' },
);
export type TaskDefinition = Static<typeof TaskDefinition>;

export const Task = Type.Object(
  {
    ...Type.Required(TaskDefinition).properties,
    id: Type.String(),
    task: Slug,
    revision: Type.Integer({ minimum: 1, description: 'Grows when labels or input change.' }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Task' },
);
export type Task = Static<typeof Task>;

export const TaskList = Type.Object(
  { data: Type.Array(Type.Ref('Task')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'TaskList' },
);
