import { defineErrors } from '@understudy/kernel';

export const backupErrors = defineErrors({
  backup_invalid: {
    title: 'The file is not a whole backup',
    description:
      'It is no backup of Understudy, was cut off, changed or damaged, or names a table that this version does not have. Nothing was restored.',
    retryable: false,
  },
});
