import { defineErrors } from '@understudy/kernel';

export const monitoringErrors = defineErrors({
  invalid_window: {
    title: 'The window cannot be used',
    description: '`from` must lie before `to`, and the window must not hold more than 2,000 buckets.',
    retryable: false,
  },
  alert_not_found: {
    title: 'There is no such alert',
    description: 'The workspace has no alert of this id.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'Use `next_cursor` of the page before, unchanged.',
    retryable: false,
  },
});
