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
  member_not_found: {
    title: 'There is no such member',
    description: 'The workspace has no member with this id.',
    retryable: false,
  },
  member_inactive: {
    title: 'The member may not sign in',
    description: 'The member is not active. Set `active` to true first.',
    retryable: false,
  },
  email_taken: {
    title: 'Another member has this e-mail address',
    description: 'E-mail addresses are unique within a workspace, whatever their case.',
    retryable: false,
  },
  role_exceeds_creator: {
    title: 'Nobody can give, change or use a role above their own',
    description:
      'Adding, changing or removing a member, and letting them sign in, needs every scope of their role, before and after the change.',
    retryable: false,
  },
  last_owner: {
    title: 'A workspace with members keeps an owner',
    description: 'This is the last active owner. Make another member owner first.',
    retryable: false,
  },
  too_many_members: {
    title: 'The workspace has too many members',
    description: 'A workspace holds at most 1,000 members. Remove some first.',
    retryable: false,
  },
  stale_version: {
    title: 'The resource was changed by somebody else',
    description:
      'The `If-Match` of the request is not the current `ETag`. Read the resource again, then repeat the edit.',
    retryable: false,
  },
  sign_in_refused: {
    title: 'The code or key does not sign in',
    description:
      'The one-time code is unknown, was used or has run out, or the API key is unknown, expired or revoked. Ask for a new code: `understudy sign-in`.',
    retryable: false,
  },
  too_many_sign_ins: {
    title: 'Too many attempts to sign in',
    description: 'This address has tried to sign in too often. Wait for `Retry-After`.',
    retryable: true,
  },
  unauthenticated: {
    title: 'A valid credential is needed',
    description:
      'Send `Authorization: Bearer <API key>`, or the cookie of a session (`POST /v1/session`). The key or session is missing, unknown, expired or revoked.',
    retryable: false,
  },
  operator_cannot_sign_in: {
    title: 'The operator key does not sign in',
    description:
      'The operator makes workspaces and belongs to none. Sign in with a one-time code or with an API key of the workspace.',
    retryable: false,
  },
  no_session: {
    title: 'This browser is not signed in there',
    description: 'No session of this browser is alive in that workspace. Sign in to it first.',
    retryable: false,
  },
  csrf_failed: {
    title: 'The request does not come from the page that is signed in',
    description:
      'A request with a session’s cookie that changes something needs `X-CSRF-Token` with the `csrf_token` of the active session, and has to come from the same origin (`Origin`, `Sec-Fetch-Site`). After switching to another workspace, load the page again. Behind a proxy that changes the `Host` header, set `UNDERSTUDY_PUBLIC_URL`.',
    retryable: false,
  },
  invalid_cursor: {
    title: 'The cursor is not valid',
    description: 'A cursor comes from `next_cursor` of the same list; it is opaque and cannot be made by hand.',
    retryable: false,
  },
});
