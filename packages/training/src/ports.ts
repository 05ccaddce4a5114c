import type { Principal } from '@understudy/kernel';
import type { EvaluationReport } from './evaluation.ts';
import type { Run, RunError, RunPage, RunProgress } from './run.ts';

/** Training runs at rest. Writes of a worker are fenced by its lease: a worker that lost it changes nothing. */
export interface RunStore {
  create(run: Run): Promise<void>;
  find(workspace: string, id: string): Promise<Run | null>;
  list(workspace: string, task: string | null, page: RunPage): Promise<Run[]>;
  /** Claims the oldest run that is queued or whose worker let its lease run out; null when there is none. */
  claim(worker: string, leaseMs: number): Promise<Run | null>;
  /** Renews the lease and says whether somebody asked to cancel. False `held` = the lease is lost: stop at once. */
  renew(run: Run, worker: string, leaseMs: number): Promise<{ held: boolean; cancelRequested: boolean }>;
  progress(run: Run, worker: string, progress: RunProgress, log: readonly string[]): Promise<void>;
  /** Gives a run back to the queue, as if it had never been claimed. */
  release(run: Run, worker: string): Promise<void>;
  /** False when the lease was lost: nothing is written. */
  finish(run: Run, worker: string, end: RunEnd): Promise<boolean>;
  /** A queued run ends at once; a running one is marked, and its worker ends it. Null when there is no such run. */
  requestCancel(workspace: string, id: string, at: number): Promise<Run | null>;
}

export interface RunEnd {
  status: 'succeeded' | 'failed' | 'cancelled';
  dataset: string | null;
  trainer: string | null;
  modelVersion: string | null;
  metrics: Record<string, unknown> | null;
  promotion: { promoted: boolean; reason: string } | null;
  error: RunError | null;
  log: readonly string[];
  at: number;
}

/** A task as training needs it. */
export interface TrainableTask {
  id: string;
  slug: string;
  revision: number;
  kind: string;
  labels: readonly string[];
}

export interface TaskSource {
  /** Throws task_not_found. */
  task(workspace: string, slug: string): Promise<TrainableTask>;
}

/** One row of a dataset version. */
export interface DatasetRow {
  text: string;
  label: string;
  /** Rows of one group never straddle parts. */
  group: string;
  /** Everything but `import` is the label of a decision. */
  source: 'import' | 'reviewer' | 'audit' | 'application';
  /** With which probability the decision was to be labelled; null = unknown, as for every import. */
  probability: number | null;
  /** RFC 3339; of a decision when it was made. */
  occurredAt: string | null;
  decision: string | null;
}

/** The lake room. */
export interface Datasets {
  /** The dataset version of all examples as they stand. Throws when there are none. */
  snapshot(principal: Principal, task: string): Promise<{ id: string; rows: number }>;
  /** Throws dataset_not_found. */
  find(workspace: string, task: string, id: string): Promise<{ id: string; rows: number }>;
  /** Always in the same order. */
  rows(workspace: string, task: string, id: string): AsyncIterable<DatasetRow>;
}

/** The object store of the lake room. */
export interface ArtifactStore {
  /** Streams a file into the store; the key is the caller's. Throws storage_full. */
  put(key: string, path: string): Promise<{ sha256: string; bytes: number }>;
}

/** A version as the registry room takes and gives it. */
export interface RegisteredVersion {
  model: string;
  version: string;
  format: string;
  artifact: { key: string; sha256: string; bytes: number };
}

export interface ModelRegistry {
  register(
    run: Run,
    made: {
      task: TrainableTask;
      labels: readonly string[];
      artifact: { key: string; sha256: string; bytes: number; format: string };
      dataset: string;
      trainer: string;
      parameters: Record<string, unknown>;
      metrics: Record<string, unknown>;
    },
  ): Promise<RegisteredVersion>;
  champion(workspace: string, task: TrainableTask): Promise<RegisteredVersion | null>;
  promote(run: Run, version: RegisteredVersion, reason: string, evidence: Record<string, unknown>): Promise<void>;
}

/** Scores rows with a model through the same path that serves it. Returns probabilities in the order of `labels`. */
export interface Scorer {
  open(
    workspace: string,
    version: { key: string; format: string; artifact: { key: string; sha256: string; bytes: number } },
  ): Promise<{
    score(text: string): Promise<{ labels: readonly string[]; probabilities: Float32Array }>;
    close(): Promise<void>;
  }>;
}

export type { EvaluationReport };
