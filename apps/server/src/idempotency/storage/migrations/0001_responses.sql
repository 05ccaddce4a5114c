CREATE TABLE edge.idempotent_responses (
  workspace_id text NOT NULL,
  key_hash bytea NOT NULL,
  owner text,
  lease_until timestamptz,
  request_hash bytea,
  status integer,
  headers jsonb,
  body bytea,
  created_at timestamptz NOT NULL DEFAULT clock_timestamp(),
  PRIMARY KEY (workspace_id, key_hash)
);
SELECT kernel.protect('edge.idempotent_responses');
CREATE INDEX idempotent_responses_age ON edge.idempotent_responses (created_at);
