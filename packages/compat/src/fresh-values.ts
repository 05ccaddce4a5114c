import type { Clock } from '@understudy/kernel';

interface Slot<T> {
  value: Promise<T>;
  readAt: number;
}

/** An entry older than this is read again: it bounds how late an edit in another process takes effect. */
const FRESH_MS = 1000;

/** What was read a moment ago, so that a busy route costs a query a second. Failures are not kept. */
export class FreshValues<T> {
  readonly #slots = new Map<string, Slot<T>>();
  readonly #clock: Clock;
  readonly #capacity: number;

  constructor(clock: Clock, capacity = 10_000) {
    this.#clock = clock;
    this.#capacity = capacity;
  }

  get(key: string, read: () => Promise<T>): Promise<T> {
    const now = this.#clock.now();
    const known = this.#slots.get(key);
    // A clock that was set back must not keep an entry alive.
    if (known !== undefined && now >= known.readAt && now - known.readAt < FRESH_MS) return known.value;
    this.#slots.delete(key);
    if (this.#slots.size >= this.#capacity) {
      const oldest = this.#slots.keys().next();
      if (!oldest.done) this.#slots.delete(oldest.value);
    }
    const slot: Slot<T> = { value: read(), readAt: now };
    this.#slots.set(key, slot);
    slot.value.catch(() => {
      if (this.#slots.get(key) === slot) this.#slots.delete(key);
    });
    return slot.value;
  }

  /** After an edit in this process: the next request reads it. */
  forget(key: string): void {
    this.#slots.delete(key);
  }

  /** The same of every key with this prefix. */
  forgetAll(prefix: string): void {
    for (const key of this.#slots.keys()) if (key.startsWith(prefix)) this.#slots.delete(key);
  }
}
