/**
 * Keeps a topic for a relay while it publishes a batch: a broker may take longer to confirm than a lease lasts. Renewed
 * four times a lease, so that a relay that died is succeeded within one.
 */
export class TopicLease {
  readonly #timer: NodeJS.Timeout;
  #lost = false;
  #asking = false;

  /** @param renew false: another relay has the topic now */
  constructor(leaseMs: number, renew: () => Promise<boolean>) {
    this.#timer = setInterval(() => void this.#renew(renew), leaseMs / 4);
    this.#timer.unref();
  }

  /** Another relay has taken over: what this one still publishes would be second copies. */
  get lost(): boolean {
    return this.#lost;
  }

  end(): void {
    clearInterval(this.#timer);
  }

  async #renew(renew: () => Promise<boolean>): Promise<void> {
    if (this.#asking) return;
    this.#asking = true;
    try {
      if (await renew()) return;
      this.#lost = true;
      this.end();
    } catch {
      // The next attempt may do. If none does, the lease ends, and another relay goes on.
    } finally {
      this.#asking = false;
    }
  }
}
