-- Webhooks that were deleted and whose log is still to be: it may be long, and goes piece by piece.
CREATE TABLE events.removed_webhooks (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" NOT NULL,
  removed_at timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (workspace_id, id)
);
SELECT kernel.protect('events.removed_webhooks');
