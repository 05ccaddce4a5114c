import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { SessionStore } from '../ports.ts';
import type { Session, SignInCode } from '../session.ts';
import { toDate } from './key-row.ts';
import { SESSIONS_CHANNEL } from './session-directory.ts';

interface CodeRow {
  workspace_id: string;
  code_id: string;
  member_id: string | null;
  key_id: string | null;
  created_by: string;
  created_at: Date;
  expires_at: Date;
}

const memberOf = (holder: Session['holder']) => ('member' in holder ? holder.member : null);
const keyOf = (holder: Session['holder']) => ('key' in holder ? holder.key : null);

const toCode = (row: CodeRow): SignInCode => ({
  id: row.code_id,
  workspace: row.workspace_id,
  createdBy: row.created_by,
  createdAt: row.created_at.getTime(),
  expiresAt: row.expires_at.getTime(),
  holder: row.member_id === null ? { key: row.key_id! } : { member: row.member_id },
});

/** Sessions and codes; the statements that take a transaction run in its scope. */
export class PostgresSessionStore implements SessionStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insertCode(tx: Tx, code: SignInCode, hash: Uint8Array): Promise<void> {
    await sql`
      INSERT INTO identity.sign_in_codes
        (workspace_id, code_id, member_id, key_id, created_by, created_at, expires_at)
      VALUES (${code.workspace}, ${code.id}, ${memberOf(code.holder)}, ${keyOf(code.holder)}, ${code.createdBy},
        ${toDate(code.createdAt)}, ${toDate(code.expiresAt)})`.execute(tx);
    await sql`INSERT INTO identity.sign_in_code_index (hash, workspace, code_id)
              VALUES (${hash}, ${code.workspace}, ${code.id})`.execute(tx);
  }

  async locateCode(hash: Uint8Array): Promise<{ workspace: string; id: string } | null> {
    const [row] = await this.#database.prepared<{ workspace: string | null; code_id: string }>(
      'identity.locate_sign_in_code',
      'SELECT workspace, code_id FROM identity.locate_sign_in_code($1)',
      [hash],
    );
    return row === undefined || row.workspace === null ? null : { workspace: row.workspace, id: row.code_id };
  }

  async takeCode(tx: Tx, id: string): Promise<SignInCode | null> {
    const { rows } = await sql<CodeRow>`
      DELETE FROM identity.sign_in_codes WHERE code_id = ${id} RETURNING *`.execute(tx);
    return rows[0] === undefined ? null : toCode(rows[0]);
  }

  async insertSession(tx: Tx, session: Session, hash: Uint8Array): Promise<void> {
    await sql`
      INSERT INTO identity.sessions
        (workspace_id, session_id, member_id, key_id, created_at, last_used_at, expires_at)
      VALUES (${session.workspace}, ${session.id}, ${memberOf(session.holder)}, ${keyOf(session.holder)},
        ${toDate(session.createdAt)}, ${toDate(session.lastUsedAt)}, ${toDate(session.expiresAt)})`.execute(tx);
    await sql`INSERT INTO identity.session_index (hash, workspace, session_id)
              VALUES (${hash}, ${session.workspace}, ${session.id})`.execute(tx);
  }

  async deleteSession(tx: Tx, id: string): Promise<boolean> {
    const { rows } = await sql<{ notified: unknown }>`
      WITH gone AS (DELETE FROM identity.sessions WHERE session_id = ${id} RETURNING session_id)
      SELECT pg_notify(${SESSIONS_CHANNEL}, session_id) AS notified FROM gone`.execute(tx);
    return rows.length > 0;
  }

  async deleteSessionsOf(tx: Tx, holder: Session['holder'], keep = 0): Promise<void> {
    const theirs = 'member' in holder ? sql`member_id = ${holder.member}` : sql`key_id = ${holder.key}`;
    await sql`
      WITH gone AS (
        DELETE FROM identity.sessions
         WHERE session_id IN (SELECT session_id FROM identity.sessions WHERE ${theirs}
                               ORDER BY last_used_at DESC, session_id DESC OFFSET ${keep})
        RETURNING session_id)
      SELECT pg_notify(${SESSIONS_CHANNEL}, session_id) FROM gone`.execute(tx);
    if (keep === 0) await sql`DELETE FROM identity.sign_in_codes WHERE ${theirs}`.execute(tx);
  }

  async expire(tx: Tx, now: number, idleSince: number): Promise<void> {
    await sql`DELETE FROM identity.sign_in_codes WHERE expires_at <= ${toDate(now)}`.execute(tx);
    await sql`DELETE FROM identity.sessions
               WHERE expires_at <= ${toDate(now)} OR last_used_at <= ${toDate(idleSince)}`.execute(tx);
  }
}
