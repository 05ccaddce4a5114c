CREATE TABLE registry.models (
  workspace_id text NOT NULL,
  name text NOT NULL,
  latest_version integer NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, name)
);
SELECT kernel.protect('registry.models');

CREATE TABLE registry.versions (
  workspace_id text NOT NULL,
  model text NOT NULL,
  version integer NOT NULL,
  labels jsonb NOT NULL,
  artifact jsonb NOT NULL,
  lineage jsonb NOT NULL,
  metrics jsonb NOT NULL,
  created_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, model, version),
  FOREIGN KEY (workspace_id, model) REFERENCES registry.models (workspace_id, name)
);
SELECT kernel.protect('registry.versions');
-- A version never changes: not by us, not by a bug of ours.
REVOKE UPDATE, DELETE ON registry.versions FROM understudy_app;

CREATE TABLE registry.aliases (
  workspace_id text NOT NULL,
  model text NOT NULL,
  alias text NOT NULL,
  version integer NOT NULL,
  PRIMARY KEY (workspace_id, model, alias),
  FOREIGN KEY (workspace_id, model, version) REFERENCES registry.versions (workspace_id, model, version)
);
SELECT kernel.protect('registry.aliases');

CREATE TABLE registry.alias_changes (
  workspace_id text NOT NULL,
  model text NOT NULL,
  seq bigint GENERATED ALWAYS AS IDENTITY,
  alias text NOT NULL,
  version integer,
  previous integer,
  reason text NOT NULL,
  evidence jsonb NOT NULL,
  changed_by text NOT NULL,
  changed_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, model, seq)
);
SELECT kernel.protect('registry.alias_changes');
REVOKE UPDATE, DELETE ON registry.alias_changes FROM understudy_app;
