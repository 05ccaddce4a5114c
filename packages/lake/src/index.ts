export { checkedStream } from './checked-stream.ts';
export { DatasetDigest, type DatasetRow, type DatasetVersion, isDatasetId } from './dataset.ts';
export type { Change, DifferenceSummary, RowDifference } from './dataset-difference.ts';
export { Datasets } from './datasets.ts';
export { lakeErrors } from './errors.ts';
export type {
  AttributeValue,
  ExampleRecord,
  ExampleSource,
  InputField,
  Provenance,
  RowProblem,
  TaskForImport,
} from './example.ts';
export { Examples, type ImportFormat, type ImportProblem, type ImportRequest, type ImportResult } from './examples.ts';
export { type DecisionLabel, LabelledDecisions } from './labelled-decisions.ts';
export { DuplicateGroups, SIMILARITY } from './near-duplicates.ts';
export { checkObjectKey } from './object-key.ts';
export type * from './ports.ts';
