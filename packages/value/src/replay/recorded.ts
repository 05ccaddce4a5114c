import { idTime } from '@understudy/kernel';
import type { AutomationMode } from '@understudy/ledger';

/** A decision as the ledger has it, as far as a replay needs it. */
export interface Recorded {
  id: string;
  at: number;
  outcome: 'automated' | 'review';
  label: string | null;
  suggestion: string | null;
  confidence: number | null;
  threshold: number | null;
  automation: AutomationMode;
  reason: string | null;
  certificate: string | null;
  decidedBy: { model: string; version: string } | null;
  taskId: string;
  revision: number;
  /** With which probability the audit lane drew it. */
  audit: number | null;
  cost: { amount: string; currency: string };
  erased: boolean;
  /** The text that was decided over; null when not read or erased. */
  text: string | null;
  /** What a person said it is, in the lane in which people are asked at random or always. */
  truth: string | null;
  /** Seconds of each timed verdict on it, added up, and how many there were. */
  seconds: number;
  timed: number;
}

interface Record {
  label: string | null;
  outcome: 'automated' | 'review';
  suggestion?: { label: string };
  confidence: number | null;
  threshold: number | null;
  automation: AutomationMode;
  review_reason?: string;
  certificate?: string;
  decided_by: { model: string; version: string } | null;
  task: { id: string; revision: number };
  audit?: { probability: number };
  cost: { amount: string; currency: string };
}

export interface DecisionRow {
  id: string;
  record: string;
  payload: string | null;
  erased: boolean;
}

export function readDecision({ id, record, payload, erased }: DecisionRow): Recorded {
  const parsed = JSON.parse(record) as Record;
  return {
    id,
    at: idTime(id),
    outcome: parsed.outcome,
    label: parsed.label,
    suggestion: parsed.suggestion?.label ?? null,
    confidence: parsed.confidence,
    threshold: parsed.threshold,
    automation: parsed.automation,
    reason: parsed.review_reason ?? null,
    certificate: parsed.certificate ?? null,
    decidedBy: parsed.decided_by,
    taskId: parsed.task.id,
    revision: parsed.task.revision,
    audit: parsed.audit?.probability ?? null,
    cost: parsed.cost,
    erased,
    text: payload === null ? null : textOf(payload),
    truth: null,
    seconds: 0,
    timed: 0,
  };
}

export function textOf(payload: string): string | null {
  const { input } = JSON.parse(payload) as { input?: { text?: unknown } };
  return typeof input?.text === 'string' ? input.text : null;
}

interface Label {
  label: string;
  source: string;
  echo?: boolean;
  seconds?: number;
}

/**
 * Adds the labels of a decision. Truth comes from reviewers where the decision was left to people, and from audits where
 * it was automated: there people are asked always, or at random. Whatever else is known of it was not drawn at random.
 */
export function addLabels(decision: Recorded, labels: readonly { record: string }[]): void {
  let audited = false;
  let latest: string | null = null;
  for (const { record } of labels) {
    const { label, source, echo, seconds } = JSON.parse(record) as Label;
    if (echo === true || (source !== 'reviewer' && source !== 'audit')) continue;
    latest = label; // in order of time
    if (source === 'audit') audited = true;
    if (seconds !== undefined) {
      decision.seconds += seconds;
      decision.timed++;
    }
  }
  if (decision.outcome === 'review' || (audited && decision.audit !== null)) decision.truth = latest;
}
