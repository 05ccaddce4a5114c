import { type Static, Type } from 'typebox';
import { Body, Money, PageQuery, Slug, Timestamp } from './common.ts';

const NullableText = Type.Union([Type.String(), Type.Null()]);
const NullableNumber = Type.Union([Type.Number(), Type.Null()]);
const Hash = Type.String({ pattern: '^[0-9a-f]{64}$', description: 'SHA-256, hexadecimal.' });

export const DecisionQuery = Body({
  ...PageQuery,
  task: Type.Optional(Slug),
  outcome: Type.Optional(Type.Union([Type.Literal('automated'), Type.Literal('review')])),
  label: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  model_version: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
  subject: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  external_id: Type.Optional(Type.String({ minLength: 1, maxLength: 500 })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Made at or after this moment.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Made before this moment.' })),
});
export type DecisionQuery = Static<typeof DecisionQuery>;

const recordedFields = {
  id: Type.String(),
  task: Slug,
  task_revision: Type.Integer(),
  outcome: Type.Union([Type.Literal('automated'), Type.Literal('review')]),
  label: NullableText,
  suggestion: Type.Union([Type.Object({ label: Type.String(), confidence: Type.Number() }), Type.Null()]),
  confidence: NullableNumber,
  threshold: NullableNumber,
  automation: Type.Union([Type.Literal('certified'), Type.Literal('uncertified'), Type.Literal('off')]),
  review: Type.Union([Type.Object({ item: NullableText, reason: Type.String() }), Type.Null()]),
  candidates: Type.Array(Type.Object({ label: Type.String(), score: Type.Number() })),
  decided_by: Type.Union([
    Type.Object({ rung: Type.String(), model: Type.String(), version: Type.String() }),
    Type.Null(),
  ]),
  external_id: NullableText,
  subject: NullableText,
  created_at: Timestamp,
  cost: Type.Object({ amount: Money, currency: Type.String() }),
  erased: Type.Boolean({ description: 'The personal data was erased; hashes and proofs still hold.' }),
};

/** A decision in a list: what was answered, by what, and why. */
export const DecisionSummary = Type.Object(recordedFields, { $id: 'DecisionSummary' });
export type DecisionSummary = Static<typeof DecisionSummary>;

export const DecisionList = Type.Object(
  { data: Type.Array(Type.Ref('DecisionSummary')), next_cursor: NullableText },
  {
    $id: 'DecisionList',
    description:
      'Newest first. With filters that have no index a page may be shorter than the limit; the list ends where next_cursor is null.',
  },
);
export type DecisionList = { data: DecisionSummary[]; next_cursor: string | null };

export const DecisionLabel = Type.Object(
  {
    id: Type.String(),
    decision: Type.String(),
    label: Type.String(),
    source: Type.Union(['application', 'appeal', 'reviewer', 'audit', 'import'].map((source) => Type.Literal(source))),
    note: NullableText,
    person: Type.Union([Type.String(), Type.Null()], { description: 'The application’s own user who decided.' }),
    probability: Type.Union([Type.Number(), Type.Null()], {
      description: 'With which probability this decision was to be labelled; null = unknown.',
    }),
    seconds: Type.Union([Type.Number(), Type.Null()], { description: 'The reviewer’s active time.' }),
    item: NullableText,
    echo: Type.Boolean({ description: 'Our own answer, copied back: never counted.' }),
    given_by: Type.String({ description: 'Id of the key or member that gave it.' }),
    created_at: Timestamp,
  },
  { $id: 'DecisionLabel' },
);

/** Everything that the ledger has about one decision. */
export const DecisionDetail = Type.Object(
  {
    ...recordedFields,
    input: Type.Unknown({ description: 'As it was sent; null when erased.' }),
    attributes: Type.Union([Type.Record(Type.String(), Type.Unknown()), Type.Null()]),
    features: Type.Unknown({ description: 'As served; null when the task names none.' }),
    labels: Type.Array(Type.Ref('DecisionLabel'), { description: 'Oldest first.' }),
    labels_conflict: Type.Boolean({ description: 'Not all labels that count say the same.' }),
    truth: Type.Union([Type.String(), Type.Null()], { description: 'The label that counts; null while nobody said.' }),
    audit: Type.Union([Type.Object({ probability: Type.Number() }), Type.Null()]),
    timings: Type.Record(Type.String(), Type.Number(), { description: 'Microseconds by phase.' }),
    request_id: Type.String(),
    trace_id: Type.Union([Type.String(), Type.Null()], { description: 'W3C trace id of the request.' }),
    via: Type.Union(
      [
        Type.Object({
          kind: Type.Union([Type.Literal('job'), Type.Literal('source')]),
          id: Type.String(),
          message: Type.Optional(Type.String({ description: 'Identity of the message, as the source knows it.' })),
        }),
        Type.Null(),
      ],
      { description: 'The job or source that asked; null for a prediction over HTTP.' },
    ),
    certificate: Type.Union([Type.String(), Type.Null()], { description: 'The certificate in force.' }),
    ledger: Type.Object({ commit: Type.Integer(), position: Type.Integer() }),
  },
  { $id: 'DecisionDetail' },
);

export const LabelRequest = Body(
  {
    label: Type.String({ minLength: 1, maxLength: 200 }),
    source: Type.Union([Type.Literal('application'), Type.Literal('appeal')]),
    note: Type.Optional(Type.String({ maxLength: 4000 })),
    person: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 500,
        description:
          'Id of the person in your application who decided. Without one, a label equal to our answer is an echo.',
      }),
    ),
  },
  { $id: 'LabelRequest' },
);
export type LabelRequest = Static<typeof LabelRequest>;

