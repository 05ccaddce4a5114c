import { defineErrors } from '@understudy/kernel';

export const reviewErrors = defineErrors({
  review_item_not_found: {
    title: 'No such review item',
    description: 'The item does not exist in this workspace, or its decision has not reached the queue yet.',
    retryable: false,
  },
  claim_lost: {
    title: 'The claim is over',
    description:
      'The lease ended and somebody else has the item, or it was handed back. Nothing was recorded. Claim the next one.',
    retryable: false,
  },
  verdict_differs: {
    title: 'Another verdict was given under this claim',
    description: 'A claim has one verdict. To change it, undo it and answer again.',
    retryable: false,
  },
  review_item_closed: {
    title: 'The item needs no answer any more',
    description:
      'Its task was deleted, its content was erased, or none of the labels that it could be answered with is left. `closed_reason` says which.',
    retryable: false,
  },
  label_removed: {
    title: 'The task does not have this label any more',
    description:
      'The label was removed from the task after the item was shown. Claim the item again to see the labels as they are.',
    retryable: false,
  },
  label_too_new: {
    title: 'The decision does not know this label',
    description:
      'The label was added to the task after the decision was made, and a decision is labelled in the terms of its own revision. Choose one of the labels that stand at the item, or escalate it.',
    retryable: false,
  },
  undo_too_late: {
    title: 'The verdict cannot be taken back any more',
    description:
      'The time for it is over, somebody else has worked on the item since, or it was taken back already. A lead can correct it.',
    retryable: false,
  },
  leads_only: {
    title: 'Only leads may do this',
    description: 'Escalated items, and items by their id, are claimed with the scope review:lead.',
    retryable: false,
  },
  explanation_before_verdict: {
    title: 'Answer first',
    description: 'What moved the model is shown after the own verdict, so that it does not move the reviewer.',
    retryable: false,
  },
  explanation_unavailable: {
    title: 'There is no explanation',
    description: 'No model took part in the decision, or its version cannot be loaded any more.',
    retryable: false,
  },
  gold_exists: {
    title: 'The decision is a gold item already',
    description: 'Remove it first to give it another answer.',
    retryable: false,
  },
  gold_not_found: {
    title: 'No such gold item',
    description: 'It does not exist in this workspace, or it was removed.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it cannot be made by hand.',
    retryable: false,
  },
  content_erased: {
    title: 'The content was erased',
    description: 'What a reviewer would have to see is not there any more.',
    retryable: false,
  },
});
