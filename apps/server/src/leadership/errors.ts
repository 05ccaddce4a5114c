import { defineErrors } from '@understudy/kernel';

export const leadershipErrors = defineErrors({
  leadership_lost: {
    title: 'This process no longer leads',
    description:
      'Another scheduler has taken over what only one may do; nothing was changed. It goes on there, by itself.',
    retryable: true,
  },
});
