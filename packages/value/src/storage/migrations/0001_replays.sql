CREATE TABLE value.replays (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" PRIMARY KEY,
  task_id text COLLATE "C" NOT NULL,
  status text NOT NULL,
  -- What only people read; what the queue needs stands in columns.
  body jsonb NOT NULL,
  cancel_requested boolean NOT NULL DEFAULT false,
  attempts integer NOT NULL DEFAULT 0,
  lease_owner text,
  lease_until timestamptz,
  created_at timestamptz NOT NULL,
  started_at timestamptz,
  finished_at timestamptz
);
SELECT kernel.protect('value.replays');
CREATE INDEX replays_of_task ON value.replays (workspace_id, task_id, id DESC);
CREATE INDEX replays_open ON value.replays (created_at) WHERE status IN ('queued', 'running');
