import type { Clock } from '@understudy/kernel';
import { Generations } from './generations.ts';

/** What the database said about a secret. */
export interface Loaded<V> {
  value: V;
  /** It opens nothing from here on. */
  expiresAt: number;
  /** The last use that is written down. */
  lastUsedAt: number;
}

export interface CacheOptions<V> {
  clock: Clock;
  /** Asks the database; null = there is none that is usable. May reject with `database_unavailable`. */
  load(secret: string): Promise<Loaded<V> | null>;
  /** Known secrets kept at least; twice as many at most. */
  size: number;
  /** What was not used for so long is expired. Default: never. */
  idleMs?: number;
}

/** After this long a known secret is looked up again behind the request's back. */
const FRESH_MS = 2_000;
/** After this long it is looked up first: nothing revoked lives longer, even if no notification arrives. */
const STALE_MS = 4_000;
/** How long an unknown secret is known to be unknown. */
const UNKNOWN_MS = 3_000;

interface Entry<V> extends Loaded<V> {
  checkedAt: number;
  /** Whether it waits in the set of those whose use has not been written down. */
  noted: boolean;
  refreshing: boolean;
}

/**
 * Remembers who holds which secret. Known ones are answered from memory without a database, a hash or a promise; a
 * revocation reaches this process by {@link forget} at once, and by age after 4 s at the latest. When the database is
 * away, what is older than that gets the loader's error, never a guess.
 */
export class CredentialCache<V> {
  readonly #options: CacheOptions<V>;
  readonly #clock: Clock;
  readonly #idleMs: number;
  readonly #known: Generations<Entry<V>>;
  readonly #unknown: Generations<number>;
  readonly #lookups = new Map<string, Promise<V | null>>();
  readonly #used = new Set<Entry<V>>();
  /** Grows with each revocation, so that a look-up that began before it does not bring the old answer back. */
  #epoch = 0;

  constructor(options: CacheOptions<V>) {
    this.#options = options;
    this.#clock = options.clock;
    this.#idleMs = options.idleMs ?? Number.POSITIVE_INFINITY;
    this.#known = new Generations(options.size);
    this.#unknown = new Generations(options.size);
  }

  /** From memory: undefined when this has to be {@link lookUp looked up}. */
  recall(secret: string): V | null | undefined {
    const entry = this.#known.get(secret);
    if (entry === undefined) return undefined;
    const now = this.#clock.now();
    const age = now - entry.checkedAt;
    if (age >= STALE_MS || age < 0) return undefined;
    if (age >= FRESH_MS && !entry.refreshing) this.#refresh(secret, entry);
    return this.#use(entry, now);
  }

  /** What is remembered, however old, without a use of it: good for nothing but fairness. */
  peek(secret: string): V | undefined {
    return this.#known.get(secret)?.value;
  }

  /** Null at once when it was unknown a moment ago. */
  lookUp(secret: string): V | null | Promise<V | null> {
    const age = this.#clock.now() - (this.#unknown.get(secret) ?? Number.NEGATIVE_INFINITY);
    if (age < UNKNOWN_MS && age >= 0 && this.#known.get(secret) === undefined) return null;
    return this.#ask(secret);
  }

  /** Forgets what matches, or, without a test (notifications may have been missed), all. */
  forget(matches?: (value: V) => boolean): void {
    this.#epoch++;
    this.#lookups.clear();
    if (matches === undefined) this.#known.clear();
    else this.#known.deleteWhere((entry) => matches(entry.value));
  }

  /** What was used since the last call, with when. */
  takeUsed(): { value: V; at: number }[] {
    const used = [...this.#used].map((entry) => {
      entry.noted = false;
      return { value: entry.value, at: entry.lastUsedAt };
    });
    this.#used.clear();
    return used;
  }

  /** Secrets held in memory. */
  get size(): number {
    return this.#known.size;
  }

  #use(entry: Entry<V>, now: number): V | null {
    if (entry.expiresAt <= now || now - entry.lastUsedAt >= this.#idleMs) return null;
    entry.lastUsedAt = now;
    if (!entry.noted) {
      entry.noted = true;
      this.#used.add(entry);
    }
    return entry.value;
  }

  #refresh(secret: string, entry: Entry<V>): void {
    entry.refreshing = true;
    const done = () => {
      entry.refreshing = false; // when it failed, the next request tries again; past STALE_MS it waits for the answer
    };
    this.#ask(secret).then(done, done);
  }

  #ask(secret: string): Promise<V | null> {
    let lookup = this.#lookups.get(secret);
    if (lookup === undefined) {
      lookup = this.#load(secret).finally(() => {
        if (this.#lookups.get(secret) === lookup) this.#lookups.delete(secret);
      });
      this.#lookups.set(secret, lookup);
    }
    return lookup;
  }

  async #load(secret: string): Promise<V | null> {
    const epoch = this.#epoch;
    // The age counts from before the question: the answer may be as old as that.
    const asked = this.#clock.now();
    const loaded = await this.#options.load(secret);
    const now = this.#clock.now();
    const entry = loaded === null ? null : { ...loaded, checkedAt: asked, noted: false, refreshing: false };
    // What this process has seen of it counts before what has reached the database.
    const before = this.#known.get(secret);
    if (entry !== null && before !== undefined) entry.lastUsedAt = Math.max(entry.lastUsedAt, before.lastUsedAt);
    if (epoch !== this.#epoch) return entry === null ? null : this.#use(entry, now);
    if (entry === null) {
      this.#known.delete(secret);
      this.#unknown.set(secret, asked);
      return null;
    }
    this.#known.set(secret, entry);
    return this.#use(entry, now);
  }
}
