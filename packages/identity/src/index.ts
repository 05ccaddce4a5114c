export { type ApiKey, excess, isUsable, type KeyRequest } from './api-key.ts';
export { type AuthenticatorOptions, KeyAuthenticator, type KeyPrincipal } from './authenticator.ts';
export { identityErrors } from './errors.ts';
export { type Caller, Identity, MAX_KEYS, type NewKey } from './identity.ts';
export { ensureOperatorKey, type OperatorKey, operatorPrincipal } from './operator.ts';
export type {
  AuditEntry,
  AuditFilter,
  AuditRecord,
  AuditStore,
  AuditTrail,
  IdentityStore,
  KeyDirectory,
  Page,
} from './ports.ts';
export { KeyRateLimiter, type RateDecision } from './rate-limiter.ts';
export { allScopes, type Scope, scopeCatalogue } from './scopes.ts';
export type { Workspace } from './workspace.ts';
