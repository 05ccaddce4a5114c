import type { OpenDatabase } from '@understudy/database-postgres';
import {
  allScopes,
  ensureOperatorKey,
  Identity,
  KeyAuthenticator,
  KeyRateLimiter,
  Members,
  QuotaMemory,
  Quotas,
  RequestLimits,
  SessionAuthenticator,
  Sessions,
} from '@understudy/identity';
import { SessionCookie } from '@understudy/identity/http';
import {
  KEYS_CHANNEL,
  PostgresAuditLog,
  PostgresIdentityStore,
  PostgresKeyDirectory,
  PostgresMemberStore,
  PostgresQuotaStore,
  PostgresSessionDirectory,
  PostgresSessionStore,
  QUOTAS_CHANNEL,
  SESSIONS_CHANNEL,
} from '@understudy/identity/storage';
import type { Clock, Logger } from '@understudy/kernel';
import type { FastifyRequest } from 'fastify';
import type { Config } from '../config.ts';
import { bearerOf } from '../http/authenticate.ts';

/** How often the last use of keys and sessions is written down; a session that is not would seem idle elsewhere. */
const FLUSH_MS = 30_000;
/** Attempts to sign in from one address a minute. */
const SIGN_INS_PER_MINUTE = 300;

/** The identity room with what it needs from outside. */
export async function openIdentity(context: { config: Config; open: OpenDatabase; clock: Clock; logger: Logger }) {
  const { config, open, clock, logger } = context;
  const { database } = open;
  const audit = new PostgresAuditLog(clock);
  const keys = new PostgresIdentityStore();
  const members = new PostgresMemberStore();
  const sessionStore = new PostgresSessionStore(database);
  const operator = await ensureOperatorKey(database, keys, config.operatorKey);
  const identity = new Identity({
    ...{ database, store: keys, members, sessions: sessionStore, audit, clock },
    scopes: allScopes,
  });
  const authenticator = new KeyAuthenticator({
    directory: new PostgresKeyDirectory(database),
    operatorHash: operator.hash,
    clock,
    logger,
  });
  const sessionAuthenticator = new SessionAuthenticator({
    directory: new PostgresSessionDirectory(database),
    clock,
    logger,
  });
  const ports = { database, members, keys, sessions: sessionStore, audit, clock };
  const forgetKey = (keyId: string | undefined) => {
    authenticator.invalidate(keyId);
    sessionAuthenticator.invalidate(keyId);
  };
  const stopKeys = await open.listen(KEYS_CHANNEL, forgetKey);
  const quotaStore = new PostgresQuotaStore(database);
  const quotas = new QuotaMemory({
    directory: quotaStore,
    defaultPerMinute: config.workspaceQuotaPerMinute,
    clock,
    logger,
  });
  const limiter = new RequestLimits({
    keys: new KeyRateLimiter(clock, config.rateLimitPerMinute),
    workspaces: new KeyRateLimiter(clock, config.rateLimitPerMinute),
    quotas,
  });
  const stopQuotas = await open.listen(QUOTAS_CHANNEL, (workspace) => quotas.forget(workspace));
  const stopSessions = await open.listen(SESSIONS_CHANNEL, (id) => sessionAuthenticator.invalidate(id));
  const sessionCookie = new SessionCookie(config.publicUrl);
  const flush = async () => {
    await authenticator.flush();
    await sessionAuthenticator.flush();
  };
  const timer = setInterval(() => void flush(), FLUSH_MS).unref();

  return {
    audit,
    operator,
    identity,
    authenticator,
    /** What this process remembers of a key, and of the sessions that it opened. */
    forgetKey,
    members: new Members(ports),
    sessions: new Sessions(ports),
    sessionAuthenticator,
    sessionCookie,
    limiter,
    quotas: new Quotas({ database, store: quotaStore, workspaces: keys, audit }),
    signInAttempts: new KeyRateLimiter(clock, SIGN_INS_PER_MINUTE),
    /** Whose credential a request carries, as far as this process remembers; says nothing of whether it is valid. */
    workspaceOf(request: FastifyRequest): string | undefined {
      const { authorization, cookie } = request.headers;
      if (authorization !== undefined) return authenticator.workspaceOf(bearerOf(authorization) ?? '');
      const secret = cookie === undefined ? undefined : sessionCookie.read(request)[0];
      return secret === undefined ? undefined : sessionAuthenticator.workspaceOf(secret);
    },
    async close() {
      clearInterval(timer);
      await flush();
      stopKeys();
      stopSessions();
      stopQuotas();
    },
  };
}
