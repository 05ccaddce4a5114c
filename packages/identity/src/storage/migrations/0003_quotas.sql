-- What a workspace may ask for, whatever its keys may; no row = the server's default.
CREATE TABLE identity.quotas (
  workspace_id text PRIMARY KEY REFERENCES identity.workspaces,
  requests_per_minute integer NOT NULL CHECK (requests_per_minute > 0)
);
SELECT kernel.protect('identity.quotas');
