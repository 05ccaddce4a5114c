import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { ApiKey } from '../api-key.ts';
import type { IdentityStore, Page } from '../ports.ts';
import type { Workspace } from '../workspace.ts';
import { KEYS_CHANNEL } from './key-directory.ts';
import { type KeyRow, toDate, toKey } from './key-row.ts';

interface WorkspaceRow {
  workspace_id: string;
  name: string;
  demo: boolean;
  created_at: Date;
}

interface OperatorRow {
  hash: Buffer;
}

const toWorkspace = (row: WorkspaceRow): Workspace => ({
  id: row.workspace_id,
  name: row.name,
  demo: row.demo,
  createdAt: row.created_at.getTime(),
});

/** Sorts after every id: where the first page of a list that runs backwards begins. */
export const BEHIND_ALL = '~';

/** Statements run in the caller's scope; row-level security keeps each to its workspace. */
export class PostgresIdentityStore implements IdentityStore {
  async insertWorkspace(tx: Tx, { id, name, demo, createdAt }: Workspace): Promise<void> {
    await sql`INSERT INTO identity.workspaces (workspace_id, name, demo, created_at)
              VALUES (${id}, ${name}, ${demo}, ${toDate(createdAt)})`.execute(tx);
  }

  async findWorkspace(tx: Tx, id: string): Promise<Workspace | null> {
    const { rows } = await sql<WorkspaceRow>`
      SELECT * FROM identity.workspaces WHERE workspace_id = ${id}`.execute(tx);
    return rows[0] === undefined ? null : toWorkspace(rows[0]);
  }

  async findDemoWorkspace(tx: Tx): Promise<Workspace | null> {
    const { rows } = await sql<WorkspaceRow>`
      SELECT * FROM identity.workspaces WHERE demo ORDER BY workspace_id LIMIT 1`.execute(tx);
    return rows[0] === undefined ? null : toWorkspace(rows[0]);
  }

  async listWorkspaces(tx: Tx, { limit, after }: Page): Promise<Workspace[]> {
    const { rows } = await sql<WorkspaceRow>`
      SELECT * FROM identity.workspaces WHERE workspace_id < ${after ?? BEHIND_ALL}
       ORDER BY workspace_id DESC LIMIT ${limit}`.execute(tx);
    return rows.map(toWorkspace);
  }

  async insertKey(tx: Tx, key: ApiKey, hash: Uint8Array): Promise<void> {
    await sql`
      INSERT INTO identity.keys
        (workspace_id, key_id, name, hint, scopes, requests_per_minute, created_by, created_at, expires_at)
      VALUES (${key.workspace}, ${key.id}, ${key.name}, ${key.hint}, ${key.scopes}, ${key.requestsPerMinute},
        ${key.createdBy}, ${toDate(key.createdAt)}, ${toDate(key.expiresAt)})`.execute(tx);
    await sql`INSERT INTO identity.key_index (hash, workspace, key_id)
              VALUES (${hash}, ${key.workspace}, ${key.id})`.execute(tx);
  }

  async findKey(tx: Tx, id: string, lock = false): Promise<ApiKey | null> {
    const suffix = lock ? sql`FOR NO KEY UPDATE` : sql``;
    const { rows } = await sql<KeyRow>`SELECT * FROM identity.keys WHERE key_id = ${id} ${suffix}`.execute(tx);
    return rows[0] === undefined ? null : toKey(rows[0]);
  }

  async listKeys(tx: Tx, { limit, after }: Page): Promise<ApiKey[]> {
    const { rows } = await sql<KeyRow>`
      SELECT * FROM identity.keys WHERE key_id < ${after ?? BEHIND_ALL}
       ORDER BY key_id DESC LIMIT ${limit}`.execute(tx);
    return rows.map(toKey);
  }

  async countLiveKeys(tx: Tx): Promise<number> {
    const { rows } = await sql<{ live: number }>`
      SELECT count(*)::integer AS live FROM identity.keys WHERE revoked_at IS NULL`.execute(tx);
    return rows[0]?.live ?? 0;
  }

  async revokeKey(tx: Tx, id: string, at: number): Promise<void> {
    await sql`UPDATE identity.keys SET revoked_at = ${toDate(at)}
               WHERE key_id = ${id} AND revoked_at IS NULL`.execute(tx);
    await sql`SELECT pg_notify(${KEYS_CHANNEL}, ${id})`.execute(tx);
  }

  async keepOperatorHash(tx: Tx, hash: Uint8Array): Promise<Uint8Array> {
    await sql`INSERT INTO identity.operator_key (hash) VALUES (${hash}) ON CONFLICT (singleton) DO NOTHING`.execute(tx);
    const { rows } = await sql<OperatorRow>`SELECT hash FROM identity.operator_key`.execute(tx);
    return rows[0]!.hash;
  }

  async findOperatorHash(tx: Tx): Promise<Uint8Array | null> {
    const { rows } = await sql<OperatorRow>`SELECT hash FROM identity.operator_key`.execute(tx);
    return rows[0]?.hash ?? null;
  }
}
