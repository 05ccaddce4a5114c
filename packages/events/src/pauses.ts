import type { Clock } from '@understudy/kernel';

/**
 * How long things that fail are left alone: exponential back-off with full jitter (a uniform draw from nothing to the
 * current limit), so that many relays do not come back together.
 */
export class Pauses {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #pauses = new Map<string, { failures: number; at: number; until: number }>();

  constructor(clock: Clock, random: () => number) {
    this.#clock = clock;
    this.#random = random;
  }

  blocks(name: string): boolean {
    const pause = this.#pauses.get(name);
    const now = this.#clock.now();
    // A clock that was set back ends the pause, rather than making it longer by as much.
    return pause !== undefined && pause.at <= now && now < pause.until;
  }

  /** Notes a failure; answers how often it has failed in a row. */
  fail(name: string, firstMs: number, lastMs: number): number {
    const failures = this.#pauses.get(name)?.failures ?? 0;
    this.#set(name, failures + 1, this.draw(failures, firstMs, lastMs));
    return failures + 1;
  }

  /** Leaves it alone for a while without calling it a failure. */
  hold(name: string, ms: number): void {
    this.#set(name, this.#pauses.get(name)?.failures ?? 0, ms);
  }

  /** Answers whether it had failed before. */
  succeed(name: string): boolean {
    const failed = (this.#pauses.get(name)?.failures ?? 0) > 0;
    this.#pauses.delete(name);
    return failed;
  }

  /** A pause in ms after so many failures. */
  draw(failures: number, firstMs: number, lastMs: number): number {
    return this.#random() * Math.min(lastMs, firstMs * 2 ** Math.min(failures, 30));
  }

  #set(name: string, failures: number, ms: number): void {
    const at = this.#clock.now();
    this.#pauses.set(name, { failures, at, until: at + ms });
    if (this.#pauses.size > MOST) this.#forget();
  }

  /** Names come from messages: the memory must not grow with them. What is forgotten is tried too early, once. */
  #forget(): void {
    for (const name of this.#pauses.keys()) {
      if (this.#pauses.size <= MOST / 2) return;
      this.#pauses.delete(name);
    }
  }
}

const MOST = 10_000;
