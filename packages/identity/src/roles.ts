import { allScopes, type Scope } from './scopes.ts';

/** From the most to the least. */
export const roles = ['owner', 'admin', 'lead', 'reviewer', 'viewer'] as const;
export type Role = (typeof roles)[number];

const admin = ['admin'] as const;
const lead = ['admin', 'lead'] as const;
const readers = ['admin', 'lead', 'viewer'] as const;

/**
 * Which roles hold a scope, besides the owner, who holds all. A scope that is not in this table does not type-check;
 * at run time nobody but owners would hold it.
 *
 * A reviewer holds what the review screen needs and not `decisions:read`: who could look a decision up would see
 * whether it was automated and how, and the audit lane is only worth something while it is blind.
 */
const holders = {
  'tasks:read': ['admin', 'lead', 'reviewer', 'viewer'],
  'tasks:write': admin,
  'examples:read': readers,
  'examples:write': admin,
  'datasets:read': readers,
  'datasets:write': admin,
  'training:read': readers,
  'training:write': admin,
  'models:read': readers,
  'models:write': admin,
  'predictions:write': lead,
  'decisions:read': readers,
  'labels:write': lead,
  'review:read': ['admin', 'lead', 'reviewer'],
  'review:write': ['admin', 'lead', 'reviewer'],
  'review:lead': lead,
  'quality:read': readers,
  'alerts:read': readers,
  'alerts:write': lead,
  'value:read': readers,
  'replays:read': readers,
  'replays:write': lead,
  'jobs:read': readers,
  'jobs:write': lead,
  'dead-letters:read': readers,
  'dead-letters:write': lead,
  'events:read': readers,
  'sources:read': readers,
  'sources:write': admin,
  'events:write': lead,
  'webhooks:read': admin,
  'webhooks:write': admin,
  'ledger:read': readers,
  'keys:read': admin,
  'keys:write': admin,
  'members:read': lead,
  'members:write': admin,
  'workspace:own': [],
  'audit:read': admin,
  'metrics:read': admin,
} as const satisfies { [S in Scope]: readonly Role[] };

function holds(role: Role, scope: Scope): boolean {
  return role === 'owner' || (holders[scope] as readonly Role[] | undefined)?.includes(role) === true;
}

const scopeSets = new Map<Role, ReadonlySet<Scope>>(
  roles.map((role) => [role, new Set(allScopes.filter((scope) => holds(role, scope)))]),
);

/** The scopes of a role, in the catalogue's order. */
export function scopesOf(role: Role): ReadonlySet<Scope> {
  return scopeSets.get(role)!;
}
