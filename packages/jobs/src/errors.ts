import { defineErrors } from '@understudy/kernel';

export const jobErrors = defineErrors({
  job_not_found: {
    title: 'No such job',
    description: 'The job does not exist in this workspace, or it finished so long ago that it was removed.',
    retryable: false,
  },
  job_finished: {
    title: 'The job has ended already',
    description: 'It succeeded or failed before it could be cancelled. Its result stands.',
    retryable: false,
  },
  job_shape_invalid: {
    title: 'A job has either one input or a list of items',
    description:
      'Give `input` (with `subject`, `external_id` and `attributes` beside it) or `items`, each with its own; of a job with items, `external_id` names the job.',
    retryable: false,
  },
  job_items_failed: {
    title: 'Some items of the job could not be decided',
    description: 'The others were. `decisions` names each with its error; the dead letters hold them for another try.',
    retryable: false,
  },
  job_attempt_timed_out: {
    title: 'The attempt took too long',
    description: 'No answer came within the time that one attempt may take. It is tried again.',
    retryable: true,
  },
  job_worker_lost: {
    title: 'The worker that had the job vanished',
    description:
      'The process ended or stood still past its lease, again and again, even with nothing but this job in hand.',
    retryable: true,
  },
  reply_bus_unknown: {
    title: 'There is no such bus',
    description: '`reply_to.bus` is a name that the operator configured in `UNDERSTUDY_BUSES`.',
    retryable: false,
  },
  dead_letter_not_found: {
    title: 'No such dead letter',
    description: 'It does not exist in this workspace, was replayed or discarded, or was removed after its time.',
    retryable: false,
  },
  replay_not_possible: {
    title: 'The letter cannot be sent on its way again',
    description: 'What it belongs to is gone or has ended in another way, or its edited content does not fit.',
    retryable: false,
  },
  replay_request_invalid: {
    title: 'It is not clear what to replay',
    description: 'Give either `ids` or a `filter`; `edits` name letters among the ids.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it cannot be made by hand.',
    retryable: false,
  },
});
