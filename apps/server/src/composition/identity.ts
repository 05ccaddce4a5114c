import type { OpenDatabase } from '@understudy/database-postgres';
import {
  allScopes,
  ensureOperatorKey,
  Identity,
  KeyAuthenticator,
  KeyRateLimiter,
  Members,
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
  PostgresSessionDirectory,
  PostgresSessionStore,
  SESSIONS_CHANNEL,
} from '@understudy/identity/storage';
import type { Clock, Logger } from '@understudy/kernel';
import type { Config } from '../config.ts';

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
  const stopKeys = await open.listen(KEYS_CHANNEL, (keyId) => {
    authenticator.invalidate(keyId);
    sessionAuthenticator.invalidate(keyId);
  });
  const stopSessions = await open.listen(SESSIONS_CHANNEL, (id) => sessionAuthenticator.invalidate(id));
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
    members: new Members(ports),
    sessions: new Sessions(ports),
    sessionAuthenticator,
    sessionCookie: new SessionCookie(config.publicUrl),
    limiter: new KeyRateLimiter(clock, config.rateLimitPerMinute),
    signInAttempts: new KeyRateLimiter(clock, SIGN_INS_PER_MINUTE),
    async close() {
      clearInterval(timer);
      await flush();
      stopKeys();
      stopSessions();
    },
  };
}
