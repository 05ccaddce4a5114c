-- Labelled rows of tasks. The task is named by its opaque id; its rules live in another room.
CREATE TABLE lake.examples (
  workspace_id text NOT NULL,
  task_id text NOT NULL,
  id text NOT NULL,
  input jsonb NOT NULL,
  label text NOT NULL,
  subject text,
  external_id text,
  occurred_at timestamptz,
  attributes jsonb NOT NULL,
  source text NOT NULL,
  -- 128 bits of SHA-256 over the normalised input: rows that share it are duplicates (same label) or conflicts.
  input_hash bytea NOT NULL,
  -- SHA-256 over the canonical content: dataset versions are the hash of these.
  content_hash bytea NOT NULL,
  PRIMARY KEY (task_id, id)
);
CREATE UNIQUE INDEX examples_duplicates ON lake.examples (task_id, input_hash, label);
CREATE INDEX examples_by_label ON lake.examples (task_id, label);
SELECT kernel.protect('lake.examples');

CREATE TABLE lake.datasets (
  workspace_id text NOT NULL,
  task_id text NOT NULL,
  id text NOT NULL,
  sequence bigint GENERATED ALWAYS AS IDENTITY,
  rows bigint NOT NULL,
  groups bigint NOT NULL,
  conflicts bigint NOT NULL,
  labels jsonb NOT NULL,
  attributes jsonb NOT NULL,
  object_key text NOT NULL UNIQUE,
  object_sha256 text NOT NULL,
  object_bytes bigint NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (task_id, id)
);
CREATE INDEX datasets_newest ON lake.datasets (task_id, sequence DESC);
SELECT kernel.protect('lake.datasets');
REVOKE UPDATE ON lake.datasets FROM understudy_app;
