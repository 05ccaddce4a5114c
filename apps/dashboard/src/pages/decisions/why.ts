import type { DecisionDetail } from '@understudy/client';
import { percent } from '../../formatting/numbers.ts';

type Facts = Pick<
  DecisionDetail,
  | 'outcome'
  | 'label'
  | 'suggestion'
  | 'confidence'
  | 'threshold'
  | 'automation'
  | 'review'
  | 'decided_by'
  | 'certificate'
>;

export interface Why {
  title: string;
  text: string;
  /** What would make it otherwise. */
  next: string | null;
}

const REASONS: Readonly<Record<string, (facts: Facts) => Omit<Why, 'title'>>> = {
  below_threshold: ({ suggestion, confidence, threshold }) => ({
    text: `The model would have said “${suggestion?.label ?? '?'}”, but was only ${percent(suggestion?.confidence ?? confidence)} sure. For this task it has to be at least ${percent(threshold)} sure, because less sure answers would be wrong more often than the error budget allows.`,
    next: 'More labels like this one, or a larger error budget, lower the bar.',
  }),
  not_certified: ({ decided_by }) => ({
    text: `No valid certificate covers ${decided_by === null ? 'the model' : `version ${decided_by.version} of the model`} for the task as it stands: either it was never proved that its error stays within the budget, or the task, the model or the budget changed since, or an audit suspended it. Until then people answer.`,
    next: 'The task’s page says how many labels are missing for a certificate.',
  }),
  automation_off: () => ({
    text: 'Automation is switched off for this task, so people answer everything.',
    next: 'It can be switched on in the task’s settings.',
  }),
  no_model: () => ({
    text: 'The task had no model yet. People answer until one has learnt from their answers.',
    next: 'Import examples or answer some items, then train a model.',
  }),
  model_unavailable: () => ({
    text: 'The model did not answer in time or failed. Rather than guess, the item went to a person.',
    next: 'If this happens often, the operator finds the cause in the server’s log.',
  }),
  audit: () => ({
    text: 'The item was drawn for the blind audit: a person answers it without seeing the model’s answer.',
    next: null,
  }),
};

/** Why a person was asked, or why not, in words for somebody who knows no statistics. */
export function whyOf(facts: Facts): Why {
  const { outcome, label, confidence, threshold, automation, review } = facts;
  if (outcome === 'automated') {
    const sure = `The model was ${percent(confidence)} sure of “${label ?? '?'}”`;
    return automation === 'uncertified'
      ? {
          title: 'Why was this automated?',
          text: `${sure}, and the task takes answers from ${percent(threshold)} on by a rule that somebody set by hand. Nothing is proved about how often that is wrong.`,
          next: 'With certified automation, the threshold follows from the error budget.',
        }
      : {
          title: 'Why was this automated?',
          text: `${sure}. From ${percent(threshold)} on, it is proved that the error of automated answers stays within the task’s budget.`,
          next: null,
        };
  }
  const reason = REASONS[review?.reason ?? ''];
  return {
    title: 'Why was this not automated?',
    ...(reason?.(facts) ?? { text: `The server gave the reason “${review?.reason ?? 'none'}”.`, next: null }),
  };
}
