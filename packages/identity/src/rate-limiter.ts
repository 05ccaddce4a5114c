import type { Clock, Principal } from '@understudy/kernel';
import { Generations } from './generations.ts';

/** The state of a limit after one request, for the answer's headers. */
export interface RateDecision {
  allowed: boolean;
  /** Requests per minute. */
  limit: number;
  /** Requests that may be sent at once. */
  remaining: number;
  /** Seconds until one more may be sent (when refused), or until `remaining` is `limit` again. */
  resetSeconds: number;
}

/** Whose requests are counted. */
export type RateSubject = Pick<Principal, 'id'> &
  Partial<Pick<Principal, 'kind' | 'session'>> & { requestsPerMinute?: number | null };

interface Bucket {
  tokens: number;
  /** When `tokens` was right. */
  at: number;
}

/** A limit that was not used for a minute is full again, so forgetting it changes nothing. */
const BUCKETS = 50_000;

/**
 * A token bucket a key: it may burst up to its limit and refills evenly over a minute. Kept in memory, so each
 * server process counts for itself. Synchronous, because it is on the path of every request.
 */
export class KeyRateLimiter {
  readonly #clock: Clock;
  readonly #fallback: number;
  readonly #buckets = new Generations<Bucket>(BUCKETS);

  /** `defaultPerMinute`: for keys without a limit of their own. */
  constructor(clock: Clock, defaultPerMinute: number) {
    this.#clock = clock;
    this.#fallback = defaultPerMinute;
  }

  /** Counts one request, if it is allowed. */
  take(principal: RateSubject): RateDecision {
    const { bucket, limit } = this.#bucketOf(principal);
    const allowed = bucket.tokens >= 1;
    if (allowed) bucket.tokens -= 1;
    return decisionOf(bucket, limit, allowed);
  }

  /** What {@link take} would say, without counting: `remaining` holds the request that is asked about. */
  look(principal: RateSubject): RateDecision {
    const { bucket, limit } = this.#bucketOf(principal);
    return decisionOf(bucket, limit, bucket.tokens >= 1);
  }

  #bucketOf(principal: RateSubject): { bucket: Bucket; limit: number } {
    const limit = principal.requestsPerMinute ?? this.#fallback;
    const now = this.#clock.now();
    // A member's browsers count each for itself; a session of a key counts as the key, whose limit it is.
    const name = principal.kind === 'member' ? (principal.session ?? principal.id) : principal.id;
    let bucket = this.#buckets.get(name);
    if (bucket === undefined) {
      bucket = { tokens: limit, at: now };
      this.#buckets.set(name, bucket);
    } else {
      // A clock that went back gives nothing; a limit that was lowered takes what is above it.
      bucket.tokens = Math.min(limit, bucket.tokens + Math.max(0, now - bucket.at) * (limit / 60_000));
      bucket.at = now;
    }
    return { bucket, limit };
  }
}

function decisionOf({ tokens }: Bucket, limit: number, allowed: boolean): RateDecision {
  const missing = allowed ? limit - tokens : 1 - tokens;
  return {
    allowed,
    limit,
    remaining: Math.floor(tokens),
    resetSeconds: Math.ceil((missing * 60) / limit),
  };
}
