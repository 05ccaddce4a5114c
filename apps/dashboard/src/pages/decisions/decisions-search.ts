import { checked, choiceParam, textParam } from '../../search-params.ts';

/** What the list is narrowed down to; each of them is a filter of `GET /v1/decisions`. */
export interface DecisionsSearch {
  task?: string;
  outcome?: 'automated' | 'review';
  label?: string;
  model_version?: string;
  subject?: string;
  external_id?: string;
  from?: string;
  to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const dayParam = (value: unknown) => (typeof value === 'string' && DAY.test(value) ? value : undefined);

/** The filters in an address; what makes no sense is left out. */
export const parseDecisionsSearch = (raw: Record<string, unknown>): DecisionsSearch =>
  checked({
    task: textParam(raw.task, 63),
    outcome: choiceParam(raw.outcome, ['automated', 'review'] as const),
    label: textParam(raw.label, 200),
    model_version: textParam(raw.model_version, 40),
    subject: textParam(raw.subject),
    external_id: textParam(raw.external_id),
    from: dayParam(raw.from),
    to: dayParam(raw.to),
  });
