import { Type } from 'typebox';
import { Body, Slug, Timestamp } from './common.ts';

export const AliasAssignment = Type.Object({ alias: Type.String(), version: Type.String() });

export const Model = Type.Object(
  {
    model: Slug,
    latest_version: Type.String(),
    aliases: Type.Array(AliasAssignment),
    created_at: Timestamp,
  },
  { $id: 'Model' },
);

export const ModelList = Type.Object(
  { data: Type.Array(Type.Ref('Model')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'ModelList' },
);

export const ModelVersion = Type.Object(
  {
    model: Slug,
    version: Type.String(),
    aliases: Type.Array(Type.String()),
    labels: Type.Array(Type.String()),
    artifact: Type.Object({
      format: Type.String(),
      sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
      bytes: Type.Integer(),
    }),
    lineage: Type.Object({
      task_id: Type.String(),
      task_revision: Type.Integer(),
      training_run: Type.String(),
      dataset: Type.String(),
      trainer: Type.String(),
      parameters: Type.Record(Type.String(), Type.Unknown()),
      seed: Type.Integer(),
      code_version: Type.String(),
    }),
    metrics: Type.Record(Type.String(), Type.Unknown()),
    certification: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()], {
      description: 'null = never certified: every answer of this version goes to a person.',
    }),
    created_at: Timestamp,
  },
  { $id: 'ModelVersion' },
);

export const ModelVersionList = Type.Object(
  { data: Type.Array(Type.Ref('ModelVersion')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'ModelVersionList' },
);

export const AliasRequest = Body(
  {
    version: Type.String({ pattern: '^[1-9]\\d{0,8}$' }),
    reason: Type.Optional(Type.String({ maxLength: 2000 })),
  },
  { $id: 'AliasRequest' },
);

export const Alias = Type.Object({ model: Slug, alias: Type.String(), version: Type.String() }, { $id: 'Alias' });

export const AliasHistory = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        alias: Type.String(),
        version: Type.Union([Type.String(), Type.Null()]),
        previous: Type.Union([Type.String(), Type.Null()]),
        reason: Type.String(),
        evidence: Type.Record(Type.String(), Type.Unknown()),
        by: Type.String(),
        at: Timestamp,
      }),
    ),
  },
  { $id: 'AliasHistory' },
);
