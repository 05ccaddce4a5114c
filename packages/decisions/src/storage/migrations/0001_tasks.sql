CREATE TABLE decisions.tasks (
  workspace_id text NOT NULL,
  id text PRIMARY KEY,
  slug text NOT NULL,
  definition jsonb NOT NULL,
  revision integer NOT NULL,
  version integer NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  deleted_at timestamptz
);
CREATE UNIQUE INDEX tasks_slug ON decisions.tasks (workspace_id, slug) WHERE deleted_at IS NULL;
SELECT kernel.protect('decisions.tasks');

-- What labels and input meant at each revision: old decisions keep theirs.
CREATE TABLE decisions.task_revisions (
  workspace_id text NOT NULL,
  task_id text NOT NULL REFERENCES decisions.tasks (id),
  revision integer NOT NULL,
  labels jsonb NOT NULL,
  input jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (task_id, revision)
);
SELECT kernel.protect('decisions.task_revisions');
REVOKE UPDATE, DELETE ON decisions.task_revisions FROM understudy_app;
