import { Type } from 'typebox';
import { Body, Named, Slug, Timestamp } from './common.ts';

export const TrainingRunRequest = Body(
  {
    trainer: Type.Optional(
      Type.String({ maxLength: 50, default: 'auto', description: '`auto` tries all and keeps the best; or a name.' }),
    ),
    dataset: Type.Optional(
      Type.String({
        pattern: '^sha256:[0-9a-f]{64}$',
        description: 'Absent = a snapshot of all examples as they stand.',
      }),
    ),
    parameters: Type.Optional(Named(Type.Unknown(), { most: 50, longest: 100 })),
    seed: Type.Optional(Type.Integer({ minimum: 0, maximum: 2_147_483_647, default: 1 })),
    promote: Type.Optional(Type.Union([Type.Literal('never'), Type.Literal('if_better')], { default: 'if_better' })),
  },
  { $id: 'TrainingRunRequest' },
);

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);

export const Progress = Type.Object(
  {
    done: Type.Number(),
    total: Type.Number(),
    unit: Type.String(),
    eta_seconds: Nullable(Type.Integer()),
    phase: Type.String(),
    detail: Nullable(Type.String()),
  },
  { $id: 'Progress' },
);

export const TrainingRun = Type.Object(
  {
    id: Type.String(),
    task: Slug,
    status: Type.Union(['queued', 'running', 'succeeded', 'failed', 'cancelled'].map((status) => Type.Literal(status))),
    progress: Type.Ref('Progress'),
    trainer: Type.String({ description: 'As asked for.' }),
    chosen_trainer: Nullable(Type.String()),
    dataset: Nullable(Type.String()),
    parameters: Type.Record(Type.String(), Type.Unknown()),
    seed: Type.Integer(),
    promote: Type.String(),
    metrics: Nullable(
      Type.Record(Type.String(), Type.Unknown(), {
        description:
          'accuracy, macro_f1, per_label[], confusion, log_loss, expected_calibration_error, reliability[], worst_mistakes[], duration_seconds, peak_memory_bytes, …',
      }),
    ),
    model_version: Nullable(Type.String()),
    promotion: Nullable(Type.Object({ promoted: Type.Boolean(), reason: Type.String() })),
    error: Nullable(Type.Object({ code: Type.String(), detail: Type.String() })),
    log: Type.Array(Type.String()),
    attempts: Type.Integer(),
    cancel_requested: Type.Boolean(),
    requested_by: Type.String({ description: 'Id of the key or member, or `policy`.' }),
    reason: Nullable(Type.String({ description: 'Why the task’s policy began it; null when somebody asked for it.' })),
    created_at: Timestamp,
    started_at: Nullable(Timestamp),
    finished_at: Nullable(Timestamp),
  },
  { $id: 'TrainingRun' },
);

export const TrainingRunList = Type.Object(
  { data: Type.Array(Type.Ref('TrainingRun')), next_cursor: Nullable(Type.String()) },
  { $id: 'TrainingRunList' },
);
