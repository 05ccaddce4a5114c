import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import { identityErrors } from '../errors.ts';
import type { Member } from '../member.ts';
import type { MemberStore, Page } from '../ports.ts';
import type { Role } from '../roles.ts';
import { BEHIND_ALL } from './identity-store.ts';
import { toDate } from './key-row.ts';
import { SESSIONS_CHANNEL } from './session-directory.ts';

interface MemberRow {
  workspace_id: string;
  member_id: string;
  name: string;
  email: string | null;
  role: Role;
  active: boolean;
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
  last_seen_at: Date | null;
}

const toMember = (row: MemberRow): Member => ({
  id: row.member_id,
  workspace: row.workspace_id,
  name: row.name,
  email: row.email,
  role: row.role,
  active: row.active,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
  lastSeenAt: row.last_seen_at?.getTime() ?? null,
});

/** The only unique thing about a member besides the id is the e-mail address. */
function refuseTaken(error: unknown): never {
  const { code, constraint } = error as { code?: string; constraint?: string };
  if (code === '23505' && constraint === 'members_email') {
    throw identityErrors.email_taken('another member has this e-mail address', {
      problems: [{ pointer: '/email', code: 'email_taken', detail: 'is another member’s' }],
    });
  }
  throw error;
}

/** Statements run in the caller's scope; row-level security keeps each to its workspace. */
export class PostgresMemberStore implements MemberStore {
  async insertMember(tx: Tx, member: Member): Promise<void> {
    await sql`
      INSERT INTO identity.members
        (workspace_id, member_id, name, email, role, active, version, created_by, created_at, updated_at)
      VALUES (${member.workspace}, ${member.id}, ${member.name}, ${member.email}, ${member.role}, ${member.active},
        ${member.version}, ${member.createdBy}, ${toDate(member.createdAt)}, ${toDate(member.updatedAt)})`
      .execute(tx)
      .catch(refuseTaken);
  }

  async findMember(tx: Tx, id: string, lock = false): Promise<Member | null> {
    const suffix = lock ? sql`FOR NO KEY UPDATE` : sql``;
    const { rows } = await sql<MemberRow>`SELECT * FROM identity.members WHERE member_id = ${id} ${suffix}`.execute(tx);
    return rows[0] === undefined ? null : toMember(rows[0]);
  }

  async listMembers(tx: Tx, { limit, after }: Page): Promise<Member[]> {
    const { rows } = await sql<MemberRow>`
      SELECT * FROM identity.members WHERE member_id < ${after ?? BEHIND_ALL}
       ORDER BY member_id DESC LIMIT ${limit}`.execute(tx);
    return rows.map(toMember);
  }

  async countMembers(tx: Tx): Promise<number> {
    const { rows } = await sql<{ members: number }>`
      SELECT count(*)::integer AS members FROM identity.members`.execute(tx);
    return rows[0]?.members ?? 0;
  }

  async lockMembers(tx: Tx): Promise<void> {
    await sql`SELECT FROM identity.workspaces
               WHERE workspace_id = current_setting('app.workspace') FOR NO KEY UPDATE`.execute(tx);
  }

  async listOwners(tx: Tx): Promise<Member[]> {
    const { rows } = await sql<MemberRow>`
      SELECT * FROM identity.members WHERE role = 'owner' AND active ORDER BY member_id`.execute(tx);
    return rows.map(toMember);
  }

  async updateMember(tx: Tx, member: Member): Promise<void> {
    await sql`
      UPDATE identity.members
         SET name = ${member.name}, email = ${member.email}, role = ${member.role}, active = ${member.active},
             version = ${member.version}, updated_at = ${toDate(member.updatedAt)}
       WHERE member_id = ${member.id}`
      .execute(tx)
      .catch(refuseTaken);
    await sql`SELECT pg_notify(${SESSIONS_CHANNEL}, ${member.id})`.execute(tx);
  }

  async deleteMember(tx: Tx, id: string): Promise<void> {
    await sql`DELETE FROM identity.members WHERE member_id = ${id}`.execute(tx);
    await sql`SELECT pg_notify(${SESSIONS_CHANNEL}, ${id})`.execute(tx);
  }
}
