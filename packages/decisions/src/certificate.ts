import type { ScoreFunction } from './score.ts';
import type { Task } from './task.ts';

/**
 * What allows a model to answer alone: that, with the stated confidence, at most `maxError` of the answers whose score
 * reaches `threshold` are wrong. It names everything that it rests on, and holds for nothing else.
 */
export interface Certificate {
  /** `crt_…` */
  id: string;
  workspace: string;
  taskId: string;
  taskRevision: number;
  model: string;
  version: string;
  dataset: string;
  /** SHA-256, hexadecimal, over the labelled rows that it rests on. */
  rowsDigest: string;
  /** The error budget that was certified: at most this share of automated answers wrong, with this confidence. */
  maxError: number;
  confidence: number;
  status: CertificateStatus;
  /** Answers with this score or more are automated. Null unless certified (or suspended). */
  threshold: number | null;
  score: ScoreFunction;
  evidence: CertificateEvidence;
  expectedCoverage: number | null;
  /** What is missing, when nothing could be certified. `labels` null: more labels alone would not do. */
  needed: { labels: number | null; reason: string } | null;
  /** What the guarantee takes for granted, in plain words. */
  assumptions: readonly string[];
  /** Milliseconds since the epoch. */
  issuedAt: number;
  suspension: { at: number; reason: string; evidence: Record<string, unknown> } | null;
}

export type CertificateStatus = 'certified' | 'not_certifiable_yet' | 'suspended' | 'superseded';

export interface CertificateEvidence {
  /** Labelled rows that took part, those at or above the threshold, and the wrong ones among these. */
  labelled: number;
  accepted: number;
  errors: number;
  pValue: number | null;
  method: string;
  [more: string]: unknown;
}

/** Whether a certificate covers what is about to be served: this model version, these labels, this budget. */
export function covers(
  certificate: Certificate,
  task: Task,
  champion: { model: string; version: string } | null,
): boolean {
  const { max_error: maxError, confidence } = task.definition.error_budget;
  return (
    champion !== null &&
    certificate.status === 'certified' &&
    certificate.threshold !== null &&
    Number.isFinite(certificate.threshold) &&
    certificate.taskId === task.id &&
    certificate.taskRevision === task.revision &&
    certificate.model === champion.model &&
    certificate.version === champion.version &&
    certificate.maxError === maxError &&
    certificate.confidence === confidence
  );
}
