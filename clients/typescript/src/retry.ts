/** How a call is repeated. The defaults: up to 3 repeats, 0…250 ms before the first, doubling, at most 8 s. */
export interface RetryPolicy {
  maxRetries: number;
  baseMilliseconds: number;
  capMilliseconds: number;
  /** 0…1; full jitter multiplies by it. */
  random(): number;
}

const RETRYABLE_STATUS: ReadonlySet<number> = new Set([408, 429, 502, 503, 504]);

/** Codes that the error catalogue marks as retryable and whose status alone does not say so. */
const RETRYABLE_CODES: ReadonlySet<string> = new Set(['idempotency_key_in_flight', 'internal_error']);

/** Whether the same request may succeed later without being changed. */
export function isRetryable(status: number, code: string): boolean {
  return RETRYABLE_STATUS.has(status) || RETRYABLE_CODES.has(code);
}

/** Seconds that a `Retry-After` asks for (RFC 9110, 10.2.3: delta or date); undefined when absent or malformed. */
export function retryAfterSeconds(header: string | null, now: number): number | undefined {
  if (header === null) return undefined;
  const value = header.trim();
  if (/^\d{1,9}$/.test(value)) return Number(value);
  const date = /[a-z]/i.test(value) ? Date.parse(value) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, (date - now) / 1000);
}

/**
 * Milliseconds to wait before repeat number `repeat` (1, 2, …): full jitter over an exponential bound (Brooker,
 * "Exponential Backoff and Jitter", 2015). What the server asked for is a floor, with jitter on top, so that a crowd
 * that was told the same second does not come back as a crowd.
 */
export function backoff(repeat: number, retryAfter: number | undefined, policy: RetryPolicy): number {
  const bound = Math.min(policy.capMilliseconds, policy.baseMilliseconds * 2 ** (repeat - 1));
  return Math.round((retryAfter ?? 0) * 1000 + policy.random() * bound);
}
