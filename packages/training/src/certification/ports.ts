import type { Certificate, CertificateDraft, ScoreFunction } from '@understudy/decisions';
import type { TrainableTask } from '../ports.ts';
import type { Budget } from './budget.ts';
import type { ScoredCertifyRow, ScoredTuneRow } from './scored-rows.ts';

/** A task as certification needs it. */
export interface CertifiableTask extends TrainableTask {
  budget: Budget;
  imports: 'random_sample' | 'excluded';
  /** Labels older than this do not certify; null = no limit. */
  windowDays: number | null;
  economics: { currency: string; minutesPerItem: number; costPerHour: number; costOfError: number };
  /** Share of automated decisions that a person checks. */
  auditRate: number;
}

export interface CertifiableTasks {
  /** Throws task_not_found. */
  task(workspace: string, slug: string): Promise<CertifiableTask>;
}

/** What certification remembers of one model version, so that a new budget needs neither the model nor the texts. */
export interface StoredScores {
  workspace: string;
  taskId: string;
  taskRevision: number;
  model: string;
  version: string;
  /** The dataset version of the certify rows. */
  dataset: string;
  rowsDigest: string;
  score: ScoreFunction;
  /** Whether the rows are the newest of dated data. */
  byTime: boolean;
  /** When they were scored; ms since the epoch. */
  scoredAt: number;
  tune: ScoredTuneRow[];
  rows: ScoredCertifyRow[];
}

export interface CertificationStore {
  /** Replaces what was kept of the version. `seen` null keeps what is there. */
  save(scores: StoredScores, seen: Float64Array | null): Promise<void>;
  find(workspace: string, taskId: string, model: string, version: string): Promise<StoredScores | null>;
  /** Fingerprints of the rows that the version was fitted, tuned or compared on. */
  seen(workspace: string, taskId: string, model: string, version: string): Promise<Float64Array | null>;
}

/** The decisions room: what was issued, and what is in force. */
export interface CertificateIssuer {
  issue(draft: CertificateDraft, by: { id: string; requestId: string }): Promise<Certificate>;
  current(workspace: string, taskId: string, model: string, version: string): Promise<Certificate | null>;
  history(workspace: string, taskId: string, limit: number): Promise<Certificate[]>;
}

/** How many decisions a task makes, from the ledger. */
export interface Traffic {
  /** Decisions of the last 30 days; null where nobody counts. */
  lastMonth(workspace: string, taskId: string): Promise<number | null>;
}
