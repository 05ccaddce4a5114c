import { randomUUID } from 'node:crypto';
import {
  type BatchHandler,
  type ConsumeOptions,
  eventErrors,
  type Subscription,
  type SubscriptionState,
} from '@understudy/events';
import type { Database, Logger, Tx } from '@understudy/kernel';
import { incoming } from './incoming.ts';
import { type Claim, claim, freeForgotten, giveBack, joinGroup, renew, settle } from './storage/lanes.ts';
import { lag } from './storage/topics.ts';

export interface SubscriptionSettings {
  /** How long messages in hand are ours without a word. */
  leaseMs: number;
  /** How often the topic is looked at without a notification. */
  everyMs: number;
}

type Settle = (tx: Tx) => Promise<void>;

/** A group that nobody reads for a month is forgotten: those who read say so. */
const SEEN_MS = 3_600_000;
const PAUSE_MS = [200, 30_000] as const;
const MEGABYTES_16 = 16 * 1024 * 1024;

/** A consumer of a topic in PostgreSQL: one batch at a time, settled in the transaction that takes the next. */
export class PostgresSubscription implements Subscription {
  readonly #database: Database;
  readonly #logger: Logger;
  readonly #options: ConsumeOptions;
  readonly #handler: BatchHandler;
  readonly #settings: SubscriptionSettings;
  readonly #consumer = randomUUID();
  readonly #loop: Promise<void>;
  #ids: { topic: string; group: string } | null = null;
  /** What became of the last batch, while the database does not know it. */
  #unsettled: Settle | null = null;
  /** A claim may have been committed that we never learned of. */
  #forgotten = false;
  #claims = 0;
  #seenUntil = 0;
  #pauseMs: number = PAUSE_MS[0];
  #state: SubscriptionState = 'connecting';
  #problem: string | null = null;
  #paused = false;
  #closing = false;
  #woken = false;
  #wake: () => void = () => {};

  constructor(
    database: Database,
    options: ConsumeOptions,
    handler: BatchHandler,
    settings: SubscriptionSettings,
    logger: Logger,
  ) {
    this.#database = database;
    this.#options = options;
    this.#handler = handler;
    this.#settings = settings;
    this.#logger = logger.child({ component: 'bus-postgres', topic: options.topic, group: options.group });
    this.#loop = this.#run();
  }

  get topic(): string {
    return this.#options.topic;
  }

  get state(): SubscriptionState {
    return this.#state;
  }

  get problem(): string | null {
    return this.#problem;
  }

  pause(): void {
    this.#paused = true;
    this.wake();
  }

  resume(): void {
    this.#paused = false;
    this.wake();
  }

  lag(): Promise<number | null> {
    return lag(this.#database, this.#options.topic, this.#options.group);
  }

  /** There may be something new. */
  wake(): void {
    this.#woken = true;
    this.#wake();
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.wake();
    await this.#loop;
    this.#state = 'closed';
  }

  async #run(): Promise<void> {
    while (!this.#closing) {
      this.#woken = false;
      try {
        const step = await this.#step();
        this.#problem = null;
        this.#state = step.paused ? 'paused' : 'running';
        if (step.held === null) await this.#sleep(step.dueMs);
        else await this.#handle(step.held);
      } catch (error) {
        this.#isFailing(error);
        await this.#sleep(null);
      }
    }
    // What is not known to the database comes again after its lease: at least once.
    const last = this.#unsettled;
    if (last !== null) await this.#database.asSystem(last).catch((error: unknown) => this.#isFailing(error));
  }

  /** Settles the last batch and takes the next, in one transaction. */
  async #step(): Promise<{ held: Claim | null; dueMs: number | null; paused: boolean }> {
    const { topic, group, from = 'earliest', batch = 200, bytes = MEGABYTES_16 } = this.#options;
    const paused = this.#paused;
    const token = `${this.#consumer}/${++this.#claims}`;
    const take = { messages: batch, bytes, leaseMs: this.#settings.leaseMs };
    const last = this.#unsettled;
    const forgotten = this.#forgotten;
    this.#forgotten = !paused;
    const { ids, taken } = await this.#database.asSystem(async (tx) => {
      const known = performance.now() < this.#seenUntil ? this.#ids : null;
      const ids = known ?? (await joinGroup(tx, topic, group, from));
      if (ids === null) throw eventErrors.bus_topic_not_found(`There is no topic ${topic}.`);
      await last?.(tx);
      if (forgotten) await freeForgotten(tx, ids.group, this.#consumer);
      return { ids, taken: paused ? { messages: [], dueMs: null } : await claim(tx, ids, token, take) };
    });
    this.#unsettled = null;
    this.#forgotten = false;
    if (ids !== this.#ids) this.#seenUntil = performance.now() + SEEN_MS;
    this.#ids = taken === null ? null : ids;
    if (taken === null) throw eventErrors.bus_topic_not_found(`The topic ${topic} was deleted.`);
    const { messages, dueMs } = taken;
    return { held: messages.length === 0 ? null : { group: ids.group, token, messages }, dueMs, paused };
  }

  async #handle(held: Claim): Promise<void> {
    const indexes = held.messages.flatMap(({ behind }, index) => (behind ? [] : [index]));
    if (indexes.length === 0) {
      this.#unsettled = (tx) => settle(tx, held, new Set(), 0);
      return;
    }
    const lost = new AbortController();
    const heartbeat = this.#keep(held, lost);
    const messages = indexes.map((index) => incoming(held.messages[index]!));
    try {
      const result = await this.#handler({ messages, signal: lost.signal });
      const retry = new Set((result?.retry ?? []).map((index) => indexes[index] ?? -1));
      this.#unsettled = (tx) => settle(tx, held, retry, result?.afterMs ?? 0);
      this.#pauseMs = PAUSE_MS[0];
    } catch (error) {
      this.#logger.warn({ err: error, messages: messages.length }, 'a batch failed; it comes again');
      const pause = this.#pauseMs;
      this.#unsettled = (tx) => giveBack(tx, held, pause);
      this.#pauseMs = Math.min(pause * 2, PAUSE_MS[1]);
    } finally {
      clearInterval(heartbeat);
    }
  }

  /** Renews the lease while the handler is at work; aborts when it was lost. */
  #keep(held: Claim, lost: AbortController): NodeJS.Timeout {
    const { leaseMs } = this.#settings;
    let until = performance.now() + leaseMs;
    let asking = false;
    const beat = setInterval(async () => {
      const now = performance.now();
      if (now > until) lost.abort();
      if (asking || lost.signal.aborted) return;
      asking = true;
      try {
        if (await this.#database.asSystem((tx) => renew(tx, held, leaseMs))) until = now + leaseMs;
        else lost.abort();
      } catch {
        // The next beat tries again, until the lease has ended by our own clock.
      } finally {
        asking = false;
      }
    }, leaseMs / 3);
    return beat.unref();
  }

  #isFailing(error: unknown): void {
    const problem = error instanceof Error ? error.message : String(error);
    if (this.#state !== 'failing') this.#logger.warn({ err: error }, 'cannot read the topic; tried again');
    this.#state = 'failing';
    this.#problem = problem;
  }

  #sleep(dueMs: number | null): Promise<void> {
    if (this.#woken || this.#closing) return Promise.resolve();
    return new Promise((resolve) => {
      const done = () => {
        clearTimeout(timer);
        this.#wake = () => {};
        resolve();
      };
      const timer = setTimeout(done, Math.min(this.#settings.everyMs, Math.max(5, dueMs ?? Number.POSITIVE_INFINITY)));
      timer.unref();
      this.#wake = done;
    });
  }
}
