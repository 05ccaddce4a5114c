import type { Budget } from './budget.ts';
import type { FittedCertificate } from './fit-certificate.ts';
import type { CertifiableTask } from './ports.ts';

/** One position of the error-budget dial: what is to be expected if the budget were this. */
export interface DialPosition extends Budget {
  status: FittedCertificate['status'];
  threshold: number | null;
  coverage: number;
  /** Estimated share of wrong ones among the automated; null where nothing is automated. */
  error: number | null;
  needed: FittedCertificate['needed'];
  /** Null where there was no traffic to count by. */
  perMonth: MonthlyFigures | null;
}

export interface MonthlyFigures {
  decisions: number;
  automated: number;
  /** Wrong automated answers: as estimated, and the most that the guarantee allows. */
  errors: number;
  errorsAtMost: number;
  reviewerMinutes: number;
  auditMinutes: number;
  /** Reviewers' and audits' time and the errors; in the task's currency. */
  cost: number;
}

/** The budgets of the dial, besides the task's own. */
export const DIAL = [0.005, 0.01, 0.015, 0.02, 0.025, 0.03, 0.04, 0.05, 0.06, 0.08, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3];

export function positionOf(
  budget: Budget,
  fitted: FittedCertificate,
  task: CertifiableTask,
  monthlyDecisions: number | null,
): DialPosition {
  const coverage = fitted.coverage ?? 0;
  const { status, threshold, needed, error } = fitted;
  return {
    ...budget,
    status,
    threshold,
    coverage,
    error,
    needed,
    perMonth: monthlyDecisions === null ? null : monthOf(monthlyDecisions, coverage, error ?? 0, budget, task),
  };
}

function monthOf(
  decisions: number,
  coverage: number,
  error: number,
  { maxError }: Budget,
  { economics, auditRate }: CertifiableTask,
): MonthlyFigures {
  const automated = decisions * coverage;
  const reviewerMinutes = (decisions - automated) * economics.minutesPerItem;
  const auditMinutes = automated * auditRate * economics.minutesPerItem;
  const errors = automated * error;
  return {
    decisions,
    automated,
    errors,
    errorsAtMost: automated * maxError,
    reviewerMinutes,
    auditMinutes,
    cost: ((reviewerMinutes + auditMinutes) / 60) * economics.costPerHour + errors * economics.costOfError,
  };
}
