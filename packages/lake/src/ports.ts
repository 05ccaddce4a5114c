import type { Principal, Tx } from '@understudy/kernel';
import type { DatasetRow, DatasetVersion } from './dataset.ts';
import type { DifferenceQuery, DifferenceSummary, RowDifference } from './dataset-difference.ts';
import type { ExampleRecord, ExampleSource, Provenance, TaskForImport } from './example.ts';

/** What is known of one stored object. `sha256` is lower-case hex. */
export interface ObjectInfo {
  key: string;
  sha256: string;
  bytes: number;
}

/**
 * Immutable objects under server-made keys (see checkObjectKey; every method throws `invalid_object_key`).
 * An object becomes visible whole or not at all, and is durable once `put` has resolved.
 */
export interface ObjectStore {
  /**
   * Writes a stream. Writing the same bytes to a taken key is allowed and does nothing; other bytes throw
   * `object_exists`. When `content` throws, its error passes through and nothing becomes visible. A full disk is
   * `storage_full`.
   */
  put(key: string, content: AsyncIterable<Uint8Array>): Promise<ObjectInfo>;
  /**
   * Streams an object, checking its digest: a mismatch throws `object_corrupt` before the last byte is handed
   * over, so that a reader who got to the end has the bytes that were written. Throws `object_not_found`.
   */
  get(key: string, expected: { sha256: string }): AsyncIterable<Uint8Array>;
  /** Null when there is no such object. */
  head(key: string): Promise<{ key: string; bytes: number } | null>;
  /** Every visible object whose key starts with `prefix`, in no promised order. */
  list(prefix: string): AsyncIterable<{ key: string; bytes: number }>;
  /** True when there was one to delete. */
  delete(key: string): Promise<boolean>;
}

/** Answered by the decisions room, which owns tasks. */
export interface TaskRules {
  /** Throws `task_not_found`. */
  taskFor(workspace: string, slug: string): Promise<TaskForImport>;
  /** Adds the labels that the task lacks; durable when it resolves. */
  addLabels(principal: Principal, slug: string, names: readonly string[], requestId: string): Promise<void>;
}

/** Temporary room for the rows of one import until all of them have been checked. */
export interface Spool {
  open(): SpoolFile;
}

export interface SpoolFile {
  /** Appends a chunk. A full disk is `storage_full`. */
  write(chunk: string): Promise<void>;
  /** Everything written, from the beginning, in chunks that end at a line break. */
  read(): AsyncIterable<string>;
  /** Gives the room back; safe to call twice. */
  discard(): Promise<void>;
}

export interface ExampleFilter {
  label?: string;
  /** Only rows whose input also stands under another label. */
  conflicts?: boolean;
  source?: ExampleSource;
  /** Folded texts, each of which one of a row's texts holds; see `search/text-terms.ts`. */
  terms?: readonly string[];
}

/** An example as lists show it. */
export type ListedExample = ExampleRecord & Provenance & { conflict: boolean };

/** Examples as the database keeps them. */
export interface ExampleStore {
  /**
   * Stores rows in one transaction, all or nothing. `batches` yields NDJSON text, one {@link ExampleRecord} a line.
   * A row whose (input hash, label) the task has already, or that stands earlier in the same import, is counted
   * and not stored. `conflicts` counts the stored rows that contradict an earlier one: same input, other label.
   */
  insert(
    workspace: string,
    taskId: string,
    batches: AsyncIterable<string>,
  ): Promise<{ accepted: number; duplicates: number; conflicts: number }>;
  /**
   * Ordered by id, those from `from` on: at most `limit`, fewer when they are large, or when a search has looked at as
   * many rows as one page may cost. `next`: from where the next page goes on, null at the end.
   */
  list(
    workspace: string,
    taskId: string,
    page: { limit: number; from?: string } & ExampleFilter,
  ): Promise<{ rows: ListedExample[]; next: string | null }>;
  stats(workspace: string, taskId: string): Promise<ExampleStats>;
  remove(workspace: string, taskId: string, id: string): Promise<boolean>;
  /** Hands over the digests of all rows in ascending order, as of one moment. */
  eachDigest(workspace: string, taskId: string, take: (digests: Buffer[]) => Promise<void>): Promise<void>;
  /** How many labels a task was ever given: grows with every stored row and every label that changes one. */
  labelsGiven(workspace: string, taskId: string): Promise<LabelCounter>;
  /** The same of every task of every workspace. For the scheduler. */
  allLabelsGiven(): Promise<{ workspace: string; taskId: string; labels: number }[]>;
  /** Hands over all rows in ascending order of digest, as of one moment. */
  eachRow(workspace: string, taskId: string, take: (rows: SnapshotRow[]) => Promise<void>): Promise<void>;
}

