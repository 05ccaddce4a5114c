CREATE TABLE decisions.certificates (
  workspace_id text NOT NULL,
  id text PRIMARY KEY,
  task_id text NOT NULL,
  model text NOT NULL,
  version text NOT NULL,
  status text NOT NULL,
  body jsonb NOT NULL,
  suspension jsonb,
  issued_at timestamptz NOT NULL
);
CREATE UNIQUE INDEX certificates_current ON decisions.certificates (task_id, model, version) WHERE status <> 'superseded';
CREATE INDEX certificates_of_task ON decisions.certificates (workspace_id, task_id, id DESC);
SELECT kernel.protect('decisions.certificates');
REVOKE DELETE ON decisions.certificates FROM understudy_app;

-- The secret behind the draw of the audit lane.
CREATE TABLE decisions.audit_keys (
  workspace_id text PRIMARY KEY,
  key bytea NOT NULL
);
SELECT kernel.protect('decisions.audit_keys');
REVOKE UPDATE, DELETE ON decisions.audit_keys FROM understudy_app;
