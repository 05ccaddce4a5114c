import type { Clock, Logger, Principal } from '@understudy/kernel';
import { type ApiKey, isUsable } from './api-key.ts';
import { CredentialCache } from './credential-cache.ts';
import { operatorPrincipal } from './operator.ts';
import type { KeyDirectory } from './ports.ts';
import { hashSecret, looksLikeApiKey, looksLikeOperatorKey, sameHash } from './secret.ts';

/** A principal that came of an API key, with the limit that its key was given. */
export interface KeyPrincipal extends Principal {
  /** Null = the server's default. */
  requestsPerMinute: number | null;
}

export interface AuthenticatorOptions {
  directory: KeyDirectory;
  operatorHash: Uint8Array;
  clock: Clock;
  logger: Logger;
  /** Known keys kept at least; twice as many at most. Default 10,000. */
  cacheSize?: number;
}

/** Says who holds a token: see {@link CredentialCache} for how known keys are answered and revocations heard of. */
export class KeyAuthenticator {
  readonly #directory: KeyDirectory;
  readonly #operatorHash: Uint8Array;
  readonly #logger: Logger;
  readonly #cache: CredentialCache<KeyPrincipal>;

  constructor({ directory, operatorHash, clock, logger, cacheSize }: AuthenticatorOptions) {
    this.#directory = directory;
    this.#operatorHash = operatorHash;
    this.#logger = logger;
    this.#cache = new CredentialCache({
      clock,
      size: cacheSize ?? 10_000,
      async load(token) {
        const key = await directory.findByHash(hashSecret(token));
        if (key === null || !isUsable(key, clock.now())) return null;
        const expiresAt = key.expiresAt ?? Number.POSITIVE_INFINITY;
        return { value: principalOf(key), expiresAt, lastUsedAt: key.lastUsedAt ?? key.createdAt };
      },
    });
  }

  /**
   * The holder of `token`; null when it is unknown, expired, revoked or not a key at all. Synchronous for keys
   * seen in the last seconds. May throw or reject with `database_unavailable`.
   */
  authenticate(token: string): Principal | null | Promise<Principal | null> {
    const known = this.#cache.recall(token);
    if (known !== undefined) return known;
    return looksLikeApiKey(token) ? this.#cache.lookUp(token) : this.#authenticateOperator(token);
  }

  /** The workspace of a key that this process remembers, whether or not it is still valid. Never asks the database. */
  workspaceOf(token: string): string | undefined {
    return this.#cache.peek(token)?.workspace;
  }

  /** Forgets one key by its id, or, without one (notifications may have been missed), all. */
  invalidate(keyId: string | undefined): void {
    this.#cache.forget(keyId === undefined ? undefined : ({ id }) => id === keyId);
  }

  /** Writes down when which keys were last used. Call it now and then, and before the end. */
  async flush(): Promise<void> {
    const used = this.#cache.takeUsed();
    if (used.length === 0) return;
    try {
      await this.#directory.touch(used.map(({ value: { workspace, id }, at }) => ({ workspace, id, at })));
    } catch (error) {
      this.#logger.warn({ err: error }, 'the last use of API keys could not be written down');
    }
  }

  /** Keys held in memory, for metrics and tests. */
  get size(): number {
    return this.#cache.size;
  }

  #authenticateOperator(token: string): Principal | null {
    if (!looksLikeOperatorKey(token)) return null;
    return sameHash(hashSecret(token), this.#operatorHash) ? operatorPrincipal : null;
  }
}

function principalOf({ workspace, id, scopes, requestsPerMinute }: ApiKey): KeyPrincipal {
  return { kind: 'api_key', workspace, id, scopes: new Set(scopes), requestsPerMinute };
}
