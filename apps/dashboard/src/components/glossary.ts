/** The words of the trade, each in a sentence that somebody reads who has never heard it. */
export const glossary = {
  automated: 'Answered by the platform without a person, within the error budget.',
  'automation rate': 'The share of decisions that the platform answered without a person.',
  'audit lane':
    'A random share of automated decisions that is also shown to a person, who does not see the answer. It is how the true error is measured.',
  'audited error': 'The share of automated decisions that were wrong, as measured by blind audits.',
  baseline: 'What the same work costs when people do all of it.',
  calibration: 'Whether an answer that is given with 90 % confidence is right 90 % of the time.',
  candidates: 'The answers that the model considered, best first.',
  certificate:
    'The statistical proof that, at this threshold, the error of automated decisions stays within the budget. It holds for one model version and one task definition.',
  champion: 'The model version that answers now.',
  confidence: 'How sure the model is of its answer, from 0 to 100 %.',
  'confidence level': 'How certain the guarantee itself is: at 95 %, it may be wrong in 1 of 20 such certificates.',
  coverage: 'The share of all items that can be automated within the error budget.',
  dataset: 'A fixed, numbered set of labelled examples. It never changes once it is made.',
  decision: 'One question that was asked and what was answered, kept for good in the ledger.',
  'error budget': 'The largest share of automated decisions that may be wrong. You set it; the platform keeps to it.',
  'human touch': 'The share of decisions that a person worked on, audits included.',
  interval: 'The range in which the true value lies with 95 % certainty. More labels make it narrower.',
  label: 'The right answer about an item, given by a person or by your application.',
  ledger: 'The record of every decision. Changes to it, even by an administrator, would be noticed.',
  'ledger proof': 'A short calculation that shows that this decision stands unchanged in the ledger.',
  'macro F1': 'An average of how well each label is found, every label counting the same. 100 % is perfect.',
  precision: 'Of the items that got this label, the share that deserved it.',
  recall: 'Of the items that deserve this label, the share that got it.',
  retraining: 'Learning again, from more labels than before.',
  'review item': 'An item that waits for a person’s answer.',
  rung: 'Who answered: the own model, a hosted model, or a person.',
  suggestion: 'What the model would have said, had it been sure enough.',
  threshold: 'How sure the model has to be for its answer to be used. It follows from the error budget.',
  'gold item': 'An item whose right answer is known, mixed in to see how accurate reviewing is.',
  'dead letter':
    'An item or message that was given up, kept with the reason until somebody sends it on its way again or discards it.',
  lag: 'How many messages wait in the broker to be taken.',
  webhook: 'An address of your application that is told when something happens here.',
  agreement: 'How often two people who saw the same item gave the same answer.',
} as const satisfies Record<string, string>;

export type GlossaryTerm = keyof typeof glossary;
