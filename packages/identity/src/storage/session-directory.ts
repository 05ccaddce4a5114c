import type { Database } from '@understudy/kernel';
import { sql } from 'kysely';
import type { SessionDirectory } from '../ports.ts';
import type { Role } from '../roles.ts';
import type { SessionWithHolder } from '../session.ts';

/** The NOTIFY channel that carries the ids of sessions that ended, and of members that were changed. */
export const SESSIONS_CHANNEL = 'identity_sessions';

interface FoundSession {
  workspace_id: string;
  session_id: string;
  last_used_at: Date;
  expires_at: Date;
  member_id: string | null;
  member_name: string;
  role: Role;
  active: boolean;
  key_id: string | null;
  key_name: string;
  scopes: string[];
  requests_per_minute: number | null;
  key_expires_at: Date | null;
  key_revoked_at: Date | null;
}

function holderOf(row: FoundSession): SessionWithHolder['holder'] | null {
  if (row.member_id !== null) {
    return { kind: 'member', id: row.member_id, name: row.member_name, role: row.role, active: row.active };
  }
  if (row.key_id === null) return null;
  return {
    kind: 'api_key',
    id: row.key_id,
    name: row.key_name,
    scopes: row.scopes,
    requestsPerMinute: row.requests_per_minute,
    expiresAt: row.key_expires_at?.getTime() ?? null,
    revokedAt: row.key_revoked_at?.getTime() ?? null,
  };
}

/** {@link SessionDirectory} over identity.find_session. */
export class PostgresSessionDirectory implements SessionDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findByHash(hash: Uint8Array): Promise<SessionWithHolder | null> {
    const text = 'SELECT * FROM identity.find_session($1)';
    const [row] = await this.#database.prepared<FoundSession>('identity.find_session', text, [hash]);
    const holder = row === undefined ? null : holderOf(row);
    if (row === undefined || holder === null) return null;
    return {
      id: row.session_id,
      workspace: row.workspace_id,
      lastUsedAt: row.last_used_at.getTime(),
      expiresAt: row.expires_at.getTime(),
      holder,
    };
  }

  async touch(uses: readonly { workspace: string; id: string; at: number }[]): Promise<void> {
    const workspaces = uses.map(({ workspace }) => workspace);
    const ids = uses.map(({ id }) => id);
    const times = uses.map(({ at }) => new Date(at));
    await this.#database.asSystem(async (tx) => {
      // Rows are locked in one order, so that two processes that write the same ones down do not wait for each other.
      await sql`
        WITH locked AS MATERIALIZED (
          SELECT s.workspace_id, s.session_id, s.member_id, u.at
            FROM unnest(${workspaces}::text[], ${ids}::text[], ${times}::timestamptz[]) AS u (workspace_id, session_id, at)
            JOIN identity.sessions s USING (workspace_id, session_id)
           ORDER BY s.workspace_id, s.session_id FOR NO KEY UPDATE OF s)
        UPDATE identity.sessions s SET last_used_at = greatest(s.last_used_at, locked.at)
          FROM locked WHERE s.workspace_id = locked.workspace_id AND s.session_id = locked.session_id`.execute(tx);
      await sql`
        WITH seen AS MATERIALIZED (
          SELECT s.workspace_id, s.member_id, max(u.at) AS at
            FROM unnest(${workspaces}::text[], ${ids}::text[], ${times}::timestamptz[]) AS u (workspace_id, session_id, at)
            JOIN identity.sessions s USING (workspace_id, session_id)
           WHERE s.member_id IS NOT NULL GROUP BY s.workspace_id, s.member_id),
        locked AS MATERIALIZED (
          SELECT m.workspace_id, m.member_id, seen.at
            FROM identity.members m JOIN seen USING (workspace_id, member_id)
           ORDER BY m.workspace_id, m.member_id FOR NO KEY UPDATE OF m)
        UPDATE identity.members m SET last_seen_at = greatest(m.last_seen_at, locked.at)
          FROM locked WHERE m.workspace_id = locked.workspace_id AND m.member_id = locked.member_id`.execute(tx);
    });
  }
}
