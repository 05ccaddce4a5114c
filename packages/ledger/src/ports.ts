import type { Tx } from '@understudy/kernel';
import type { EntryKind, LabelSource } from './entry.ts';
import type { SealedEntry } from './seal.ts';

/** An idempotency key with the answer to replay, written in the transaction of the rows that it made. */
export interface KeptResponse {
  /** Hash of the key, at most 128 characters of text. */
  keyHash: string;
  /** Hash of the request body: another one under the same key is refused. */
  requestHash: string;
  /** The exact response body. */
  response: string;
}

/** One workspace's share of a group: its entries in order of `key`, which is the order of their leaves. */
export interface GroupPart {
  workspace: string;
  entries: readonly SealedEntry[];
  /** RFC 6962 tree head over the entries' leaves. */
  root: Uint8Array;
  kept: readonly (KeptResponse & { decisions: readonly string[] })[];
}

/** What a group commit came to: all of it written, or nothing because other writers had won some keys. */
export type GroupOutcome =
  | { committed: ReadonlyMap<string, number> }
  | { replayed: readonly { workspace: string; keyHash: string; requestHash: string; response: string }[] };

export interface HeadState {
  /** Commits in the log. */
  size: number;
  entries: number;
  decisions: number;
  /** Hashes of the complete subtrees, largest first. */
  peaks: Buffer;
  head: Buffer;
}

export interface CommitRow {
  seq: number;
  entries: number;
  firstKey: string;
  lastKey: string;
  /** Milliseconds since the epoch. */
  committedAt: number;
  root: Buffer;
  /** Complete subtrees that this commit finished, its own leaf first. */
  nodes: Buffer;
  prevHead: Buffer;
  head: Buffer;
}

/** An entry as read back. Columns that a kind does not have are null. */
export interface StoredEntry {
  kind: EntryKind;
  id: string;
  commitSeq: number;
  position: number;
  createdAt: number;
  leaf: Buffer;
  record: string;
  payload: string | null;
  salt: string | null;
  automated: boolean | null;
  task: string | null;
  label: string | null;
  modelVersion: string | null;
  externalId: string | null;
  subject: string | null;
  /** The decision that an annotation is about. */
  decision: string | null;
  source: string | null;
}

export interface DecisionFilter {
  task?: string;
  outcome?: 'automated' | 'review';
  label?: string;
  modelVersion?: string;
  subject?: string;
  externalId?: string;
  /** Milliseconds since the epoch, inclusive. */
  from?: number;
  /** Milliseconds since the epoch, exclusive. */
  to?: number;
}

/** Rows in falling order of id, beginning below `before`. `resumeBelow` is null when nothing older can match. */
export interface DecisionPage {
  rows: StoredEntry[];
  resumeBelow: string | null;
}

/**
 * Where ledger rows live. An implementation keeps the laws of `ledger-storage.contract.ts`: a commit is whole, durable
 * before its promise resolves, chained in order, and never written twice.
 *
 * Every method throws `database_unavailable` when the store cannot be reached; after it, the outcome of a commit is
 * unknown until {@link LedgerStorage.commit} is asked again with `retry`.
 */
export interface LedgerStorage {
  /** Writes all parts or nothing. Parts stand in ascending order of workspace. `retry`: an earlier try may have succeeded. */
  commit(parts: readonly GroupPart[], retry: boolean): Promise<GroupOutcome>;
  /**
   * Writes one part inside the caller's transaction; the workspace's log stays locked until that ends. The commit's
   * number, which holds if the transaction does.
   */
  commitIn(tx: Tx, part: GroupPart): Promise<number>;
  /** Kept responses younger than 24 hours, in the order of the keys. */
  findKept(
    keys: readonly { workspace: string; keyHash: string }[],
  ): Promise<(Omit<KeptResponse, 'keyHash'> | undefined)[]>;
  head(workspace: string): Promise<HeadState>;
  /** Commits [from, to) in order; a removed one is simply missing. */
  commits(workspace: string, from: number, to: number): Promise<CommitRow[]>;
  commitsBySeq(workspace: string, seqs: readonly number[]): Promise<CommitRow[]>;
  /** The entries of one commit in order of position. */
  entriesOf(workspace: string, commit: CommitRow): Promise<StoredEntry[]>;
  /** Entries of one kind in rising order of id above `after` (an id without prefix; '' = from the start). */
  scan(workspace: string, kind: EntryKind, after: string, limit: number): Promise<StoredEntry[]>;
  /** How many rows there are, of whatever id, that say they belong to commits below `seq`, and to later ones. */
  countRows(workspace: string, seq: number): Promise<{ below: number; rest: number }>;
  get(workspace: string, id: string): Promise<StoredEntry | undefined>;
  /** Those of the decisions that there are, by id. */
  getAll(workspace: string, ids: readonly string[]): Promise<Map<string, StoredEntry>>;
  annotationsOf(workspace: string, decision: string): Promise<StoredEntry[]>;
  list(
    workspace: string,
    filter: DecisionFilter,
    page: { limit: number; before: string | null },
  ): Promise<DecisionPage>;
  /** Makes room for the rows of the coming months. */
  ensurePartitions(from: number, to: number): Promise<string[]>;
  /** Removes kept responses older than 24 hours; returns how many. */
  expireKept(limit: number): Promise<number>;
}

/** Asked before a label is accepted: the task's own room knows its label sets. */
export interface LabelRules {
  /** Whether `label` is in the label set of this revision of the task. */
  allows(workspace: string, task: { id: string; slug: string; revision: number }, label: string): Promise<boolean>;
}

export type { LabelSource };
