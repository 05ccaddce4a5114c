import { newId } from '@understudy/kernel';
import type { DecisionEntry, LabelEntry } from '../entry.ts';

/** A plausible decision; `fields` replace what a test cares about. */
export function exampleDecision(workspace: string, at: number, fields: Partial<DecisionEntry> = {}): DecisionEntry {
  return {
    kind: 'decision',
    workspace,
    id: newId('dec', at),
    task: { id: 'tsk_0123456789abcdefghjkmnpqrs', slug: 'comment-moderation', revision: 1 },
    label: 'spam',
    suggestion: null,
    confidence: 0.987,
    threshold: 0.912,
    candidates: [
      { label: 'spam', score: 0.987 },
      { label: 'ok', score: 0.011 },
      { label: 'toxic', score: 0.002 },
    ],
    decidedBy: { rung: 'own_model', model: 'comment-moderation', version: '7' },
    automation: 'certified',
    reviewReason: null,
    audit: null,
    cost: { amount: '0.000004', currency: 'EUR' },
    timings: { inference: 51, total: 64 },
    requestId: 'req_0123456789abcdefghjkmnpqrs',
    idempotencyKeyHash: null,
    payload: { input: { text: 'Buy cheap watches now, only today, at our little shop!' } },
    ...fields,
  };
}

/** A decision that waits for a person. */
export function exampleReview(workspace: string, at: number, fields: Partial<DecisionEntry> = {}): DecisionEntry {
  return exampleDecision(workspace, at, {
    label: null,
    suggestion: { label: 'ok', confidence: 0.7 },
    confidence: 0.7,
    reviewReason: 'below_threshold',
    ...fields,
  });
}

export function exampleLabel(
  workspace: string,
  at: number,
  decision: string,
  fields: Partial<LabelEntry> = {},
): LabelEntry {
  return {
    kind: 'label',
    workspace,
    id: newId('lab', at),
    decision,
    label: 'ok',
    source: 'application',
    principal: 'key_0123456789abcdefghjkmnpqrs',
    probability: null,
    ...fields,
  };
}
