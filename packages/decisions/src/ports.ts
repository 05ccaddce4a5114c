import type { KeyObject } from 'node:crypto';

export type { AuditTrail } from '@understudy/identity';

import type { NewEvent } from '@understudy/events';
import type { Explanation, ModelInput } from '@understudy/inference';
import type { Tx } from '@understudy/kernel';
import type { DecidedVia } from '@understudy/ledger';
import type { Certificate } from './certificate.ts';
import type { Task } from './task.ts';

/** What became of one edit: `write: false` leaves the stored task as it is. */
export interface TaskEdit {
  task: Task;
  created: boolean;
  write: boolean;
  remove?: boolean;
}

export interface TaskStore {
  find(workspace: string, slug: string): Promise<Task | null>;
  /** The label names of one revision of a task, also of a deleted one; null when there is no such revision. */
  labelsAt(workspace: string, taskId: string, revision: number): Promise<string[] | null>;
  /** In order of slug, those after `after`. */
  list(workspace: string, page: { limit: number; after?: string }): Promise<Task[]>;
  /** Reads, changes and writes in one transaction; edits of one slug never overlap. */
  edit(
    workspace: string,
    slug: string,
    change: (before: Task | null, tx: Tx) => Promise<TaskEdit>,
  ): Promise<{ task: Task; created: boolean }>;
}

/** Certificates at rest. What was issued is never changed, but for being suspended or superseded. */
export interface CertificateStore {
  /** Also supersedes what was current for the same task, model and version. */
  insert(tx: Tx, certificate: Certificate): Promise<void>;
  find(tx: Tx, workspace: string, id: string): Promise<Certificate | null>;
  /** The one that is not superseded. */
  current(
    tx: Tx,
    workspace: string,
    of: { taskId: string; model: string; version: string },
  ): Promise<Certificate | null>;
  /** Newest first. */
  list(tx: Tx, workspace: string, taskId: string, limit: number): Promise<Certificate[]>;
  /** Only a certified one; false otherwise. */
  suspend(
    tx: Tx,
    workspace: string,
    id: string,
    suspension: { at: number; reason: string; evidence: Record<string, unknown> },
  ): Promise<boolean>;
}

/** The secret of each workspace's audit lane. It never leaves the server. */
export interface AuditKeys {
  /** A secret of 32 random bytes, made on first use. */
  of(tx: Tx, workspace: string): Promise<KeyObject>;
}

/** A model version as serving needs it. */
export interface ServingVersion {
  model: string;
  version: string;
  format: string;
  artifact: { key: string; sha256: string; bytes: number };
}

/** Everything that one decision of a task needs to know, as of a moment a short while ago. */
export interface LivePlan {
  task: Task;
  /** The champion, loaded and ready; null while the task has no model. */
  champion: ServingVersion | null;
  /** What allows the champion to answer alone; null where nothing in force covers it. */
  certificate: Certificate | null;
  /** The names of the task's labels. */
  labelSet: ReadonlySet<string>;
}

/**
 * Loads a plan from the database and makes its champion ready before it is handed out, so that the first request
 * after a promotion finds it loaded. A champion that cannot be made ready is handed out all the same: its items go to
 * a person. Throws task_not_found, database_unavailable.
 */
export interface PlanSource {
  /** `current` is the champion of the plan in use: when it is the same, there is nothing to make ready. */
  load(workspace: string, slug: string, current: ServingVersion | null): Promise<LivePlan>;
}

/** One model's answer to one item: calibrated probabilities in the order of `labels`. */
export interface ModelAnswer {
  labels: readonly string[];
  probabilities: Float32Array;
  /** CPU time that this item cost, in microseconds. */
  microseconds: number;
}

/** The inference room. Rejects with model_unavailable when no answer can be had in time. */
export interface Predictor {
  predict(workspace: string, version: ServingVersion, input: ModelInput): Promise<ModelAnswer>;
  explain(workspace: string, version: ServingVersion, input: ModelInput, label: string): Promise<Explanation>;
}

/** One decision as the ledger gets it. Times in ms since the epoch. */
export interface DecisionRecord {
  id: string;
  workspace: string;
  taskId: string;
  task: string;
  taskRevision: number;
  createdAt: number;
  automation: 'certified' | 'uncertified' | 'off';
  outcome: 'automated' | 'review';
  label: string | null;
  suggestion: string | null;
  confidence: number | null;
  threshold: number | null;
  reviewReason: string | null;
  candidates: { label: string; score: number }[];
  decidedBy: { rung: string; model: string; version: string } | null;
  input: unknown;
  subject: string | null;
  externalId: string | null;
  attributes: Record<string, unknown> | null;
  cost: { amount: string; currency: string };
  modelMilliseconds: number;
  /** The certificate in force. */
  certificate: string | null;
  /** With which probability the audit lane checks this answer; null where it does not. */
  auditProbability: number | null;
  requestId: string;
  traceId: string | null;
  principal: string;
  /** The job or source that asked; null for a request. */
  via: DecidedVia | null;
}

/** The ledger room. */
export interface DecisionLedger {
  /** Resolves when all rows are durable; they are committed together or not at all. */
  append(records: readonly DecisionRecord[]): Promise<void>;
  /** The same inside the caller's transaction, with events that follow them: they exist if it commits. */
  appendIn(tx: Tx, records: readonly DecisionRecord[], events: readonly NewEvent[]): Promise<void>;
  /**
   * Decides and appends at most once a key. A key seen before replays the first answer; with another request hash
   * it throws idempotency_key_reused, while the first is under way idempotency_key_in_flight.
   */
  appendOnce(
    workspace: string,
    call: { key: string; requestHash: Buffer },
    decide: () => Promise<{ records: DecisionRecord[]; body: string }>,
  ): Promise<{ body: string; replayed: boolean }>;
}
