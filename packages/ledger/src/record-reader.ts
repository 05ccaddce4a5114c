import type { EntryKind } from './entry.ts';
import type { CommitRow } from './ports.ts';

/** A hashed row without its erasable part. */
export interface RecordRow {
  id: string;
  kind: EntryKind;
  commitSeq: number;
  position: number;
  leaf: Buffer;
  /** Canonical JSON, exactly as hashed. */
  record: string;
}

export interface DecisionSpan {
  /** Slug. */
  task: string;
  /** Milliseconds since the epoch; `to` exclusive. */
  from: number;
  to: number;
  /** Commits of the log to look at: later ones are left out. */
  size: number;
}

/** A label by a reviewer or an audit that is no echo. */
export interface Verdict {
  decision: string;
  label: string;
  source: 'reviewer' | 'audit';
  /** How long it took; null = untimed. */
  seconds: number | null;
}

/** Reads many rows fast: for exports and replays, which look at everything once. Throws `database_unavailable`. */
export interface RecordReader {
  /** When the oldest decision was made, ms; null when there is none. */
  firstDecision(workspace: string, of: { task?: string }): Promise<number | null>;
  /** All rows of neighbouring commits, in the order of the log. */
  ofCommits(workspace: string, commits: readonly CommitRow[]): Promise<RecordRow[]>;
  /** How many decisions there are. */
  countDecisions(workspace: string, span: DecisionSpan): Promise<number>;
  /** Decisions in order of id, above `after` ('' = from the start). `payload` only when asked for; null when erased. */
  decisions(
    workspace: string,
    span: DecisionSpan,
    page: { after: string; limit: number; payload: boolean },
  ): Promise<{ id: string; record: string; payload: string | null; erased: boolean }[]>;
  /** What people said of the decisions with ids in [first, last], in order of decision and time. */
  verdicts(workspace: string, decisions: { first: string; last: string; size: number }): Promise<Verdict[]>;
}
