import { type Static, Type } from 'typebox';
import { Slug, Timestamp } from './common.ts';

const NullableTime = Type.Union([Timestamp, Type.Null()]);

/** When a task is trained again by itself, and where it stands. */
export const Retraining = Type.Object(
  {
    task: Slug,
    mode: Type.Union([Type.Literal('auto'), Type.Literal('off')]),
    new_labels: Type.Integer({ description: 'Labels that no run has learnt from.' }),
    needed: Type.Integer({ description: 'New labels at which a run starts. Doubled by each run that did not pay.' }),
    reason: Type.String({ description: 'What is waited for now, in plain words.' }),
    next_check: Type.Union([Timestamp, Type.Null()], { description: 'At the latest; null when it is off.' }),
    last_run: Type.Union([
      Type.Object({
        id: Type.String(),
        status: Type.String(),
        requested_by: Type.String(),
        model_version: Type.Union([Type.String(), Type.Null()]),
        promotion: Type.Union([Type.Object({ promoted: Type.Boolean(), reason: Type.String() }), Type.Null()]),
        created_at: Timestamp,
        finished_at: NullableTime,
      }),
      Type.Null(),
    ]),
    last_decision: Type.Union(
      [Type.Object({ run: Type.String(), at: Timestamp, reason: Type.String() }), Type.Null()],
      { description: 'The last run that the policy began, and why.' },
    ),
  },
  { $id: 'Retraining' },
);
export type Retraining = Static<typeof Retraining>;
