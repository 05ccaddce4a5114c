import type { CountSet } from '@understudy/ledger';
import {
  type AuditedErrorFigures,
  auditedError,
  type Estimated,
  type EstimateOptions,
  knownShare,
} from './audited-error.ts';

/** What every table, bucket and task shows about its decisions. */
export interface Summary {
  decisions: number;
  automated: number;
  review: number;
  automationRate: number | null;
  humanTouchRate: number | null;
  auditedError: AuditedErrorFigures;
  answered: number;
  waiting: number;
  suggestionError: Estimated;
}

const total = (rows: readonly { decisions: number }[]): number => rows.reduce((sum, row) => sum + row.decisions, 0);

export function summarise(set: CountSet, options: EstimateOptions): Summary {
  const automated = total(set.automated);
  const review = total(set.review);
  const decisions = automated + review;
  const error = auditedError(set, options);
  const reviewed = set.truth.filter(({ lane }) => lane === 'reviewed');
  const closed = set.truth.filter(({ lane }) => lane === 'reviewed' || lane === 'imported');
  const suggested = reviewed.filter(({ right }) => right !== null);
  const wrong = total(suggested.filter(({ right }) => right === false));
  const suggestions = total(set.review.filter(({ suggested: one }) => one));
  return {
    decisions,
    automated,
    review,
    automationRate: decisions === 0 ? null : automated / decisions,
    humanTouchRate: decisions === 0 ? null : (review + error.drawn) / decisions,
    auditedError: error,
    answered: total(reviewed),
    waiting: Math.max(0, review - total(closed)) + error.pending,
    suggestionError: knownShare(wrong, total(suggested), suggestions, options),
  };
}

/** As a response has it. */
export function presentSummary(summary: Summary) {
  const { decisions, automated, review, automationRate, humanTouchRate, answered, waiting } = summary;
  return {
    decisions,
    automated,
    review,
    automation_rate: automationRate,
    human_touch_rate: humanTouchRate,
    audited_error: summary.auditedError,
    answered,
    waiting,
    suggestion_error: summary.suggestionError,
  };
}
