import { defineErrors } from '@understudy/kernel';

export const identityErrors = defineErrors({
  key_not_found: {
    title: 'There is no such API key',
    description: 'The workspace has no API key with this id.',
    retryable: false,
  },
  workspace_not_found: {
    title: 'There is no such workspace',
    description: 'The workspace of this credential does not exist any more.',
    retryable: false,
  },
  unknown_scope: {
    title: 'The scope does not exist',
    description: 'A requested scope is not one of those in docs/reference/scopes.md. `errors` points at each.',
    retryable: false,
  },
  key_exceeds_creator: {
    title: 'A key cannot give more than it has',
    description:
      'The requested scopes, rate limit or expiry go beyond those of the key that asks. `errors` points at each. Ask with a key that holds them.',
    retryable: false,
  },
  expiry_in_past: {
    title: 'The expiry lies in the past',
    description: '`expires_at` has to be a time to come.',
    retryable: false,
  },
  too_many_keys: {
    title: 'The workspace has too many API keys',
    description: 'A workspace holds at most 1,000 keys that are not revoked. Revoke some first.',
    retryable: false,
  },
  operator_key_invalid: {
    title: 'The operator key is not usable',
    description: 'An operator key is `us_op_` and at least 32 random characters of A–Z, a–z, 0–9, `_` and `-`.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it is opaque and cannot be made by hand.',
    retryable: false,
  },
});
