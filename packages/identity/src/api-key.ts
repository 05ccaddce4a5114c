import type { FieldProblem } from '@understudy/kernel';

/** An API key as it is stored: its secret is not part of it. */
export interface ApiKey {
  /** `key_…` */
  id: string;
  workspace: string;
  name: string;
  /** The secret's first characters. */
  hint: string;
  scopes: readonly string[];
  /** Null = the server's default. */
  requestsPerMinute: number | null;
  /** Id of the key that made it, or `operator`. */
  createdBy: string;
  createdAt: number;
  expiresAt: number | null;
  revokedAt: number | null;
  lastUsedAt: number | null;
}

/** What somebody asks a new key to be. */
export interface KeyRequest {
  name: string;
  scopes: readonly string[];
  /** Absent = that of the creator. */
  expiresAt?: number;
  /** Absent = that of the creator. */
  requestsPerMinute?: number;
}

/** Whether the key opens anything at this time. */
export function isUsable(key: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now: number): boolean {
  return key.revokedAt === null && (key.expiresAt === null || key.expiresAt > now);
}

/** Every way in which `request` would give more than `creator` has; none of its rights may grow by making keys. */
export function excess(
  request: KeyRequest,
  creator: Pick<ApiKey, 'scopes' | 'expiresAt' | 'requestsPerMinute'>,
): FieldProblem[] {
  const code = 'key_exceeds_creator';
  const problems: FieldProblem[] = [];
  const held = new Set(creator.scopes);
  request.scopes.forEach((scope, index) => {
    if (!held.has(scope)) {
      problems.push({ pointer: `/scopes/${index}`, code, detail: `the calling key lacks the scope ${scope}` });
    }
  });
  if (creator.expiresAt !== null && (request.expiresAt ?? 0) > creator.expiresAt) {
    problems.push({ pointer: '/expires_at', code, detail: 'later than the expiry of the calling key' });
  }
  if (creator.requestsPerMinute !== null && (request.requestsPerMinute ?? 0) > creator.requestsPerMinute) {
    problems.push({
      pointer: '/rate_limit/requests_per_minute',
      code,
      detail: `above the limit of the calling key, ${creator.requestsPerMinute}`,
    });
  }
  return problems;
}
