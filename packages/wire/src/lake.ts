import { type Static, Type } from 'typebox';
import { Body, PageQuery, Timestamp } from './common.ts';

const AttributeValues = Type.Record(
  Type.String(),
  Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()]),
);

/** One element of `examples`, or one line of NDJSON. Checked while it streams in, row by row. */
export const ExampleRequest = Body(
  {
    input: Type.Record(Type.String(), Type.String(), { description: 'The fields of the task’s input, e.g. `text`.' }),
    label: Type.String({ minLength: 1, maxLength: 200 }),
    subject: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Null()])),
    external_id: Type.Optional(Type.Union([Type.String({ minLength: 1, maxLength: 500 }), Type.Null()])),
    occurred_at: Type.Optional(Type.Union([Timestamp, Type.Null()])),
    attributes: Type.Optional(AttributeValues),
  },
  { $id: 'ExampleRequest' },
);

/** The body of an import as `application/json`; the same rows may come as NDJSON or CSV. */
export const ImportBody = Body({ examples: Type.Array(Type.Ref('ExampleRequest')) }, { $id: 'ImportBody' });

export const ImportQuery = Type.Object(
  {
    on_invalid: Type.Optional(
      Type.Union([Type.Literal('reject'), Type.Literal('skip')], {
        default: 'reject',
        description: '`reject`: nothing is stored if any row is bad. `skip`: bad rows are left out and counted.',
      }),
    ),
    new_labels: Type.Optional(
      Type.Union([Type.Literal('reject'), Type.Literal('add')], {
        default: 'reject',
        description: '`add`: labels that the task lacks are added to it.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const ImportResponse = Type.Object(
  {
    accepted: Type.Integer(),
    duplicates: Type.Integer({ description: 'Not stored again: the task has this input with this label.' }),
    conflicts: Type.Integer({ description: 'Stored and marked: an earlier row has the same input and another label.' }),
    rejected: Type.Integer(),
    problems: Type.Array(
      Type.Object({
        line: Type.Integer({ description: 'Where the row starts; in JSON the number of the example, from 1.' }),
        code: Type.String(),
        detail: Type.String(),
        pointer: Type.String({ description: 'JSON pointer into the row; in JSON into the body.' }),
      }),
      { maxItems: 100, description: 'The first 100.' },
    ),
    new_labels: Type.Array(Type.String()),
  },
  { $id: 'ImportResponse' },
);
export type ImportResponse = Static<typeof ImportResponse>;

const ExampleSource = Type.Union(
  [Type.Literal('import'), Type.Literal('reviewer'), Type.Literal('audit'), Type.Literal('application')],
  { description: 'Where the label comes from; all but `import` are labels of decisions.' },
);

export const ExampleQuery = Type.Object(
  {
    ...PageQuery,
    label: Type.Optional(Type.String({ minLength: 1, maxLength: 200 })),
    conflicts: Type.Optional(
      Type.Literal('only', { description: 'Only rows whose input stands under another label too.' }),
    ),
    source: Type.Optional(ExampleSource),
    q: Type.Optional(
      Type.String({
        minLength: 1,
        maxLength: 200,
        pattern: '\\S',
        description:
          'Only examples whose text holds every word of this, each anywhere, in any script; "words in quotes" as one. Upper and lower case are the same; no character is a wildcard. A page may be short, even empty, while `next_cursor` is set.',
      }),
    ),
  },
  { additionalProperties: false },
);

export const Example = Type.Object(
  {
    id: Type.String(),
    input: Type.Record(Type.String(), Type.String()),
    label: Type.String(),
    subject: Type.Union([Type.String(), Type.Null()]),
    external_id: Type.Union([Type.String(), Type.Null()]),
    occurred_at: Type.Union([Timestamp, Type.Null()]),
    attributes: AttributeValues,
    conflict: Type.Boolean(),
    source: ExampleSource,
    probability: Type.Union([Type.Number(), Type.Null()], {
      description: 'With which probability the decision was to be labelled; null = unknown, as for every import.',
    }),
    decision: Type.Union([Type.String(), Type.Null()]),
    labelled_at: Type.Union([Timestamp, Type.Null()]),
    created_at: Timestamp,
  },
  { $id: 'Example' },
);
export type Example = Static<typeof Example>;

export const ExampleList = Type.Object(
  { data: Type.Array(Type.Ref('Example')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'ExampleList' },
);

export const ExampleStats = Type.Object(
  {
    examples: Type.Integer(),
    conflicts: Type.Integer({ description: 'Rows whose input stands under more than one label.' }),
    labels: Type.Array(Type.Object({ name: Type.String(), examples: Type.Integer() })),
    sources: Type.Array(Type.Object({ name: ExampleSource, examples: Type.Integer() })),
  },
  { $id: 'ExampleStats' },
);

export const DatasetId = Type.String({ pattern: '^sha256:[0-9a-f]{64}$' });

export const DatasetVersion = Type.Object(
  {
    id: DatasetId,
    rows: Type.Integer(),
    labels: Type.Array(Type.Object({ name: Type.String(), rows: Type.Integer() })),
    groups: Type.Integer({
      description: 'Sets of rows that are never split: duplicates, near-duplicates and rows of one subject.',
    }),
    conflicts: Type.Integer({ description: 'Rows whose input stands under another label too.' }),
    sources: Type.Array(Type.Object({ name: ExampleSource, rows: Type.Integer() })),
    created_at: Timestamp,
  },
  { $id: 'DatasetVersion' },
);
export type DatasetVersion = Static<typeof DatasetVersion>;

export const DatasetList = Type.Object(
  { data: Type.Array(Type.Ref('DatasetVersion')), next_cursor: Type.Union([Type.String(), Type.Null()]) },
  { $id: 'DatasetList' },
);

export const DatasetDataQuery = Type.Object(
  {
    format: Type.Optional(
      Type.Union([Type.Literal('parquet'), Type.Literal('csv'), Type.Literal('ndjson')], { default: 'parquet' }),
    ),
    provenance: Type.Optional(
      Type.Literal('include', {
        description:
          'CSV and NDJSON come in the shape of an import; this adds source, probability, decision and labelled_at. Parquet always has them.',
      }),
    ),
  },
  { additionalProperties: false },
);

const RowChange = Type.Union(
  [Type.Literal('relabelled'), Type.Literal('added'), Type.Literal('removed'), Type.Literal('changed')],
  { description: '`changed`: the same text and label, but something else about the row differs.' },
);

export const DatasetDiffQuery = Type.Object(
  {
    base: Type.String({
      pattern: '^sha256:[0-9a-f]{64}$',
      description: 'The version of the same task that this one is compared with.',
    }),
    change: Type.Optional(RowChange),
    limit: Type.Optional(
      Type.Integer({ minimum: 1, maximum: 200, description: 'Rows on a page; 50 where nothing is said.' }),
    ),
    cursor: PageQuery.cursor,
    format: Type.Optional(
      Type.Union([Type.Literal('json'), Type.Literal('ndjson')], {
        default: 'json',
        description:
          '`ndjson`: every row that differs, one a line, without pages and summary; `limit` and `cursor` are not for it.',
      }),
    ),
  },
  { additionalProperties: false },
);

const DatasetRowSide = Type.Object({
  label: Type.String(),
  subject: Type.Union([Type.String(), Type.Null()]),
  external_id: Type.Union([Type.String(), Type.Null()]),
  occurred_at: Type.Union([Timestamp, Type.Null()]),
  attributes: AttributeValues,
  digest: Type.String({ description: 'SHA-256 of the row’s canonical content, hex.' }),
  source: ExampleSource,
  probability: Type.Union([Type.Number(), Type.Null()]),
  decision: Type.Union([Type.String(), Type.Null()]),
  labelled_at: Type.Union([Timestamp, Type.Null()]),
});

export const DatasetRowDifference = Type.Object(
  {
    change: RowChange,
    text: Type.String(),
    before: Type.Union([DatasetRowSide, Type.Null()], { description: 'As the base has it; null = it does not.' }),
    after: Type.Union([DatasetRowSide, Type.Null()], { description: 'As this version has it; null = it does not.' }),
  },
  { $id: 'DatasetRowDifference' },
);
export type DatasetRowDifference = Static<typeof DatasetRowDifference>;

export const DatasetDiff = Type.Object(
  {
    base: DatasetId,
    dataset: DatasetId,
    summary: Type.Object(
      {
        relabelled: Type.Integer(),
        added: Type.Integer(),
        removed: Type.Integer(),
        changed: Type.Integer(),
        unchanged: Type.Integer(),
        relabellings: Type.Array(Type.Object({ from: Type.String(), to: Type.String(), rows: Type.Integer() }), {
          maxItems: 100,
          description: 'Between which labels rows moved, the most first; at most 100 pairs.',
        }),
      },
      { description: 'Of all rows, whatever the filter and the page.' },
    ),
    data: Type.Array(Type.Ref('DatasetRowDifference')),
    next_cursor: Type.Union([Type.String(), Type.Null()]),
  },
  { $id: 'DatasetDiff' },
);
export type DatasetDiff = Static<typeof DatasetDiff>;
