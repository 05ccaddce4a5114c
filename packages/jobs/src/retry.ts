import { isUnderstudyError } from '@understudy/kernel';
import type { JobError } from './job.ts';

/** How failures are answered. */
export interface RetryPolicy {
  /** Attempts at most, the first included. */
  attempts: number;
  /** The first pause at most, and any pause at most, in ms. */
  firstMs: number;
  longestMs: number;
}

export const DEFAULT_RETRY: RetryPolicy = { attempts: 5, firstMs: 1000, longestMs: 300_000 };

/** Leases lost before a job is given up: by then it was alone in its worker's hands for the last of them. */
export const MOST_LOST = 6;

/**
 * What a failure means: `permanent` = the same item can never succeed; else it may. An error without a code is a fault
 * of ours, which may pass.
 */
export function classify(error: unknown): { permanent: boolean; error: JobError } {
  if (isUnderstudyError(error)) {
    return { permanent: !error.retryable, error: { code: error.code, detail: error.message } };
  }
  return {
    permanent: false,
    error: { code: 'internal_error', detail: 'an unexpected fault; the server’s log has it' },
  };
}

/**
 * Exponential back-off with full jitter (Brooker, “Exponential Backoff And Jitter”, 2015): uniform in 0…2ⁿ⁻¹ × the
 * first pause, so that what failed together does not come back together. At least 50 ms, so that nothing spins.
 *
 * @param attempt the one that failed, from 1
 * @param random uniform in [0, 1)
 */
export function backoffMs(policy: RetryPolicy, attempt: number, random: () => number): number {
  const ceiling = Math.min(policy.longestMs, policy.firstMs * 2 ** Math.min(attempt - 1, 30));
  return Math.max(50, Math.round(random() * ceiling));
}

/** Share of first attempts that may be tried again while retries fail. */
const SHARE = 0.1;
/** Retries a second that are always allowed, so that a quiet queue empties. */
const TRICKLE = 0.2;
const MOST_SAVED = 1000;

/**
 * Keeps an outage upstream from being multiplied: retries are paid from what first attempts earn (a tenth each, as in
 * Finagle's RetryBudget). A retry that succeeds earns two more, so that what an outage left behind comes back as fast
 * as it works.
 */
export class RetryBudget {
  #saved: number;
  #at: number;

  constructor(now: number, saved = 10) {
    this.#saved = saved;
    this.#at = now;
  }

  firstAttempt(): void {
    this.#earn(SHARE);
  }

  retrySucceeded(): void {
    this.#earn(2);
  }

  /** Whether one retry may be made now; takes it from what is saved. */
  spend(now: number): boolean {
    // A clock that was set back earns nothing.
    this.#earn((Math.max(0, now - this.#at) / 1000) * TRICKLE);
    this.#at = now;
    if (this.#saved < 1) return false;
    this.#saved -= 1;
    return true;
  }

  #earn(share: number): void {
    this.#saved = Math.min(MOST_SAVED, this.#saved + share);
  }
}
