CREATE TABLE training.runs (
  workspace_id text NOT NULL,
  id text PRIMARY KEY,
  task_id text NOT NULL,
  status text NOT NULL,
  -- Everything that only people read; what the queue needs stands in columns.
  body jsonb NOT NULL,
  cancel_requested boolean NOT NULL DEFAULT false,
  attempts integer NOT NULL DEFAULT 0,
  lease_owner text,
  lease_until timestamptz,
  version bigint NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz
);
SELECT kernel.protect('training.runs');
CREATE INDEX runs_of_task ON training.runs (workspace_id, task_id, id DESC);
CREATE INDEX runs_open ON training.runs (created_at) WHERE status IN ('queued', 'running');
