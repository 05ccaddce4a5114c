import type { LoadClass } from './admission.ts';

/** Who waits for a place. */
export interface Guest {
  readonly load: LoadClass;
  /** The client went away. */
  readonly gone: boolean;
}

/** A request waits so long for a place before it is turned away: a burst passes, and nobody is kept for an answer. */
export const PATIENCE_MS = 25;
/** However many have to be turned away: after so long each is. */
export const LONGEST_MS = 2_000;
/** Turning away costs too: at most this share of the requests that are answered, or so many a second. */
const SHARE_OF_ANSWERED = 0.5;
const LEAST_PER_SECOND = 1_000;
const MOST_WAITING = 20_000;
/** How fast the answers of a second count: an average over about so many. */
const SECONDS = 1;

interface Waiting<G> {
  guest: G;
  since: number;
}

/**
 * Where requests stand that found no place: the next free one is theirs, in order, predictions first; after a moment
 * they are turned away. Not all at once: a client that asks again as soon as it is refused would otherwise have the
 * server do nothing but refuse. Such clients wait longer, and ask less often.
 *
 * Pure: times come from the caller, in milliseconds of any monotonic clock.
 */
export class WaitingRoom<G extends Guest> {
  readonly #queues: Record<'decide' | 'ordinary', Queue<Waiting<G>>> = { decide: new Queue(), ordinary: new Queue() };
  #answered = 0;
  #answeredPerSecond = 0;
  #allowance = 0;
  #tickedAt: number | null = null;

  /** Those that wait, with those that went away and were not noticed yet. */
  get size(): number {
    return this.#queues.decide.size + this.#queues.ordinary.size;
  }

  /** False: there is no room to wait, or nothing to wait for. */
  enter(guest: G, now: number): boolean {
    if (guest.load === 'bulk' || this.size >= MOST_WAITING) return false;
    this.#queues[guest.load].push({ guest, since: now });
    return true;
  }

  /** A request was answered. */
  answered(): void {
    this.#answered++;
  }

  /** The next of those that `fits` says there is a place for. */
  next(fits: (load: LoadClass) => boolean): G | undefined {
    for (const load of ['decide', 'ordinary'] as const) {
      const queue = this.#queues[load];
      while (queue.first?.guest.gone === true) queue.shift();
      if (queue.first !== undefined && fits(load)) return queue.shift()!.guest;
    }
    return undefined;
  }

  /** Whom to turn away now. To be asked every few milliseconds while somebody waits. */
  *overdue(now: number): Generator<G> {
    this.#refill(now);
    for (const load of ['ordinary', 'decide'] as const) {
      const queue = this.#queues[load];
      for (let first = queue.first; first !== undefined; first = queue.first) {
        const waited = now - first.since;
        if (first.guest.gone) {
          queue.shift();
          continue;
        }
        if (waited < PATIENCE_MS || (this.#allowance < 1 && waited < LONGEST_MS)) break;
        this.#allowance = Math.max(0, this.#allowance - 1);
        queue.shift();
        yield first.guest;
      }
    }
  }

  #refill(now: number): void {
    const seconds = this.#tickedAt === null ? 0 : Math.min(1, (now - this.#tickedAt) / 1000);
    this.#tickedAt = now;
    if (seconds > 0) {
      const weight = Math.min(1, seconds / SECONDS);
      this.#answeredPerSecond += (this.#answered / seconds - this.#answeredPerSecond) * weight;
      this.#answered = 0;
    }
    const perSecond = Math.max(LEAST_PER_SECOND, this.#answeredPerSecond * SHARE_OF_ANSWERED);
    this.#allowance = Math.min(perSecond / 20, this.#allowance + perSecond * seconds);
  }
}

/** First in, first out, without moving what waits. */
class Queue<T> {
  #items: (T | undefined)[] = [];
  #head = 0;

  get size(): number {
    return this.#items.length - this.#head;
  }

  get first(): T | undefined {
    return this.#items[this.#head];
  }

  push(item: T): void {
    this.#items.push(item);
  }

  shift(): T | undefined {
    if (this.size === 0) return undefined;
    const item = this.#items[this.#head];
    this.#items[this.#head] = undefined;
    this.#head++;
    if (this.#head > 1024 && this.#head * 2 > this.#items.length) {
      this.#items = this.#items.slice(this.#head);
      this.#head = 0;
    } else if (this.size === 0) {
      this.#items = [];
      this.#head = 0;
    }
    return item;
  }
}
