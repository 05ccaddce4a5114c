-- What the doors in other services' shapes go by: one row of settings a workspace, and the predict routes.

CREATE TABLE compat.openai_settings (
  workspace_id text COLLATE "C" NOT NULL PRIMARY KEY,
  settings jsonb NOT NULL,
  version integer NOT NULL,
  changed_by text COLLATE "C" NOT NULL,
  updated_at timestamptz NOT NULL
);

CREATE TABLE compat.predict_routes (
  workspace_id text COLLATE "C" NOT NULL,
  name text COLLATE "C" NOT NULL,
  -- Another one when the route was deleted and made again.
  id text COLLATE "C" NOT NULL,
  -- Behind `/compat/`.
  path text COLLATE "C" NOT NULL,
  -- Not jsonb: the order of the fields in a template is the order in the answers.
  definition json NOT NULL,
  version integer NOT NULL,
  changed_by text COLLATE "C" NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, name),
  UNIQUE (workspace_id, path)
);

SELECT kernel.protect(t::regclass) FROM unnest(ARRAY['compat.openai_settings', 'compat.predict_routes']) AS t;