export interface LabelCounter {
  labels: number;
  /** Of them, those that decisions were given. */
  production: number;
  /** Milliseconds since the epoch; null while there are none. */
  changedAt: number | null;
}

/** The label that stands for a decision, and what makes another one replace it. */
export interface StandingLabel {
  decision: string;
  label: string;
  source: Exclude<ExampleSource, 'import'>;
  probability: number | null;
  labelled_at: string;
  /** `lab_…`, rising with time. */
  label_id: string;
  /** How much its word counts: only a label of the same or more authority replaces it. */
  authority: number;
}

/** A decision with the label that stands, as a row. */
export interface LabelledRow extends Omit<ExampleRecord, 'id'> {
  id: string;
  taskId: string;
  standing: StandingLabel;
}

/** Labelled decisions among the examples. Every method works in the caller's transaction. */
export interface LabelledDecisionStore {
  /** Locks what stands of these decisions. */
  standing(tx: Tx, workspace: string, decisions: readonly string[]): Promise<StandingLabel[]>;
  /** Inserts or replaces the rows of these decisions, and counts their labels. */
  put(tx: Tx, workspace: string, rows: readonly LabelledRow[]): Promise<void>;
  remove(tx: Tx, workspace: string, decisions: readonly string[]): Promise<void>;
  /** Removes every labelled decision of the workspace, and takes them off the counters. */
  clear(tx: Tx, workspace: string): Promise<void>;
}

export interface ExampleStats {
  examples: number;
  sources: { name: ExampleSource; examples: number }[];
  /** Rows whose input stands under more than one label. */
  conflicts: number;
  labels: { name: string; examples: number }[];
}

/** A dataset version and where its rows lie. */
export interface StoredDataset extends DatasetVersion {
  workspace: string;
  taskId: string;
  object: ObjectInfo;
  /** Names of the attributes that rows carry, sorted. */
  attributes: readonly string[];
  /** {@link LabelCounter.labels} when the rows were read; null where it was not kept yet. */
  labelsGiven: number | null;
}

export interface DatasetStore {
  /** False when the task has this version already; then nothing is changed. */
  insert(dataset: StoredDataset): Promise<boolean>;
  find(workspace: string, taskId: string, id: string): Promise<StoredDataset | null>;
  /** Newest first, those older than the dataset `before`. */
  list(workspace: string, taskId: string, page: { limit: number; before?: string }): Promise<StoredDataset[]>;
  /** Which of these object keys belong to a dataset of any workspace. For the sweep of orphans. */
  referenced(keys: readonly string[]): Promise<ReadonlySet<string>>;
}

/** One row on its way into a dataset file. */
export type SnapshotRow = Pick<
  ExampleRecord,
  'content_hash' | 'input_hash' | 'input' | 'label' | 'subject' | 'external_id' | 'occurred_at' | 'attributes'
> &
  Provenance;

export interface WrittenDataset {
  rows: number;
  groups: number;
  conflicts: number;
  labels: { name: string; rows: number }[];
  sources: { name: ExampleSource; rows: number }[];
  attributes: string[];
}

/** Writes and reads the rows of datasets as Parquet files, outside this process and with bounded memory. */
export interface DatasetFiles {
  /** A fresh file that lives until `close`; whatever a crash leaves is swept at the next start. */
  scratch(): Promise<ScratchFile>;
}

export interface ScratchFile {
  /** Starts writing a dataset into the file. Stops when `signal` is aborted. */
  writer(signal?: AbortSignal): DatasetWriter;
  /** Copies bytes into the file. A full disk is `storage_full`. */
  save(content: AsyncIterable<Uint8Array>): Promise<void>;
  /** The file's bytes. */
  bytes(): AsyncIterable<Uint8Array>;
  /** The rows of a dataset file, in order. Throws `dataset_failed`. */
  rows(): AsyncIterable<DatasetRow[]>;
  /** Copies the bytes of another dataset into a second file, to compare this one with. */
  saveBase(content: AsyncIterable<Uint8Array>): Promise<void>;
  /** First the summary, then the rows that differ from the base, in the order of their place. Throws `dataset_failed`. */
  differences(query: DifferenceQuery): AsyncIterable<DifferenceSummary | RowDifference[]>;
  close(): Promise<void>;
}

export interface DatasetWriter {
  add(rows: readonly SnapshotRow[]): Promise<void>;
  /** Groups the rows and completes the file. Throws `dataset_failed`. */
  finish(id: string): Promise<WrittenDataset>;
  /** Gives up; safe after `finish`. */
  abort(): Promise<void>;
}
