import type { Client } from 'pg';
import { APPLICATION_ROLE } from './connection-config.ts';
import { databaseErrors } from './errors.ts';

/**
 * Refuses a database in which the application role could see past row-level security.
 *
 * @throws `database_misconfigured`
 */
export async function assertApplicationRole(client: Client): Promise<void> {
  const { rows } = await client.query<{ powerful: boolean; owns: boolean }>(
    `SELECT r.rolsuper OR r.rolbypassrls OR r.rolcanlogin OR r.rolcreaterole AS powerful,
            EXISTS (SELECT FROM pg_class c WHERE pg_has_role(r.oid, c.relowner, 'MEMBER')) AS owns
       FROM pg_roles r WHERE r.rolname = $1`,
    [APPLICATION_ROLE],
  );
  if (rows[0]?.powerful !== false) {
    throw databaseErrors.database_misconfigured(
      `The role ${APPLICATION_ROLE} has more rights than it may have. Run: ALTER ROLE ${APPLICATION_ROLE} NOLOGIN NOSUPERUSER NOBYPASSRLS NOCREATEROLE;`,
    );
  }
  if (rows[0].owns) {
    throw databaseErrors.database_misconfigured(
      `The role ${APPLICATION_ROLE} owns tables, or is a member of a role that does; owners can switch row-level security off.`,
    );
  }
}

/**
 * Refuses tables with a `workspace_id` whose rows are not under FORCE ROW LEVEL SECURITY and the tenant policy, any
 * further permissive policy (policies are OR-ed), and views that would read with their owner's rights.
 *
 * @throws `tenant_table_unprotected` naming the first few
 */
export async function assertTenantTables(client: Client, schemas: readonly string[]): Promise<void> {
  const { rows } = await client.query<{ relation: string }>(
    `SELECT format('%I.%I', n.nspname, c.relname) AS relation
       FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = ANY ($1)
        AND (
          c.relkind IN ('r', 'p', 'f', 'm')
          AND EXISTS (SELECT FROM pg_attribute a
                       WHERE a.attrelid = c.oid AND a.attname = 'workspace_id' AND NOT a.attisdropped)
          AND NOT (
            c.relrowsecurity AND c.relforcerowsecurity
            AND (SELECT count(*) FILTER (WHERE p.polname = 'tenant' AND p.polcmd = '*') = 1
                    AND count(*) FILTER (WHERE p.polname <> 'tenant' AND p.polpermissive) = 0
                   FROM pg_policy p WHERE p.polrelid = c.oid))
          OR c.relkind = 'v' AND NOT coalesce(c.reloptions && ARRAY['security_invoker=true', 'security_invoker=on'], false))
      ORDER BY 1 LIMIT 5`,
    [schemas],
  );
  if (rows.length === 0) return;
  const names = rows.map(({ relation }) => relation).join(', ');
  throw databaseErrors.tenant_table_unprotected(
    `Not under row-level security: ${names}. Call kernel.protect('…') in the migration that makes the table; give views (security_invoker = true).`,
  );
}
