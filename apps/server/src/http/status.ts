/** The one place where an error code gets its HTTP status. A code that is missing here fails a test. */
export const statusOf: Readonly<Record<string, number>> = {
  // the edge
  invalid_body: 400,
  unknown_field: 400,
  invalid_json: 400,
  malformed_request: 400,
  not_found: 404,
  method_not_allowed: 405,
  unsupported_media_type: 415,
  body_too_large: 413,
  unauthenticated: 401,
  forbidden: 403,
  rate_limited: 429,
  overloaded: 503,
  shutting_down: 503,
  invalid_idempotency_key: 400,
  idempotency_key_reused: 422,
  idempotency_key_in_flight: 409,
  internal_error: 500,
  // database
  database_unavailable: 503,
  storage_full: 507,
  // decisions
  task_not_found: 404,
  task_exists: 412,
  stale_version: 412,
  duplicate_label: 400,
  kind_immutable: 409,
  input_too_long: 400,
  invalid_text: 400,
  // inference
  model_artifact_invalid: 422,
  model_unavailable: 503,
  model_overloaded: 503,
  // training
  training_cancelled: 409,
  training_data_insufficient: 422,
  training_out_of_memory: 507,
  training_failed: 500,
  training_run_not_found: 404,
  unknown_parameter: 400,
  // registry
  model_not_found: 404,
  model_version_not_found: 404,
  alias_not_found: 404,
  unknown_trainer: 400,
};
