-- What the monitor derives from the ledger's audit labels: `LedgerFeed.rebuild('monitor', …)` makes it again.
CREATE TABLE monitoring.watches (
  workspace_id text COLLATE "C" NOT NULL,
  certificate_id text COLLATE "C" NOT NULL,
  body jsonb NOT NULL,
  PRIMARY KEY (workspace_id, certificate_id)
);

CREATE TABLE monitoring.audit_outcomes (
  -- The order in which the audits were answered.
  n bigint GENERATED ALWAYS AS IDENTITY,
  probability double precision NOT NULL,
  at timestamptz NOT NULL,
  wrong boolean NOT NULL,
  workspace_id text COLLATE "C" NOT NULL,
  certificate_id text COLLATE "C" NOT NULL,
  decision_id text COLLATE "C" NOT NULL,
  label_id text COLLATE "C" NOT NULL,
  PRIMARY KEY (workspace_id, decision_id)
);
CREATE INDEX audit_outcomes_of_certificate ON monitoring.audit_outcomes (workspace_id, certificate_id, n);

-- Not derived: what was raised, when, and who saw it.
CREATE TABLE monitoring.alerts (
  workspace_id text COLLATE "C" NOT NULL,
  id text COLLATE "C" PRIMARY KEY,
  task_id text COLLATE "C" NOT NULL,
  task text COLLATE "C" NOT NULL,
  kind text COLLATE "C" NOT NULL,
  subject text COLLATE "C" NOT NULL,
  severity text COLLATE "C" NOT NULL,
  summary text NOT NULL,
  evidence jsonb NOT NULL,
  opened_at timestamptz NOT NULL,
  resolved_at timestamptz,
  resolution text,
  acknowledged jsonb
);
CREATE UNIQUE INDEX alerts_open ON monitoring.alerts (workspace_id, kind, subject) WHERE resolved_at IS NULL;
CREATE INDEX alerts_newest ON monitoring.alerts (workspace_id, id DESC);
CREATE INDEX alerts_of_task ON monitoring.alerts (workspace_id, task, id DESC);

SELECT kernel.protect(t::regclass)
  FROM unnest(ARRAY['monitoring.watches', 'monitoring.audit_outcomes', 'monitoring.alerts']) AS t;
REVOKE DELETE, TRUNCATE ON monitoring.alerts FROM understudy_app;
