import { type Static, Type } from 'typebox';
import { Body, Money, Named, Slug, Timestamp } from './common.ts';

const Attributes = Named(Type.Union([Type.String({ maxLength: 2000 }), Type.Number(), Type.Boolean(), Type.Null()]), {
  description: 'Facts about the item that are not input, e.g. for bias audits.',
});

/** An item as it can be decided later, when nobody waits for an explanation. */
export const JobItemFields = {
  input: Body({ text: Type.String() }),
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: 500, description: 'Whom or what the item is about.' })),
  external_id: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  attributes: Type.Optional(Attributes),
};

const ItemFields = {
  ...JobItemFields,
  explain: Type.Optional(Type.Boolean({ default: false })),
};

export const PredictionRequest = Body(ItemFields, { $id: 'PredictionRequest' });
export type PredictionRequest = Static<typeof PredictionRequest>;

export const BatchRequest = Body(
  { items: Type.Array(Type.Ref('PredictionRequest'), { minItems: 1, maxItems: 1000 }) },
  { $id: 'BatchRequest' },
);

export const Candidate = Type.Object({ label: Type.String(), score: Type.Number() }, { $id: 'Candidate' });

export const ReviewReason = Type.Union(
  ['below_threshold', 'not_certified', 'automation_off', 'no_model', 'model_unavailable', 'audit'].map((reason) =>
    Type.Literal(reason),
  ),
);

export const ExplanationBody = Type.Object(
  {
    method: Type.String(),
    label: Type.String(),
    score: Type.Number(),
    unit: Type.String(),
    bias: Type.Number(),
    features: Type.Array(
      Type.Object({
        name: Type.String(),
        weight: Type.Number(),
        span: Type.Optional(
          Type.Array(Type.Integer(), {
            minItems: 2,
            maxItems: 2,
            description: '[start, end) in UTF-16 code units of the input text.',
          }),
        ),
      }),
    ),
    remainder: Type.Number({ description: 'Contributions not listed: score = bias + Σ weight + remainder.' }),
  },
  { $id: 'Explanation' },
);

/** A decision as the caller gets it. `outcome: review` never carries a label, so that it cannot be applied by accident. */
export const Decision = Type.Object(
  {
    id: Type.String(),
    task: Slug,
    outcome: Type.Union([Type.Literal('automated'), Type.Literal('review')]),
    label: Type.Union([Type.String(), Type.Null()]),
    confidence: Type.Union([Type.Number(), Type.Null()]),
    threshold: Type.Union([Type.Number(), Type.Null()]),
    automation: Type.Union([Type.Literal('certified'), Type.Literal('uncertified'), Type.Literal('off')]),
    suggestion: Type.Optional(
      Type.Union([Type.Object({ label: Type.String(), confidence: Type.Number() }), Type.Null()]),
    ),
    review: Type.Optional(Type.Object({ item: Type.Union([Type.String(), Type.Null()]), reason: ReviewReason })),
    candidates: Type.Array(Type.Object({ label: Type.String(), score: Type.Number() })),
    decided_by: Type.Union([
      Type.Object({ rung: Type.String(), model: Type.String(), version: Type.String() }),
      Type.Null(),
    ]),
    external_id: Type.Optional(Type.String()),
    created_at: Timestamp,
    cost: Type.Object({ amount: Money, currency: Type.String() }),
    explanation: Type.Optional(Type.Ref('Explanation')),
  },
  { $id: 'Decision' },
);
export type Decision = Static<typeof Decision>;

export const BatchResponse = Type.Object({ decisions: Type.Array(Type.Ref('Decision')) }, { $id: 'BatchResponse' });
