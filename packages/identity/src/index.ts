export { type ApiKey, excess, isUsable, type KeyRequest } from './api-key.ts';
export { type AuthenticatorOptions, KeyAuthenticator, type KeyPrincipal } from './authenticator.ts';
export type { Caller } from './caller.ts';
export { identityErrors } from './errors.ts';
export {
  Identity,
  MAX_KEYS,
  type NewKey,
  type NewWorkspace,
  type WhoIs,
  type WorkspaceRequest,
} from './identity.ts';
export type { Member, MemberChange, NewMember } from './member.ts';
export { MAX_MEMBERS, type MemberPorts, Members } from './members.ts';
export { ensureOperatorKey, type OperatorKey, operatorPrincipal } from './operator.ts';
export type {
  AuditEntry,
  AuditFilter,
  AuditRecord,
  AuditStore,
  AuditTrail,
  IdentityStore,
  KeyDirectory,
  MemberStore,
  Page,
  SessionDirectory,
  SessionStore,
} from './ports.ts';
export { type Quota, type QuotaDirectory, QuotaMemory, type QuotaStore, Quotas } from './quotas.ts';
export { KeyRateLimiter, type RateDecision } from './rate-limiter.ts';
export { type CountedLimit, type LimitDecision, RequestLimits } from './request-limits.ts';
export { type Role, roles, scopesOf } from './roles.ts';
export { allScopes, type Scope, scopeCatalogue } from './scopes.ts';
export type { Session, SignInCode } from './session.ts';
export { type LiveSession, SessionAuthenticator, type SessionPrincipal } from './session-authenticator.ts';
export { type NewSession, type SessionPorts, Sessions } from './sessions.ts';
export type { NewCode } from './sign-in-code.ts';
export type { Workspace } from './workspace.ts';