/** Keys whose application feeds labels back. */
export const LabelSourceList = Type.Object(
  {
    data: Type.Array(
      Type.Object({
        given_by: Type.String({ description: 'Id of the key.' }),
        labels: Type.Integer({ description: 'Its labels of decisions to which we had an answer or a suggestion.' }),
        agreed: Type.Integer({ description: 'Those that said what we had said.' }),
        always_agrees: Type.Boolean({
          description:
            'It agrees more often than people who looked could: until it disagrees, its labels that equal our answer are echoes and not counted.',
        }),
      }),
    ),
  },
  { $id: 'LabelSourceList' },
);

export const LedgerHead = Type.Object(
  {
    size: Type.Integer({ description: 'Commits in the log.' }),
    entries: Type.Integer(),
    decisions: Type.Integer(),
    head: Hash,
  },
  {
    $id: 'LedgerHead',
    description: 'The RFC 6962 tree head of the workspace’s log. Keep it to recognise later changes.',
  },
);

export const LedgerProof = Type.Object(
  {
    workspace: Type.String(),
    decision: Type.String(),
    record: Type.String({
      description: 'The canonical JSON (RFC 8785) that was hashed: leaf = SHA-256(0x00 ‖ record).',
    }),
    commit: Type.Object({
      seq: Type.Integer(),
      entries: Type.Integer(),
      committed_at_ms: Type.Integer(),
      root: Hash,
      position: Type.Integer(),
      path: Type.Array(Hash),
    }),
    log: Type.Object({ size: Type.Integer(), head: Hash, path: Type.Array(Hash) }),
  },
  {
    $id: 'LedgerProof',
    description:
      'Inclusion proofs of RFC 6962 §2.1.1: record → commit.root, then SHA-256(0x00 ‖ root ‖ entries ‖ committed_at_ms, each 8 bytes big-endian) → log.head.',
  },
);

const SizedHead = Type.Object({ size: Type.Integer(), head: Hash });

export const LedgerConsistency = Type.Object(
  { workspace: Type.String(), first: SizedHead, second: SizedHead, path: Type.Array(Hash) },
  { $id: 'LedgerConsistency', description: 'RFC 6962 §2.1.2: the log of `second` begins with that of `first`.' },
);

export const VerifyQuery = Type.Object(
  {
    trusted: Type.Optional(
      Type.String({
        pattern: '^\\d{1,15}:[0-9a-f]{64}$',
        description: 'A head that you kept, `<size>:<hash>`: the log must have passed it.',
      }),
    ),
  },
  { additionalProperties: false },
);
export type VerifyQuery = Static<typeof VerifyQuery>;

/** Lines of `GET /v1/ledger/verify`: progress while it runs, the report at the end. */
export const VerifyLine = Type.Object(
  {
    progress: Type.Optional(Type.Object({ done: Type.Integer(), total: Type.Integer() })),
    report: Type.Optional(
      Type.Object({
        ok: Type.Boolean(),
        workspace: Type.String(),
        head: Hash,
        size: Type.Integer(),
        entries: Type.Integer(),
        erased: Type.Integer(),
        damage: Type.Record(Type.String(), Type.Integer()),
        found: Type.Array(
          Type.Object({
            kind: Type.String(),
            commit: Type.Union([Type.Integer(), Type.Null()]),
            position: Type.Union([Type.Integer(), Type.Null()]),
            id: NullableText,
            detail: Type.String(),
          }),
        ),
      }),
    ),
  },
  { $id: 'VerifyLine' },
);
export type VerifyLine = Static<typeof VerifyLine>;
