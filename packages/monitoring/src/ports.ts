import type { Tx } from '@understudy/kernel';
import type { CheckQuality, ErrorProcessState } from '@understudy/statistics';
import type { Alert, AlertKind } from './alert.ts';

export type { AuditDraw, FiguresReader } from '@understudy/ledger';

/** A task as its figures need it. */
export interface WatchedTask {
  id: string;
  slug: string;
  title: string;
  maxError: number;
  confidence: number;
  /** What the champion may do, as last certified; null when never asked or without a champion. */
  certificate: { id: string; status: string; version: string; at: number } | null;
  /** The version that answers alone without a certificate, by the operator's wish; null when none does. */
  uncertified: string | null;
}

/** The decisions room. */
export interface TaskDirectory {
  /** Throws task_not_found. */
  get(workspace: string, slug: string): Promise<WatchedTask>;
  /** All tasks of the workspace, in order of slug. */
  list(workspace: string): Promise<WatchedTask[]>;
}

/** What the monitor needs to know about a certificate. */
export interface WatchedCertificate {
  id: string;
  taskId: string;
  model: string;
  version: string;
  maxError: number;
  confidence: number;
  status: string;
}

/** The certificates of the decisions room, in the transaction that found the evidence. */
export interface CertificatesInForce {
  find(tx: Tx, workspace: string, id: string): Promise<WatchedCertificate | null>;
  /** False when it was not in force any more. */
  suspend(
    tx: Tx,
    workspace: string,
    id: string,
    suspension: { reason: string; evidence: Record<string, unknown> },
  ): Promise<boolean>;
}

/** The budgets of the decisions room, in the transaction that found the evidence. */
export interface ErrorBudgets {
  /** Null when the task is gone. */
  find(tx: Tx, workspace: string, taskId: string): Promise<{ maxError: number; confidence: number } | null>;
}

/** One audited decision of a certificate. */
export interface AuditOutcome {
  decision: string;
  /** The label that counts, by whose id a later one is told from an earlier one. */
  labelId: string;
  wrong: boolean;
  probability: number;
  /** When the audit was answered, ms. */
  at: number;
}

/** What the monitor keeps for a certificate (or for a version that answers without one). */
export interface WatchState {
  taskId: string;
  task: string;
  process: ErrorProcessState;
  wrong: number;
  firstAt: number;
  lastAt: number;
}

/**
 * Audit outcomes and e-processes by certificate; where a version answers without one, what stands for it is
 * `uncertified:<task id>:<version>`. Everything here follows from the ledger.
 */
export interface AuditWatchStore {
  state(tx: Tx, workspace: string, certificate: string): Promise<WatchState | null>;
  saveState(tx: Tx, workspace: string, certificate: string, state: WatchState): Promise<void>;
  /** The certificate and the outcome under which a decision's audit was counted. */
  outcomes(
    tx: Tx,
    workspace: string,
    decisions: readonly string[],
  ): Promise<Map<string, AuditOutcome & { certificate: string }>>;
  /** Adds one, or corrects it; its place in the order stays. */
  saveOutcome(tx: Tx, workspace: string, certificate: string, outcome: AuditOutcome): Promise<void>;
  /** All of a certificate, in the order in which they came. */
  all(tx: Tx, workspace: string, certificate: string): Promise<AuditOutcome[]>;
  /** The latest wrong ones, newest first. */
  wrongOnes(tx: Tx, workspace: string, certificate: string, limit: number): Promise<string[]>;
  clear(tx: Tx, workspace: string): Promise<void>;
}

export interface AlertFilter {
  task?: string | undefined;
  open?: boolean | undefined;
}

export interface AlertStore {
  /** Opens an alert, unless one of this kind and subject is open already: then null. */
  open(tx: Tx, alert: Alert): Promise<Alert | null>;
  /** Opens it in a transaction of its own, or brings the summary and evidence of the open one up to date. */
  raise(alert: Alert): Promise<Alert>;
  /** Closes the open alert of this kind and subject; null when there is none. */
  resolve(
    workspace: string,
    of: { kind: AlertKind; subject: string },
    resolution: { at: number; reason: string },
  ): Promise<Alert | null>;
  find(workspace: string, id: string): Promise<Alert | null>;
  /** Newest first. */
  list(workspace: string, filter: AlertFilter, page: { limit: number; after?: string | undefined }): Promise<Alert[]>;
  /** Open ones by task id. */
  countOpen(workspace: string): Promise<Map<string, number>>;
  /** Every open one of the workspace. */
  allOpen(workspace: string): Promise<Alert[]>;
  acknowledge(
    workspace: string,
    id: string,
    acknowledged: { at: number; by: string; note: string | null },
  ): Promise<Alert | null>;
}

/** How reliably the reviewers of a task tell right from wrong, where the truth is known: the review room. */
export interface ReviewerChecks {
  /** All zero where nothing is known. */
  of(workspace: string, task: string): Promise<CheckQuality>;
}

/** Every workspace there is: for the scheduler. */
export interface WorkspaceDirectory {
  all(): Promise<string[]>;
}
