import type { Certificate, ModelAnswer, ScoreFunction, Task } from '@understudy/decisions';
import type { Clock } from '@understudy/kernel';
import type { LedgerStorage, RecordReader } from '@understudy/ledger';
import type { Replay, ReplayEnd } from './replay.ts';

export interface Budget {
  maxError: number;
  confidence: number;
}

/** What a budget comes to for one model version. */
export interface FittedThreshold {
  /** Null: not certifiable, everything goes to people. */
  threshold: number | null;
  score: ScoreFunction;
  status: string;
  /** Why there is none. */
  reason: string | null;
}

/** Probabilities in the order of the labels. */
export type Scores = Pick<ModelAnswer, 'labels' | 'probabilities'>;

/** A model version opened for scoring many texts. */
export interface OpenModel {
  /** Throws when the model cannot answer this one. */
  score(text: string): Promise<Scores>;
  close(): Promise<void>;
}

/** What a replay asks of the rooms that decided at the time. */
export interface ReplayRooms {
  /** Throws `task_not_found`. */
  task(workspace: string, slug: string): Promise<Task>;
  /** Labels of a past revision; null when there is none. */
  labelsAt(workspace: string, taskId: string, revision: number): Promise<readonly string[] | null>;
  certificate(workspace: string, id: string): Promise<Certificate | null>;
  /** From the stored scores of the version's certification; null where there are none. */
  fit(workspace: string, task: Task, version: string, budget: Budget): Promise<FittedThreshold | null>;
  /** Whether the registry has this version of the task's model. */
  hasVersion(workspace: string, task: Task, version: string): Promise<boolean>;
  /** Null when its file is gone. */
  open(workspace: string, model: string, version: string): Promise<OpenModel | null>;
}

export interface ReplayPorts {
  rooms: ReplayRooms;
  records: RecordReader;
  ledger: Pick<LedgerStorage, 'head'>;
  clock: Clock;
}

/** Replays at rest, and the queue of them. Leases run on the store's clock. */
export interface ReplayStore {
  /** False when the workspace has `most` replays open already. */
  create(replay: Replay, most: number): Promise<boolean>;
  find(workspace: string, id: string): Promise<Replay | null>;
  /** Newest first, below `after`. */
  list(workspace: string, taskId: string, page: { limit: number; after?: string }): Promise<Replay[]>;
  /** The oldest one that waits, or whose worker died. */
  claim(worker: string, leaseMs: number): Promise<Replay | null>;
  /** Extends the lease and writes the progress. `held` false: another worker has it, or it is over. */
  progress(
    replay: Replay,
    worker: string,
    progress: Replay['progress'],
    leaseMs: number,
  ): Promise<{ held: boolean; cancelRequested: boolean }>;
  /** Gives it back uncounted. */
  release(replay: Replay, worker: string): Promise<void>;
  /** False when the lease was lost. */
  finish(replay: Replay, worker: string, end: ReplayEnd): Promise<boolean>;
  /** A waiting one ends at once; a running one is asked to. Null when there is none. */
  cancel(workspace: string, id: string): Promise<Replay | null>;
}
