import { defineErrors } from '@understudy/kernel';

export const trainingErrors = defineErrors({
  training_cancelled: {
    title: 'The training run was cancelled',
    description: 'Somebody cancelled the run. Nothing was registered.',
    retryable: false,
  },
  training_data_insufficient: {
    title: 'There is not enough data to train on',
    description: 'The detail says what is missing: labels, rows a label, or distinct texts.',
    retryable: false,
  },
  training_out_of_memory: {
    title: 'Training would need more memory than it may use',
    description: 'Raise UNDERSTUDY_TRAINING_MEMORY_MB, or train on fewer rows.',
    retryable: false,
  },
  training_failed: {
    title: 'The training run failed',
    description: 'The trainer stopped unexpectedly. The run’s log says where.',
    retryable: true,
  },
  training_run_not_found: {
    title: 'There is no such training run',
    description: 'The workspace has no training run of this id.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it is opaque and cannot be made by hand.',
    retryable: false,
  },
  nothing_to_certify: {
    title: 'There is nothing to certify',
    description: 'The task has no model yet, or one whose scores were never stored. Train a model first.',
    retryable: false,
  },
  unknown_parameter: {
    title: 'A training parameter is not known',
    description: 'The trainer does not know a parameter of this name, or the value is out of its range.',
    retryable: false,
  },
  unknown_trainer: {
    title: 'There is no such trainer',
    description: 'The detail lists the trainers that this installation has.',
    retryable: false,
  },
});
