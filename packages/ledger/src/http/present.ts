import type { RecordedDecision, RecordedLabel } from '../decision-view.ts';
import type { HeadState } from '../ports.ts';
import type { DecisionProof } from '../proof.ts';
import { labelsConflict, truthOf } from '../truth.ts';

/** The review item of a decision has its id from it. */
const itemOf = (decision: string) => `itm_${decision.slice(4)}`;

export function presentSummary(decision: RecordedDecision) {
  return {
    id: decision.id,
    task: decision.task.slug,
    task_revision: decision.task.revision,
    outcome: decision.outcome,
    label: decision.label,
    suggestion: decision.suggestion,
    confidence: decision.confidence,
    threshold: decision.threshold,
    automation: decision.automation,
    review: decision.review_reason === null ? null : { item: itemOf(decision.id), reason: decision.review_reason },
    candidates: decision.candidates,
    decided_by: decision.decided_by,
    external_id: decision.externalId,
    subject: decision.subject,
    created_at: decision.created_at,
    cost: decision.cost,
    erased: decision.erased,
  };
}

export function presentLabel(decision: string, label: RecordedLabel) {
  return {
    id: label.id,
    decision,
    label: label.label,
    source: label.source,
    note: label.note,
    person: label.person === '' ? null : label.person,
    probability: label.probability,
    seconds: label.seconds,
    item: label.item,
    echo: label.echo,
    given_by: label.principal,
    created_at: label.createdAt,
  };
}

export function presentDetail(decision: RecordedDecision, labels: readonly RecordedLabel[]) {
  return {
    ...presentSummary(decision),
    input: decision.input,
    attributes: decision.attributes,
    features: decision.features,
    labels: labels.map((label) => presentLabel(decision.id, label)),
    labels_conflict: labelsConflict(labels),
    truth: truthOf(labels)?.label ?? null,
    audit: decision.audit,
    timings: decision.timings,
    request_id: decision.request_id,
    trace_id: decision.trace_id,
    certificate: decision.certificate,
    ledger: { commit: decision.commit, position: decision.position },
  };
}

export function presentHead({ size, entries, decisions, head }: HeadState) {
  return { size, entries, decisions, head: head.toString('hex') };
}

export function presentProof({ commit: { committedAt, ...commit }, ...proof }: DecisionProof) {
  return { ...proof, commit: { ...commit, committed_at_ms: committedAt } };
}
