import { type Static, Type } from 'typebox';
import { Body, Timestamp } from './common.ts';
import { ErrorBudget } from './tasks.ts';

const Nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const Share = Type.Number({ description: '0…1' });

const Needed = Type.Object({
  labels: Nullable(
    Type.Integer({ description: 'Labelled rows for certification at the observed error; null: no number would do.' }),
  ),
  reason: Type.String(),
});

/** What allows the model in use to answer alone, or why nothing does. */
export const Certification = Type.Object(
  {
    status: Type.Union([Type.Literal('certified'), Type.Literal('not_certifiable_yet'), Type.Literal('suspended')]),
    in_force: Type.Boolean({
      description: 'Whether decisions are automated by it now: certified, for the present budget, labels and version.',
    }),
    threshold: Nullable(Type.Number()),
    max_error: Type.Number(),
    confidence: Type.Number(),
    evidence: Type.Object(
      {
        labelled: Type.Integer(),
        accepted: Type.Integer(),
        errors: Type.Integer(),
        p_value: Nullable(Type.Number()),
        method: Nullable(Type.String()),
      },
      { additionalProperties: true },
    ),
    expected_coverage: Nullable(Share),
    needed: Type.Optional(Needed),
    certified_at: Nullable(Timestamp),
    valid_for: Nullable(Type.Object({ model_version: Type.String(), dataset: Type.String() })),
    certificate: Nullable(Type.String({ description: 'Id of the certificate.' })),
    rows_digest: Nullable(Type.String({ description: 'SHA-256 over the labelled rows that it rests on.' })),
    score: Nullable(
      Type.String({ description: 'How an answer becomes the number that is compared with the threshold.' }),
    ),
    assumptions: Type.Array(Type.String()),
    suspension: Nullable(
      Type.Object({ at: Timestamp, reason: Type.String(), evidence: Type.Record(Type.String(), Type.Unknown()) }),
    ),
    curve: Type.Array(Type.Object({ threshold: Type.Number(), coverage: Share, error: Share }), {
      description: 'The certify rows at each threshold: share accepted, and share of wrong ones among these.',
    }),
  },
  { $id: 'Certification' },
);
export type Certification = Static<typeof Certification>;

export const PreviewQuery = Body({
  max_error: Type.Optional(ErrorBudget.properties.max_error),
  confidence: Type.Optional(ErrorBudget.properties.confidence),
});

const DialPosition = Type.Object(
  {
    max_error: Type.Number(),
    confidence: Type.Number(),
    status: Type.Union([Type.Literal('certified'), Type.Literal('not_certifiable_yet')]),
    threshold: Nullable(Type.Number()),
    expected_coverage: Share,
    expected_error: Nullable(Type.Number({ description: 'Estimated share of wrong automated answers.' })),
    needed: Type.Optional(Needed),
    per_month: Nullable(
      Type.Object({
        decisions: Type.Number(),
        automated: Type.Number(),
        errors: Type.Number({ description: 'Wrong automated answers, as estimated.' }),
        errors_at_most: Type.Number({ description: 'What the guarantee allows.' }),
        reviewer_minutes: Type.Number(),
        audit_minutes: Type.Number(),
        cost: Type.Object({ amount: Type.String(), currency: Type.String() }),
      }),
    ),
  },
  { $id: 'DialPosition' },
);

/** What to expect of every budget, before one is confirmed. */
export const CertificationPreview = Type.Object(
  {
    present: Type.Ref('DialPosition'),
    asked: Nullable(Type.Ref('DialPosition')),
    dial: Type.Array(Type.Ref('DialPosition')),
    decisions_last_30_days: Nullable(Type.Integer()),
    model_version: Type.String(),
  },
  { $id: 'CertificationPreview' },
);
export { DialPosition };
export type DialPosition = Static<typeof DialPosition>;
