import { defineErrors } from '@understudy/kernel';

/** The errors of the HTTP edge itself. */
export const httpErrors = defineErrors({
  invalid_body: {
    title: 'The request is not valid',
    description: 'The body, a query parameter or a path parameter breaks the schema. `errors` points at each place.',
    retryable: false,
  },
  unknown_field: {
    title: 'The request has a field that does not exist',
    description: 'Unknown fields are an error, never ignored. `errors` points at each.',
    retryable: false,
  },
  invalid_json: {
    title: 'The body is not JSON',
    description:
      'The body could not be parsed: it is malformed, empty, not UTF-8, nested too deeply, or holds a forbidden key such as __proto__.',
    retryable: false,
  },
  malformed_request: {
    title: 'The request is not well-formed HTTP',
    description: 'The request line, a header or the framing of the body breaks RFC 9112.',
    retryable: false,
  },
  not_found: {
    title: 'There is nothing here',
    description: 'No route has this path, or the resource does not exist in this workspace.',
    retryable: false,
  },
  method_not_allowed: {
    title: 'The method is not allowed here',
    description: 'The path exists, but not with this method. `Allow` lists those that do.',
    retryable: false,
  },
  unsupported_media_type: {
    title: 'The content type is not supported',
    description: 'The detail says which content types this route takes.',
    retryable: false,
  },
  body_too_large: {
    title: 'The body is too large',
    description:
      'Imports take any size at `POST /v1/tasks/{task}/examples`; other routes are bounded by `UNDERSTUDY_MAX_BODY_MB`.',
    retryable: false,
  },
  unauthenticated: {
    title: 'A valid credential is needed',
    description:
      'Send `Authorization: Bearer <API key>`, or the cookie of a session (`POST /v1/session`). The key or session is missing, unknown, expired or revoked.',
    retryable: false,
  },
  forbidden: {
    title: 'The credential may not do this',
    description: 'The detail names the scope that the key lacks.',
    retryable: false,
  },
  rate_limited: {
    title: 'Too many requests',
    description:
      'The key, the session or the workspace used up its requests for this window: `violated-policies` says which. Wait for `Retry-After`.',
    retryable: true,
  },
  overloaded: {
    title: 'The server is overloaded',
    description: 'The server sheds load to keep answering. Wait for `Retry-After`.',
    retryable: true,
  },
  not_a_gateway: {
    title: 'This process does not serve the API',
    description:
      'The process has none of the role `gateway`: it answers `/healthz/live`, `/healthz/ready`, `/version` and `/metrics` only. Send the request to a gateway.',
    retryable: false,
  },
  shutting_down: {
    title: 'This server is stopping',
    description:
      'The server is draining. Send the request again; another server, or this one after its restart, answers.',
    retryable: true,
  },
  invalid_idempotency_key: {
    title: 'The Idempotency-Key is not valid',
    description: 'It must be 1 to 255 printable ASCII characters, optionally in double quotes.',
    retryable: false,
  },
  idempotency_key_reused: {
    title: 'The Idempotency-Key was used for another request',
    description: 'The same key came with another body or another route. Make a new key for a new request.',
    retryable: false,
  },
  idempotency_key_in_flight: {
    title: 'A request with this Idempotency-Key is in flight',
    description: 'The first request with this key has not finished. Wait for `Retry-After`, then send it again.',
    retryable: true,
  },
  internal_error: {
    title: 'Something went wrong on our side',
    description: 'The server’s log has the cause under this `request_id`.',
    retryable: true,
  },
});
