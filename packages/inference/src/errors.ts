import { defineErrors } from '@understudy/kernel';

export const inferenceErrors = defineErrors({
  model_artifact_invalid: {
    title: 'The model file is not valid',
    description:
      'The bytes of a model artifact do not match their recorded digest, exceed a bound or do not have the declared format. The file is not loaded; train again or promote another version.',
    retryable: false,
  },
  model_overloaded: {
    title: 'Too many items wait for the model',
    description: 'The queue of the model is full. Wait for `Retry-After`, then send the item again.',
    retryable: true,
  },
  model_unavailable: {
    title: 'The model cannot answer now',
    description:
      'The model is loading, overloaded, timed out or its circuit is open. Predictions then go to a person (`review.reason: model_unavailable`); explanations can be retried.',
    retryable: true,
  },
});
