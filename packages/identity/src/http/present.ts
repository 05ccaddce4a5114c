import { isId } from '@understudy/kernel';
import type { ApiKey } from '../api-key.ts';
import { identityErrors } from '../errors.ts';
import type { Member } from '../member.ts';
import type { AuditEntry } from '../ports.ts';
import { scopesOf } from '../roles.ts';
import type { NewCode } from '../sign-in-code.ts';
import type { Workspace } from '../workspace.ts';

const iso = (time: number) => new Date(time).toISOString();
export const isoOrNull = (time: number | null) => (time === null ? null : iso(time));

export const presentLimit = (requestsPerMinute: number | null) =>
  requestsPerMinute === null ? null : { requests_per_minute: requestsPerMinute };

export const presentWorkspace = ({ id, name, demo, createdAt }: Workspace) => ({
  id,
  name,
  demo,
  created_at: iso(createdAt),
});

export const presentKey = (key: ApiKey) => ({
  id: key.id,
  name: key.name,
  hint: key.hint,
  scopes: key.scopes,
  rate_limit: presentLimit(key.requestsPerMinute),
  created_by: key.createdBy,
  created_at: iso(key.createdAt),
  expires_at: isoOrNull(key.expiresAt),
  revoked_at: isoOrNull(key.revokedAt),
  last_used_at: isoOrNull(key.lastUsedAt),
});

export const presentMember = (member: Member) => ({
  id: member.id,
  name: member.name,
  email: member.email,
  role: member.role,
  active: member.active,
  scopes: [...scopesOf(member.role)],
  created_by: member.createdBy,
  created_at: iso(member.createdAt),
  updated_at: iso(member.updatedAt),
  last_seen_at: isoOrNull(member.lastSeenAt),
});

/** The code is in the path's fragment: browsers send that nowhere, so no log and no `Referer` has it. */
export const presentCode = ({ code, expiresAt }: NewCode) => ({
  code,
  path: signInPath(code),
  expires_at: iso(expiresAt),
});

/** Where the dashboard signs in with a code. */
export const signInPath = (code: string): string => `/#code=${code}`;

export const presentEntry = (entry: AuditEntry) => ({
  id: entry.id,
  at: iso(entry.at),
  principal: entry.principal,
  action: entry.action,
  resource: entry.resource,
  request_id: entry.requestId,
  details: entry.details,
});

export interface PageParams {
  limit?: number;
  cursor?: string;
}

export const DEFAULT_LIMIT = 50;

/** The id that a cursor stands for; cursors are base64url so that nobody builds on their shape. */
export function readCursor(prefix: string, cursor: string | undefined): { after?: string } {
  if (cursor === undefined) return {};
  const after = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!isId(prefix, after)) throw identityErrors.invalid_cursor('not a cursor of this list');
  return { after };
}

/** One page of `limit` out of up to `limit + 1` rows, of which the last only says that there are more. */
export function presentPage<T extends { id: string }, P>(rows: T[], limit: number, present: (row: T) => P) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    data: shown.map(present),
    next_cursor: rows.length > limit && last !== undefined ? Buffer.from(last.id).toString('base64url') : null,
  };
}
