/** The longest pause between two attempts is drawn from [0, this]; the first from [0, 10 s], each next three times that. */
const FIRST_MS = 10_000;
const GROWTH = 3;
const LONGEST_MS = 6 * 3_600_000;
const SHORTEST_MS = 1_000;
/** A receiver may ask for more patience with `Retry-After`, up to this. */
const LONGEST_WISH_MS = 24 * 3_600_000;

/**
 * When to try again after a failure: exponential back-off with full jitter, so that what failed together does not come
 * back together, until the delivery is given up. The last attempt is made when it is. Null: given up.
 *
 * @param failures attempts so far, from 1
 * @param random uniform in [0, 1)
 * @param wishMs the receiver's `Retry-After`, or null
 */
export function nextAttemptAt(
  { failures, now, giveUpAt, wishMs }: { failures: number; now: number; giveUpAt: number; wishMs: number | null },
  random: () => number,
): number | null {
  if (now >= giveUpAt) return null;
  const cap = Math.min(LONGEST_MS, FIRST_MS * GROWTH ** (failures - 1));
  const pause = Math.max(SHORTEST_MS, random() * cap, Math.min(wishMs ?? 0, LONGEST_WISH_MS));
  return Math.min(now + pause, giveUpAt);
}

/** From this many failures in a row on a target rests, and is then tried with one delivery at a time. */
export const BREAKER_FAILURES = 5;
const FIRST_REST_MS = 5_000;
const LONGEST_REST_MS = 5 * 60_000;

/** Until when a target that failed this often in a row is left alone: a dead one costs a call every few minutes. */
export function restUntil(failures: number, now: number, random: () => number): number | null {
  if (failures < BREAKER_FAILURES) return null;
  const cap = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** (failures - BREAKER_FAILURES));
  return now + cap / 2 + (random() * cap) / 2;
}

/** `Retry-After` in milliseconds, from seconds or an HTTP date; null when absent or not readable. */
export function retryAfterMs(header: string | undefined, now: number): number | null {
  if (header === undefined) return null;
  if (/^\d{1,9}$/.test(header)) return Number(header) * 1000;
  if (!/^[A-Z][a-z]{2}, .{20,24} GMT$/.test(header)) return null; // Date.parse reads anything
  const at = Date.parse(header);
  return Number.isNaN(at) ? null : Math.max(0, at - now);
}
