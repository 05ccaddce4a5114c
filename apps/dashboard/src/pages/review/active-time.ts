/**
 * How long somebody really worked on an item: time in which the page was seen and something moved at least every
 * `idleLimitMs`. What is paid and reported is people’s time, so it must not count the coffee.
 */
export class ActiveTime {
  readonly #now: () => number;
  #idleLimitMs: number;
  #sum = 0;
  #last: number;
  #seen = true;

  constructor(now: () => number, idleLimitMs: number) {
    this.#now = now;
    this.#idleLimitMs = idleLimitMs;
    this.#last = now();
  }

  set idleLimitMs(value: number) {
    this.#idleLimitMs = value;
  }

  /** The pointer moved, a key was pressed, something scrolled. */
  touch(): void {
    this.#add();
  }

  /** The page came into sight or went out of it. */
  setSeen(seen: boolean): void {
    this.#add();
    this.#seen = seen;
  }

  /** Seconds since the last lap, to a tenth; starts the next one. */
  lap(): number {
    this.#add();
    const seconds = Math.round(this.#sum / 100) / 10;
    this.#sum = 0;
    return seconds;
  }

  #add(): void {
    const now = this.#now();
    if (this.#seen) this.#sum += Math.min(Math.max(0, now - this.#last), this.#idleLimitMs);
    this.#last = now;
  }
}
