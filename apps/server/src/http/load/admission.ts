import type { GradientLimit } from './gradient-limit.ts';

/**
 * What a request is worth under load.
 * - `decide`: somebody waits for a decision. Turned away last.
 * - `ordinary`: reads and edits.
 * - `bulk`: long work such as exports and imports, which can be done later. Turned away first. Not counted: it would hold
 *   a place for minutes, though it mostly waits for the network.
 */
export type LoadClass = 'decide' | 'ordinary' | 'bulk';

/** Share of the limit up to which a class is let in. */
const SHARE: Readonly<Record<LoadClass, number>> = { decide: 1, ordinary: 0.85, bulk: 0.7 };
/** Places beyond the limit for tenants that have not had their share, as a share of the limit. */
const RESERVE = 1;

/**
 * Decides who is let in. While there is room, everybody is. Beyond, a tenant is let in who has less under way than an
 * equal share of the limit: so one who sends twenty times too much crowds out nobody but themselves.
 */
export class Admission {
  readonly #limit: GradientLimit;
  readonly #tenants = new Map<string, number>();
  #inFlight = 0;
  /** Of these, those whose tenant is known. */
  #charged = 0;

  constructor(limit: GradientLimit) {
    this.#limit = limit;
  }

  /** Counted requests under way. */
  get inFlight(): number {
    return this.#inFlight;
  }

  /** Tenants with requests under way. */
  get tenants(): number {
    return this.#tenants.size;
  }

  /**
   * Whether one more may begin; counts it, unless it is `bulk`. `tenant` is asked for only when there is no room for
   * everybody; undefined = nobody that is known here: all such share as one.
   */
  enter(load: LoadClass, tenant: () => string | undefined): boolean {
    const room = this.#limit.limit * SHARE[load];
    if (this.#inFlight >= room && !this.#isOwed(load, room, tenant())) {
      this.#limit.refuse();
      return false;
    }
    if (load !== 'bulk') this.#inFlight++;
    return true;
  }

  /** Whether there is room for one more of this class, whoever it is; counts it. */
  enterIfRoom(load: LoadClass): boolean {
    if (this.#inFlight >= this.#limit.limit * SHARE[load]) return false;
    this.#inFlight++;
    return true;
  }

  /** One that was let in turned out to be of this tenant. */
  charge(tenant: string): void {
    this.#charged++;
    this.#tenants.set(tenant, (this.#tenants.get(tenant) ?? 0) + 1);
  }

  /** One that was let in, and counted, is over. `tenant`: as it was charged. */
  leave(tenant: string | null): void {
    this.#inFlight--;
    if (tenant === null) return;
    this.#charged--;
    const left = (this.#tenants.get(tenant) ?? 0) - 1;
    if (left > 0) this.#tenants.set(tenant, left);
    else this.#tenants.delete(tenant);
  }

  #isOwed(load: LoadClass, room: number, tenant: string | undefined): boolean {
    if (load === 'bulk' || this.#inFlight >= this.#limit.limit * (1 + RESERVE)) return false;
    // Whoever comes for the first time is not known yet, and must not be kept out by those who are.
    const own = tenant === undefined ? this.#inFlight - this.#charged : (this.#tenants.get(tenant) ?? 0);
    const sharers = this.#tenants.size + (tenant === undefined || own === 0 ? 1 : 0);
    return sharers > 1 && own < Math.max(1, Math.floor(room / sharers));
  }
}
