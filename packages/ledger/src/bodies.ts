import type { RecordedDecision, RecordedLabel } from './decision-view.ts';

/** The review item of a decision has its id from it. */
const itemOf = (decision: string) => `itm_${decision.slice(4)}`;

/** A decision as lists and events show it: without its input. */
export function decisionSummary(decision: RecordedDecision) {
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

/** A label as answers and events show it. */
export function labelBody(decision: string, label: RecordedLabel) {
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
