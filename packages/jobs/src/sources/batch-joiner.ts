import type { IncomingMessage } from '@understudy/events';

interface Waiting<T> {
  messages: readonly IncomingMessage[];
  signal: AbortSignal;
  resolve(results: T[]): void;
  reject(error: unknown): void;
}

/** Handles messages together: one result a message, in order, or it throws for all of them. */
export type JoinedHandler<T> = (messages: readonly IncomingMessage[], signal: AbortSignal) => Promise<T[]>;

/** Groups of a source under way at once: one is decided while the one before it is committed. */
const MOST_UNDER_WAY = 2;

/**
 * Joins what comes from several partitions of a topic at once into one transaction: what a transaction costs by itself is
 * more than what a few messages in it cost, and its commits would only wait for one another. Nothing waits for company:
 * whatever came in one turn of the event loop, or while groups were under way, goes together. The order of a partition
 * is its consumer's to keep, which hands over one batch of it at a time.
 */
export class BatchJoiner<T> {
  readonly #handle: JoinedHandler<T>;
  readonly #most: number;
  #queue: Waiting<T>[] = [];
  #underWay = 0;
  #scheduled = false;

  /** @param most messages of a group, about */
  constructor(handle: JoinedHandler<T>, most: number) {
    this.#handle = handle;
    this.#most = most;
  }

  /** Resolves with one result a message. Rejects with whatever kept all of them. */
  handle(messages: readonly IncomingMessage[], signal: AbortSignal): Promise<T[]> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ messages, signal, resolve, reject });
      this.#schedule();
    });
  }

  #schedule(): void {
    if (this.#scheduled || this.#queue.length === 0 || this.#underWay >= MOST_UNDER_WAY) return;
    this.#scheduled = true;
    setImmediate(() => {
      this.#scheduled = false;
      const group = this.#take();
      this.#underWay++;
      void this.#settle(group).then(() => {
        this.#underWay--;
        this.#schedule();
      });
      this.#schedule();
    });
  }

  #take(): Waiting<T>[] {
    let count = 0;
    let messages = 0;
    for (const batch of this.#queue) {
      if (count > 0 && messages + batch.messages.length > this.#most) break;
      messages += batch.messages.length;
      count++;
    }
    return this.#queue.splice(0, count);
  }

  /** Never rejects. Messages that are no longer ours are left out, and must not keep those of others. */
  async #settle(all: readonly Waiting<T>[]): Promise<void> {
    const group = all.filter((batch) => {
      if (batch.signal.aborted) batch.reject(batch.signal.reason);
      return !batch.signal.aborted;
    });
    const [first] = group;
    if (first === undefined) return;
    const signal = group.length === 1 ? first.signal : AbortSignal.any(group.map((batch) => batch.signal));
    try {
      const results = await this.#handle(group.length === 1 ? first.messages : group.flatMap(messagesOf), signal);
      let at = 0;
      for (const { messages, resolve } of group) {
        resolve(results.slice(at, at + messages.length));
        at += messages.length;
      }
    } catch (error) {
      if (group.length > 1 && signal.aborted) await this.#settle(group);
      else for (const { reject } of group) reject(error);
    }
  }
}

const messagesOf = ({ messages }: { messages: readonly IncomingMessage[] }) => messages;
