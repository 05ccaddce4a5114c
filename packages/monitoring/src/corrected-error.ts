import type { CountSet } from '@understudy/ledger';
import { type CheckQuality, correctedError, type Interval } from '@understudy/statistics';
import { type AuditedErrorFigures, auditedStrata } from './audited-error.ts';

/** The audited error as it would be if reviewers never erred. */
export interface CorrectedErrorFigures extends Interval {
  estimate: number;
  /** The share of gold items that blind reviewing answered wrong. */
  reviewerError: number;
  /** How many gold items that is known from. */
  basedOn: number;
}

/**
 * What is left of the audited error when the known error of the reviewers is taken out (`correctedError` of statistics).
 * Audits of unequal probability enter with their effective number (Kish 1965). The interval is for one look.
 *
 * @returns null without audits or without gold items, and where reviewing is hardly better than chance
 */
export function correctAuditedError(
  set: CountSet,
  audited: AuditedErrorFigures,
  checks: CheckQuality,
  confidence: number,
): CorrectedErrorFigures | null {
  if (audited.estimate === null || checks.right === 0) return null;
  const strata = auditedStrata(set);
  const decisions = strata.reduce((sum, one) => sum + one.decisions, 0);
  const spread = strata.reduce((sum, one) => sum + one.decisions ** 2 / (one.right + one.wrong), 0);
  const checked = decisions ** 2 / spread;
  const corrected = correctedError({ errors: audited.estimate * checked, checked }, checks, confidence);
  if (corrected === null) return null;
  const { estimate, low, high } = corrected;
  return { estimate, low, high, reviewerError: 1 - checks.confirmed / checks.right, basedOn: checks.right };
}
