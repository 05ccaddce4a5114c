import type { Decision, DecisionLabel, Job, LabelRequest, PredictionRequest, ProblemDetails } from '../index.ts';

/** What a mock decides: a label, or that people have to. */
export type MockDecision =
  | string
  | { label: string; confidence?: number }
  | {
      review: NonNullable<Decision['review']>['reason'];
      suggestion?: NonNullable<Decision['suggestion']>;
    };

/** The decision in full, as the server answers it. */
export function decisionOf(id: string, task: string, item: PredictionRequest, decided: MockDecision): Decision {
  const answer = typeof decided === 'string' ? { label: decided } : decided;
  const common = {
    id,
    task,
    automation: 'certified' as const,
    ...(item.external_id === undefined ? {} : { external_id: item.external_id }),
    created_at: new Date().toISOString(),
    cost: { amount: '0.000001', currency: 'EUR' },
  };
  if ('review' in answer) {
    const { review: reason, suggestion = null } = answer;
    const model = reason === 'no_model' ? null : { rung: 'own_model', model: task, version: '1' };
    return {
      ...common,
      outcome: 'review',
      label: null,
      confidence: suggestion?.confidence ?? null,
      threshold: model === null ? null : 0.9,
      suggestion,
      review: { item: `itm_${id}`, reason },
      candidates: suggestion === null ? [] : [{ label: suggestion.label, score: suggestion.confidence }],
      decided_by: model,
    };
  }
  const { label, confidence = 0.99 } = answer;
  return {
    ...common,
    outcome: 'automated',
    label,
    confidence,
    threshold: 0.9,
    candidates: [{ label, score: confidence }],
    decided_by: { rung: 'own_model', model: task, version: '1' },
  };
}

export function labelOf(id: string, decision: string, request: LabelRequest): DecisionLabel {
  return {
    id,
    decision,
    label: request.label,
    source: request.source,
    note: request.note ?? null,
    person: request.person ?? null,
    probability: null,
    seconds: null,
    item: null,
    echo: false,
    given_by: 'key_mock',
    created_at: new Date().toISOString(),
  };
}

/** A job that is over: the mock decides at once. */
export function jobOf(id: string, task: string, decisions: Decision[], single: boolean): Job {
  const now = new Date().toISOString();
  return {
    id,
    task,
    status: 'succeeded',
    priority: 0,
    attempts: 1,
    progress: { done: decisions.length, total: decisions.length, unit: 'items', eta_seconds: 0 },
    error: null,
    not_before: null,
    created_at: now,
    started_at: now,
    finished_at: now,
    ...(single
      ? { decision: decisions[0]! }
      : {
          failed_items: 0,
          decisions: decisions.map((decision, position) => ({
            position,
            ...(decision.external_id === undefined ? {} : { external_id: decision.external_id }),
            decision,
            error: null,
          })),
          next_cursor: null,
        }),
  };
}

export const problemOf = (status: number, code: string, detail: string, requestId: string): ProblemDetails => ({
  type: `urn:understudy:error:${code}`,
  title: code,
  status,
  detail,
  code,
  request_id: requestId,
});
