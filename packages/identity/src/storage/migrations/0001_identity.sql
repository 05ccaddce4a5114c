CREATE TABLE identity.workspaces (
  workspace_id text PRIMARY KEY,
  name text NOT NULL,
  created_at timestamptz NOT NULL
);
SELECT kernel.protect('identity.workspaces');

CREATE TABLE identity.keys (
  workspace_id text NOT NULL REFERENCES identity.workspaces,
  key_id text NOT NULL,
  name text NOT NULL,
  hint text NOT NULL,
  scopes text[] NOT NULL,
  requests_per_minute integer CHECK (requests_per_minute > 0),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz,
  revoked_at timestamptz,
  last_used_at timestamptz,
  PRIMARY KEY (workspace_id, key_id)
);
SELECT kernel.protect('identity.keys');
-- Keys are revoked, never removed: the audit log and the ledger name them.
REVOKE DELETE ON identity.keys FROM understudy_app;

-- Where the key with this hash lies. Global, because a credential is looked up before its workspace is known; holds
-- nothing of a tenant but that the key exists. The application can only add to it and ask for one hash at a time.
CREATE TABLE identity.key_index (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  workspace text NOT NULL,
  key_id text NOT NULL,
  FOREIGN KEY (workspace, key_id) REFERENCES identity.keys (workspace_id, key_id)
);
REVOKE SELECT, UPDATE, DELETE ON identity.key_index FROM understudy_app;

CREATE FUNCTION identity.locate_key(sought bytea) RETURNS identity.key_index
LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog
AS $$ SELECT * FROM identity.key_index WHERE hash = sought $$;

-- The key with this hash, read within its own workspace's scope: no statement of authentication sees two tenants.
CREATE FUNCTION identity.find_key(sought bytea) RETURNS SETOF identity.keys
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog
AS $$
DECLARE
  place identity.key_index := identity.locate_key(sought);
BEGIN
  IF place.key_id IS NULL THEN RETURN; END IF;
  PERFORM set_config('app.workspace', place.workspace, true);
  RETURN QUERY SELECT * FROM identity.keys k WHERE k.workspace_id = place.workspace AND k.key_id = place.key_id;
END
$$;

-- At most one row: the hash of the key that the first start made.
CREATE TABLE identity.operator_key (
  singleton boolean PRIMARY KEY DEFAULT true CHECK (singleton),
  hash bytea NOT NULL CHECK (octet_length(hash) = 32),
  created_at timestamptz NOT NULL DEFAULT now()
);
REVOKE UPDATE, DELETE ON identity.operator_key FROM understudy_app;

CREATE TABLE identity.audit_log (
  workspace_id text NOT NULL,
  entry_id text NOT NULL,
  at timestamptz NOT NULL,
  principal_kind text NOT NULL,
  principal_id text NOT NULL,
  action text NOT NULL,
  resource text NOT NULL,
  request_id text NOT NULL,
  details jsonb NOT NULL,
  PRIMARY KEY (workspace_id, entry_id)
);
SELECT kernel.protect('identity.audit_log');
-- Append-only.
REVOKE UPDATE, DELETE ON identity.audit_log FROM understudy_app;
