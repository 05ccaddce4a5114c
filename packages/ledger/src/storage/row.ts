import type { EntryKind } from '../entry.ts';
import type { CommitRow, HeadState, StoredEntry } from '../ports.ts';

/** bigint arrives as text; every count here stays far below 2^53. */
export interface EntryRecord {
  kind: EntryKind;
  id: string;
  commit_seq: string;
  position: number;
  created_at: Date;
  leaf: Buffer;
  record: string;
  payload: string | null;
  salt: string | null;
  automated: boolean | null;
  task: string | null;
  label: string | null;
  model_version: string | null;
  external_id: string | null;
  subject: string | null;
  decision_id: string | null;
  source: string | null;
}

export interface CommitRecord {
  seq: string;
  entries: number;
  first_key: string;
  last_key: string;
  committed_at: Date;
  root: Buffer;
  nodes: Buffer;
  prev_head: Buffer;
  head: Buffer;
}

export interface HeadRecord {
  size: string;
  entries: string;
  decisions: string;
  peaks: Buffer;
  head: Buffer;
}

export function toEntry(row: EntryRecord): StoredEntry {
  return {
    kind: row.kind,
    id: row.id,
    commitSeq: Number(row.commit_seq),
    position: row.position,
    createdAt: row.created_at.getTime(),
    leaf: row.leaf,
    record: row.record,
    payload: row.payload,
    salt: row.salt,
    automated: row.automated,
    task: row.task,
    label: row.label,
    modelVersion: row.model_version,
    externalId: row.external_id,
    subject: row.subject,
    decision: row.decision_id,
    source: row.source,
  };
}

export function toCommit(row: CommitRecord): CommitRow {
  return {
    seq: Number(row.seq),
    entries: row.entries,
    firstKey: row.first_key,
    lastKey: row.last_key,
    committedAt: row.committed_at.getTime(),
    root: row.root,
    nodes: row.nodes,
    prevHead: row.prev_head,
    head: row.head,
  };
}

export function toHead(row: HeadRecord): HeadState {
  return {
    size: Number(row.size),
    entries: Number(row.entries),
    decisions: Number(row.decisions),
    peaks: row.peaks,
    head: row.head,
  };
}
