ALTER TABLE identity.workspaces ADD COLUMN demo boolean NOT NULL DEFAULT false;

CREATE TABLE identity.members (
  workspace_id text COLLATE "C" NOT NULL REFERENCES identity.workspaces,
  member_id text COLLATE "C" NOT NULL,
  name text NOT NULL,
  email text,
  role text NOT NULL CHECK (role IN ('owner', 'admin', 'lead', 'reviewer', 'viewer')),
  active boolean NOT NULL DEFAULT true,
  version integer NOT NULL DEFAULT 1,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  updated_at timestamptz NOT NULL,
  last_seen_at timestamptz,
  PRIMARY KEY (workspace_id, member_id)
);
SELECT kernel.protect('identity.members');
CREATE UNIQUE INDEX members_email ON identity.members (workspace_id, lower(email));

-- A browser that is signed in: as a member, or with the rights of an API key.
CREATE TABLE identity.sessions (
  workspace_id text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C",
  key_id text,
  created_at timestamptz NOT NULL,
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, session_id),
  FOREIGN KEY (workspace_id, member_id) REFERENCES identity.members (workspace_id, member_id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, key_id) REFERENCES identity.keys (workspace_id, key_id),
  CHECK (num_nonnulls(member_id, key_id) = 1)
);
SELECT kernel.protect('identity.sessions');
CREATE INDEX sessions_of_members ON identity.sessions (workspace_id, member_id);
CREATE INDEX sessions_of_keys ON identity.sessions (workspace_id, key_id);

CREATE TABLE identity.sign_in_codes (
  workspace_id text COLLATE "C" NOT NULL,
  code_id text COLLATE "C" NOT NULL,
  member_id text COLLATE "C",
  key_id text,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  PRIMARY KEY (workspace_id, code_id),
  FOREIGN KEY (workspace_id, member_id) REFERENCES identity.members (workspace_id, member_id) ON DELETE CASCADE,
  FOREIGN KEY (workspace_id, key_id) REFERENCES identity.keys (workspace_id, key_id),
  CHECK (num_nonnulls(member_id, key_id) = 1)
);
SELECT kernel.protect('identity.sign_in_codes');
CREATE INDEX sign_in_codes_of_members ON identity.sign_in_codes (workspace_id, member_id);

-- As identity.key_index: where the session or the code with this hash lies. They go with what they point to.
CREATE TABLE identity.session_index (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  workspace text COLLATE "C" NOT NULL,
  session_id text COLLATE "C" NOT NULL,
  FOREIGN KEY (workspace, session_id) REFERENCES identity.sessions (workspace_id, session_id) ON DELETE CASCADE
);
CREATE INDEX session_index_of_sessions ON identity.session_index (workspace, session_id);
REVOKE SELECT, UPDATE, DELETE ON identity.session_index FROM understudy_app;

CREATE TABLE identity.sign_in_code_index (
  hash bytea PRIMARY KEY CHECK (octet_length(hash) = 32),
  workspace text COLLATE "C" NOT NULL,
  code_id text COLLATE "C" NOT NULL,
  FOREIGN KEY (workspace, code_id) REFERENCES identity.sign_in_codes (workspace_id, code_id) ON DELETE CASCADE
);
CREATE INDEX sign_in_code_index_of_codes ON identity.sign_in_code_index (workspace, code_id);
REVOKE SELECT, UPDATE, DELETE ON identity.sign_in_code_index FROM understudy_app;

CREATE FUNCTION identity.locate_session(sought bytea) RETURNS identity.session_index
LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog
AS $$ SELECT * FROM identity.session_index WHERE hash = sought $$;

CREATE FUNCTION identity.locate_sign_in_code(sought bytea) RETURNS identity.sign_in_code_index
LANGUAGE sql STABLE STRICT SECURITY DEFINER
SET search_path = pg_catalog
AS $$ SELECT * FROM identity.sign_in_code_index WHERE hash = sought $$;

-- The session with this hash and who is behind it, as both are now, read within the workspace's own scope.
CREATE FUNCTION identity.find_session(sought bytea) RETURNS TABLE (
  workspace_id text, session_id text, last_used_at timestamptz, expires_at timestamptz,
  member_id text, member_name text, role text, active boolean,
  key_id text, key_name text, scopes text[], requests_per_minute integer, key_expires_at timestamptz,
  key_revoked_at timestamptz)
LANGUAGE plpgsql STRICT
SET search_path = pg_catalog
AS $$
#variable_conflict use_column
DECLARE
  place identity.session_index := identity.locate_session(sought);
BEGIN
  IF place.session_id IS NULL THEN RETURN; END IF;
  PERFORM set_config('app.workspace', place.workspace, true);
  RETURN QUERY
    SELECT s.workspace_id, s.session_id, s.last_used_at, s.expires_at,
           m.member_id, m.name, m.role, m.active,
           k.key_id, k.name, k.scopes, k.requests_per_minute, k.expires_at, k.revoked_at
      FROM identity.sessions s
      LEFT JOIN identity.members m ON m.workspace_id = s.workspace_id AND m.member_id = s.member_id
      LEFT JOIN identity.keys k ON k.workspace_id = s.workspace_id AND k.key_id = s.key_id
     WHERE s.workspace_id = place.workspace AND s.session_id = place.session_id;
END
$$;
