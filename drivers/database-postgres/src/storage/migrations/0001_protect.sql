-- Puts row-level security under a tenant table: a row is seen and written only by its own workspace, or by the
-- system scope '*'. FORCE, so that the table's owner is bound by it too. An unset scope is NULL and matches nothing.
CREATE FUNCTION kernel.protect(target regclass) RETURNS void
LANGUAGE plpgsql
SET search_path = pg_catalog
AS $$
BEGIN
  EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY', target);
  EXECUTE format('ALTER TABLE %s FORCE ROW LEVEL SECURITY', target);
  EXECUTE format(
    'CREATE POLICY tenant ON %s
       USING (workspace_id = current_setting(''app.workspace'', true) OR current_setting(''app.workspace'', true) = ''*'')
       WITH CHECK (workspace_id = current_setting(''app.workspace'', true) OR current_setting(''app.workspace'', true) = ''*'')',
    target);
END
$$;

COMMENT ON FUNCTION kernel.protect(regclass) IS
  'Every table with a workspace_id column calls this in the migration that makes it.';
