import { decisionSummary, labelBody } from '../bodies.ts';
import type { RecordedDecision, RecordedLabel } from '../decision-view.ts';
import type { HeadState } from '../ports.ts';
import type { DecisionProof } from '../proof.ts';
import { labelsConflict, truthOf } from '../truth.ts';

export function presentDetail(decision: RecordedDecision, labels: readonly RecordedLabel[]) {
  return {
    ...decisionSummary(decision),
    input: decision.input,
    attributes: decision.attributes,
    features: decision.features,
    labels: labels.map((label) => labelBody(decision.id, label)),
    labels_conflict: labelsConflict(labels),
    truth: truthOf(labels)?.label ?? null,
    audit: decision.audit,
    timings: decision.timings,
    request_id: decision.request_id,
    trace_id: decision.trace_id,
    via: decision.via,
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
