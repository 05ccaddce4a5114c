import type { Principal, Tx } from '@understudy/kernel';
import { type ApiKey, isUsable } from './api-key.ts';
import { identityErrors } from './errors.ts';
import type { IdentityStore, MemberStore } from './ports.ts';
import { type Role, scopesOf } from './roles.ts';

/** What a caller may hand on: no right of it grows on the way. */
export type Rights = Pick<ApiKey, 'scopes' | 'expiresAt' | 'requestsPerMinute'>;

/**
 * What a caller holds now, read from the row of their key or member, which nobody can revoke before the transaction
 * ends: what the request or a cache of this process believes does not count. Null when it is nothing any more.
 */
export async function rightsOf(
  tx: Tx,
  stores: { keys: Pick<IdentityStore, 'findKey'>; members: Pick<MemberStore, 'findMember'> },
  principal: Principal,
  now: number,
): Promise<Rights | null> {
  if (principal.kind === 'member') {
    const member = await stores.members.findMember(tx, principal.id, true);
    if (member === null || !member.active) return null;
    return { scopes: [...scopesOf(member.role)], expiresAt: null, requestsPerMinute: null };
  }
  const key = await stores.keys.findKey(tx, principal.id, true);
  return key === null || !isUsable(key, now) ? null : key;
}

/** Refuses to give, change or use a role that holds more than the caller. */
export function assertCovers(rights: Rights | null, role: Role): void {
  if (rights === null) throw identityErrors.role_exceeds_creator('the calling credential is revoked or has expired');
  const missing = [...scopesOf(role)].filter((scope) => !rights.scopes.includes(scope));
  if (missing.length === 0) return;
  throw identityErrors.role_exceeds_creator(
    `the role ${role} holds what the caller does not: ${missing.slice(0, 5).join(', ')}${missing.length > 5 ? ', …' : ''}`,
  );
}
