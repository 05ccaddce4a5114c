import type { Principal } from '@understudy/kernel';
import type { KeyRateLimiter, RateDecision, RateSubject } from './rate-limiter.ts';

/** One limit that a request counts against. */
export interface CountedLimit extends RateDecision {
  /** Whose it is; names the policy in `RateLimit` headers. */
  name: 'key' | 'session' | 'workspace';
}

/** A request against everything that limits it. Refused = counted against nothing. */
export interface LimitDecision {
  allowed: boolean;
  limits: readonly CountedLimit[];
}

/**
 * The limit of a key (or a member's session) and, where there is one, the quota of its workspace: a request needs room
 * under both, and is counted against both or neither.
 */
export class RequestLimits {
  readonly #keys: KeyRateLimiter;
  readonly #workspaces: KeyRateLimiter;
  readonly #quotas: { limitOf(workspace: string): number | null };

  constructor(ports: {
    keys: KeyRateLimiter;
    workspaces: KeyRateLimiter;
    quotas: { limitOf(workspace: string): number | null };
  }) {
    this.#keys = ports.keys;
    this.#workspaces = ports.workspaces;
    this.#quotas = ports.quotas;
  }

  take(principal: Principal & RateSubject): LimitDecision {
    const name = principal.kind === 'member' ? 'session' : 'key';
    const quota = this.#quotas.limitOf(principal.workspace);
    if (quota === null) {
      const own = this.#keys.take(principal);
      return { allowed: own.allowed, limits: [{ name, ...own }] };
    }
    const workspace = { id: principal.workspace, requestsPerMinute: quota };
    const free = this.#keys.look(principal).allowed && this.#workspaces.look(workspace).allowed;
    const own = free ? this.#keys.take(principal) : this.#keys.look(principal);
    const all = free ? this.#workspaces.take(workspace) : this.#workspaces.look(workspace);
    return {
      allowed: free,
      limits: [
        { name, ...own },
        { name: 'workspace', ...all },
      ],
    };
  }
}
