import type { Clock, Logger } from '@understudy/kernel';
import type { KeyPrincipal } from './authenticator.ts';
import { CredentialCache } from './credential-cache.ts';
import type { SessionDirectory } from './ports.ts';
import type { Role } from './roles.ts';
import { scopesOf } from './roles.ts';
import { csrfTokenOf, hashSecret, looksLikeSession } from './secret.ts';
import { endOf, IDLE_MS, mayBeSignedIn, type SessionWithHolder } from './session.ts';

/** Who is behind a session: a member with their role's scopes, or the API key that it was made from. */
export interface SessionPrincipal extends KeyPrincipal {
  session: string;
  name: string;
  role?: Role;
}

/** A session that is alive. */
export interface LiveSession {
  principal: SessionPrincipal;
  /** What requests that change something have to send along. */
  csrfToken: string;
  expiresAt: number;
}

/** Says who is behind a session's secret: see {@link CredentialCache}. */
export class SessionAuthenticator {
  readonly #directory: SessionDirectory;
  readonly #logger: Logger;
  readonly #cache: CredentialCache<LiveSession>;

  constructor(options: { directory: SessionDirectory; clock: Clock; logger: Logger; cacheSize?: number }) {
    const { directory, clock, logger, cacheSize = 10_000 } = options;
    this.#directory = directory;
    this.#logger = logger;
    this.#cache = new CredentialCache({
      clock,
      size: cacheSize,
      idleMs: IDLE_MS,
      async load(secret) {
        const session = await directory.findByHash(hashSecret(secret));
        if (session === null || !mayBeSignedIn(session.holder, clock.now())) return null;
        const expiresAt = endOf(session);
        const value = { principal: principalOf(session), csrfToken: csrfTokenOf(secret), expiresAt };
        return { value, expiresAt, lastUsedAt: session.lastUsedAt };
      },
    });
  }

  /** Null when the session is unknown, over or no session at all. Rejects with `database_unavailable`. */
  authenticate(secret: string): LiveSession | null | Promise<LiveSession | null> {
    const known = this.#cache.recall(secret);
    if (known !== undefined) return known;
    return looksLikeSession(secret) ? this.#cache.lookUp(secret) : null;
  }

  /** The workspace of a session that this process remembers, whether or not it is still alive. Never asks the database. */
  workspaceOf(secret: string): string | undefined {
    return this.#cache.peek(secret)?.principal.workspace;
  }

  /** Forgets a session by its own id or that of its member or key; without one, all. */
  invalidate(id: string | undefined): void {
    this.#cache.forget(
      id === undefined ? undefined : ({ principal }) => principal.session === id || principal.id === id,
    );
  }

  /** Writes down when which sessions were last used; they would seem idle otherwise. Call it twice a minute. */
  async flush(): Promise<void> {
    const used = this.#cache.takeUsed();
    if (used.length === 0) return;
    try {
      await this.#directory.touch(
        used.map(({ value: { principal }, at }) => ({ workspace: principal.workspace, id: principal.session, at })),
      );
    } catch (error) {
      this.#logger.warn({ err: error }, 'the last use of sessions could not be written down');
    }
  }
}

function principalOf({ id: session, workspace, holder }: SessionWithHolder): SessionPrincipal {
  const { kind, id, name } = holder;
  if (holder.kind === 'member') {
    const { role } = holder;
    return { kind, workspace, id, name, role, session, scopes: scopesOf(role), requestsPerMinute: null };
  }
  const { scopes, requestsPerMinute } = holder;
  return { kind, workspace, id, name, session, scopes: new Set(scopes), requestsPerMinute };
}
