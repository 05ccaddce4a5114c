import type { Clock, Logger, Principal } from '@understudy/kernel';
import { type ApiKey, isUsable } from './api-key.ts';
import { Generations } from './generations.ts';
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

/** After this long a known key is looked up again behind the request's back. */
const FRESH_MS = 2_000;
/** After this long it is looked up first: no revoked key lives longer, even if no notification arrives. */
const STALE_MS = 4_000;
/** How long an unknown token is known to be unknown. */
const UNKNOWN_MS = 3_000;

interface Entry {
  principal: KeyPrincipal;
  expiresAt: number;
  checkedAt: number;
  usedAt: number;
  /** Whether it waits in the set of keys whose use has not been written down. */
  noted: boolean;
  refreshing: boolean;
}

/**
 * Says who holds a token. Known keys are answered from memory without a database, a hash or a promise; a revocation
 * reaches this process by {@link invalidate} at once, and by age after 4 s at the latest. When the database is away,
 * keys older than that get its `database_unavailable`, never a guess.
 */
export class KeyAuthenticator {
  readonly #directory: KeyDirectory;
  readonly #operatorHash: Uint8Array;
  readonly #clock: Clock;
  readonly #logger: Logger;
  readonly #known: Generations<Entry>;
  readonly #unknown: Generations<number>;
  readonly #lookups = new Map<string, Promise<Principal | null>>();
  readonly #used = new Set<Entry>();
  /** Grows with each invalidation, so that a look-up that began before it does not bring the old answer back. */
  #epoch = 0;

  constructor(options: AuthenticatorOptions) {
    this.#directory = options.directory;
    this.#operatorHash = options.operatorHash;
    this.#clock = options.clock;
    this.#logger = options.logger;
    const size = options.cacheSize ?? 10_000;
    this.#known = new Generations(size);
    this.#unknown = new Generations(size);
  }

  /**
   * The holder of `token`; null when it is unknown, expired, revoked or not a key at all. Synchronous for keys
   * seen in the last seconds. May throw or reject with `database_unavailable`.
   */
  authenticate(token: string): Principal | null | Promise<Principal | null> {
    const now = this.#clock.now();
    const entry = this.#known.get(token);
    if (entry !== undefined) {
      const age = now - entry.checkedAt;
      if (age < STALE_MS && age >= 0) {
        if (age >= FRESH_MS && !entry.refreshing) this.#refresh(token, entry);
        return this.#use(entry, now);
      }
    } else {
      if (!looksLikeApiKey(token)) return this.#authenticateOperator(token);
      const age = now - (this.#unknown.get(token) ?? Number.NEGATIVE_INFINITY);
      if (age < UNKNOWN_MS && age >= 0) return null;
    }
    return this.#lookUp(token);
  }

  /** Forgets one key by its id, or, without one (notifications may have been missed), all. */
  invalidate(keyId: string | undefined): void {
    this.#epoch++;
    this.#lookups.clear();
    if (keyId === undefined) this.#known.clear();
    else this.#known.deleteWhere((entry) => entry.principal.id === keyId);
  }

  /** Writes down when which keys were last used. Call it now and then, and before the end. */
  async flush(): Promise<void> {
    const entries = [...this.#used];
    if (entries.length === 0) return;
    this.#used.clear();
    for (const entry of entries) entry.noted = false;
    try {
      await this.#directory.touch(
        entries.map(({ principal, usedAt }) => ({ workspace: principal.workspace, id: principal.id, at: usedAt })),
      );
    } catch (error) {
      this.#logger.warn({ err: error }, 'the last use of API keys could not be written down');
    }
  }

  /** Keys held in memory, for metrics and tests. */
  get size(): number {
    return this.#known.size;
  }

  #authenticateOperator(token: string): Principal | null {
    if (!looksLikeOperatorKey(token)) return null;
    return sameHash(hashSecret(token), this.#operatorHash) ? operatorPrincipal : null;
  }

  #use(entry: Entry, now: number): Principal | null {
    if (entry.expiresAt <= now) return null;
    entry.usedAt = now;
    if (!entry.noted) {
      entry.noted = true;
      this.#used.add(entry);
    }
    return entry.principal;
  }

  #refresh(token: string, entry: Entry): void {
    entry.refreshing = true;
    const done = () => {
      entry.refreshing = false; // when it failed, the next request tries again; past STALE_MS it waits for the answer
    };
    this.#lookUp(token).then(done, done);
  }

  #lookUp(token: string): Promise<Principal | null> {
    let lookup = this.#lookups.get(token);
    if (lookup === undefined) {
      lookup = this.#ask(token).finally(() => {
        if (this.#lookups.get(token) === lookup) this.#lookups.delete(token);
      });
      this.#lookups.set(token, lookup);
    }
    return lookup;
  }

  async #ask(token: string): Promise<Principal | null> {
    const epoch = this.#epoch;
    // The age counts from before the question: the answer may be as old as that.
    const asked = this.#clock.now();
    const key = await this.#directory.findByHash(hashSecret(token));
    const now = this.#clock.now();
    const entry = key === null || !isUsable(key, now) ? null : toEntry(key, asked);
    if (epoch !== this.#epoch) return entry === null ? null : this.#use(entry, now);
    if (entry === null) {
      this.#known.delete(token);
      this.#unknown.set(token, asked);
      return null;
    }
    this.#known.set(token, entry);
    return this.#use(entry, now);
  }
}

function toEntry(key: ApiKey, checkedAt: number): Entry {
  return {
    principal: {
      kind: 'api_key',
      workspace: key.workspace,
      id: key.id,
      scopes: new Set(key.scopes),
      requestsPerMinute: key.requestsPerMinute,
    },
    expiresAt: key.expiresAt ?? Number.POSITIVE_INFINITY,
    checkedAt,
    usedAt: checkedAt,
    noted: false,
    refreshing: false,
  };
}
