import type { ApiKey } from './api-key.ts';
import { isUsable } from './api-key.ts';
import type { Member } from './member.ts';

/** A browser that is signed in. Its secret is not part of it. */
export interface Session {
  /** `ses_…` */
  id: string;
  workspace: string;
  createdAt: number;
  lastUsedAt: number;
  /** Whatever happens it ends here. */
  expiresAt: number;
  holder: { member: string } | { key: string };
}

/** A session and who is behind it now. */
export interface SessionWithHolder extends Pick<Session, 'id' | 'workspace' | 'lastUsedAt' | 'expiresAt'> {
  holder:
    | ({ kind: 'member' } & Pick<Member, 'id' | 'name' | 'role' | 'active'>)
    | ({ kind: 'api_key' } & Pick<ApiKey, 'id' | 'name' | 'scopes' | 'requestsPerMinute' | 'expiresAt' | 'revokedAt'>);
}

/** A one-time code. */
export interface SignInCode {
  /** `sic_…` */
  id: string;
  workspace: string;
  createdBy: string;
  createdAt: number;
  expiresAt: number;
  holder: { member: string } | { key: string };
}

/** A session ends so long after it began … */
export const SESSION_MS = 7 * 24 * 3_600_000;
/** … or after so long without a request. */
export const IDLE_MS = 12 * 3_600_000;
/** A code that nobody used is void after this. */
export const CODE_MS = 15 * 60_000;
/** Sessions of one member or key at most; one more ends the one that was used longest ago. */
export const MAX_SESSIONS = 20;

/** Whether the holder may be signed in at this time. */
export function mayBeSignedIn(holder: SessionWithHolder['holder'], now: number): boolean {
  return holder.kind === 'member' ? holder.active : isUsable(holder, now);
}

/** When the session ends if it is used all the time: a key's expiry ends the key's sessions too. */
export function endOf({ expiresAt, holder }: SessionWithHolder): number {
  return holder.kind === 'api_key' && holder.expiresAt !== null ? Math.min(expiresAt, holder.expiresAt) : expiresAt;
}
