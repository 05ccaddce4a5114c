import type { Tx } from '@understudy/kernel';
import type { Known, Section } from './contribution.ts';
import type { FiguresQuery } from './figures.ts';

/** One counter of one task, time and model version. */
export interface RollupDelta {
  taskId: string;
  task: string;
  /** Start of the hour (UTC), ms. */
  hour: number;
  /** Start of the ten seconds (ms), where these are still kept; null in the past and for details. */
  fine: number | null;
  /** Empty = decided without a model. */
  modelVersion: string;
  section: Section;
  /** JSON of a {@link CounterKey}. */
  key: string;
  n: bigint;
}

/** A counter summed over a bucket; null members are summed over. */
export interface RollupSum {
  bucket: number;
  taskId: string | null;
  task: string | null;
  modelVersion: string | null;
  key: string;
  n: bigint;
}

/** Where the counters are kept. */
export interface RollupStorage {
  add(tx: Tx, workspace: string, deltas: readonly RollupDelta[]): Promise<void>;
  known(tx: Tx, workspace: string, decisions: readonly string[]): Promise<Map<string, Known>>;
  keep(tx: Tx, workspace: string, known: ReadonlyMap<string, Known>): Promise<void>;
  clear(tx: Tx, workspace: string): Promise<void>;
  /** Forgets the fine buckets before a moment. */
  trim(tx: Tx, workspace: string, before: number): Promise<void>;
  /** Sums of whole hours [from, to) (of whole fine buckets for a fine bucket) that are not zero, and the consumer's place in the log, as of one moment. */
  sums(workspace: string, query: FiguresQuery): Promise<{ sums: RollupSum[]; ledgerSize: number }>;
}

/** Tells whether the audit lane drew a decision: the decisions room knows the key. */
export type AuditDraw = (tx: Tx, workspace: string) => Promise<(decision: string, probability: number) => boolean>;
