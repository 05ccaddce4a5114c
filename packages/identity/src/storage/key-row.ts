import type { ApiKey } from '../api-key.ts';

/** A row of identity.keys. */
export interface KeyRow {
  workspace_id: string;
  key_id: string;
  name: string;
  hint: string;
  scopes: string[];
  requests_per_minute: number | null;
  created_by: string;
  created_at: Date;
  expires_at: Date | null;
  revoked_at: Date | null;
  last_used_at: Date | null;
}

export function toKey(row: KeyRow): ApiKey {
  return {
    id: row.key_id,
    workspace: row.workspace_id,
    name: row.name,
    hint: row.hint,
    scopes: row.scopes,
    requestsPerMinute: row.requests_per_minute,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    expiresAt: row.expires_at?.getTime() ?? null,
    revokedAt: row.revoked_at?.getTime() ?? null,
    lastUsedAt: row.last_used_at?.getTime() ?? null,
  };
}

/** A time of the domain for the database. */
export function toDate(time: number | null): Date | null {
  return time === null ? null : new Date(time);
}
