import { defineErrors } from '@understudy/kernel';

export const decisionsErrors = defineErrors({
  task_not_found: {
    title: 'There is no such task',
    description:
      'The workspace has no task of this name. `GET /v1/tasks` lists them; `PUT /v1/tasks/{task}` makes one.',
    retryable: false,
  },
  task_exists: {
    title: 'The task exists already',
    description: 'The request said `If-None-Match: *` (create only), and the task is there. Nothing was changed.',
    retryable: false,
  },
  stale_version: {
    title: 'The resource was changed by somebody else',
    description:
      'The `If-Match` of the request is not the current `ETag`. Read the resource again, then repeat the edit.',
    retryable: false,
  },
  duplicate_label: {
    title: 'A label stands twice in the task',
    description: 'Label names are unique within a task after Unicode normalisation (NFC).',
    retryable: false,
  },
  invalid_label: {
    title: 'A name cannot be a label',
    description: 'A label has 1…200 characters and no control characters.',
    retryable: false,
  },
  too_many_labels: {
    title: 'The task would have too many labels',
    description: 'A task has at most 1,000 labels.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it is opaque and cannot be made by hand.',
    retryable: false,
  },
  kind_immutable: {
    title: 'The kind of a task cannot be changed',
    description: 'Make another task instead.',
    retryable: false,
  },
  input_too_long: {
    title: 'The input is longer than the task allows',
    description: 'The task’s `input.text.max_length` bounds the text, counted in UTF-16 code units.',
    retryable: false,
  },
  invalid_protobuf: {
    title: 'The body is not the Protocol Buffers message that this route takes',
    description:
      'The body could not be read as the message that `/understudy.proto` names for this route: it breaks off, a field has another wire type, a string is not UTF-8.',
    retryable: false,
  },
  not_acceptable: {
    title: 'The answer cannot have a form that `Accept` wants',
    description: 'Decisions come as `application/json` or `application/x-protobuf`. Nothing was decided.',
    retryable: false,
  },
  invalid_text: {
    title: 'The text is not valid Unicode',
    description: 'A text holds an unpaired surrogate or the character U+0000, neither of which can be stored.',
    retryable: false,
  },
});
