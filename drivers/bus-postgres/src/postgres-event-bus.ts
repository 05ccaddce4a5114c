import {
  type BatchHandler,
  type BusCapabilities,
  type ConsumeOptions,
  type EventBus,
  eventErrors,
  type OutgoingMessage,
  type PublishOutcome,
  type Subscription,
} from '@understudy/events';
import { type Database, isUnderstudyError, type Logger, silentLogger } from '@understudy/kernel';
import { PostgresSubscription } from './postgres-subscription.ts';
import { CHANNEL, ensureTopic, publish, sweep } from './storage/topics.ts';

export interface PostgresBusOptions {
  database: Database;
  /** As {@link OpenDatabase.listen}; absent = polling only. */
  listen?: (channel: string, handler: (payload: string | undefined) => void) => Promise<() => void>;
  logger?: Logger;
  /** How long messages in hand are a consumer's without a word of it. Default 30,000. */
  leaseMs?: number;
  /** How often a topic is looked at without a notification. Default 1,000. */
  everyMs?: number;
}

const MAX_BYTES = 16 * 1024 * 1024;
/** Of one statement. */
const MOST_MESSAGES = 1_000;
const SWEEP_MS = 60_000;

export const postgresCapabilities: BusCapabilities = {
  system: 'postgres',
  ordering: true,
  selectiveRetry: true,
  groups: true,
  stablePlace: true,
  lag: true,
  missingTopic: true,
  binary: true,
  maxBytes: MAX_BYTES,
};

/** The EventBus port over tables of the operator's PostgreSQL, which have to exist (`busMigrations`). */
export function openPostgresBus(options: PostgresBusOptions): EventBus {
  return new PostgresEventBus(options);
}

class PostgresEventBus implements EventBus {
  readonly capabilities = postgresCapabilities;
  readonly #options: PostgresBusOptions;
  readonly #logger: Logger;
  readonly #subscriptions = new Set<PostgresSubscription>();
  readonly #publishing = new Set<Promise<unknown>>();
  #listening: Promise<() => void> | null = null;
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  constructor(options: PostgresBusOptions) {
    this.#options = options;
    this.#logger = options.logger ?? silentLogger;
    this.#sweeper = setInterval(() => void this.#sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    this.#open();
    const outcomes: PublishOutcome[] = messages.map(({ body }) =>
      body.length <= MAX_BYTES ? { ok: true } : { ok: false, error: tooLarge(body.length) },
    );
    const fitting = messages.flatMap((message, index) => (outcomes[index]!.ok ? [{ message, index }] : []));
    for (const part of parts(fitting)) {
      const work = this.#publish(
        topic,
        part.map(({ message }) => message),
      );
      this.#publishing.add(work);
      const outcome = await work.finally(() => this.#publishing.delete(work));
      for (const { index } of part) outcomes[index] = outcome;
    }
    return outcomes;
  }

  consume(options: ConsumeOptions, handler: BatchHandler): Subscription {
    this.#open();
    const { database, leaseMs = 30_000, everyMs = 1_000 } = this.#options;
    const subscription = new PostgresSubscription(database, options, handler, { leaseMs, everyMs }, this.#logger);
    this.#subscriptions.add(subscription);
    this.#listen();
    return {
      get state() {
        return subscription.state;
      },
      get problem() {
        return subscription.problem;
      },
      pause: () => subscription.pause(),
      resume: () => subscription.resume(),
      lag: () => coded(subscription.lag()),
      close: async () => {
        await subscription.close();
        this.#subscriptions.delete(subscription);
      },
    };
  }

  async ensureTopic(topic: string): Promise<void> {
    this.#open();
    await coded(ensureTopic(this.#options.database, topic));
    this.#wake(undefined);
  }

  async ping(): Promise<void> {
    this.#open();
    const late = new Promise<never>((_, reject) => {
      setTimeout(() => reject(eventErrors.bus_unavailable('no answer within two seconds')), 2_000).unref();
    });
    await Promise.race([coded(this.#options.database.prepared('bus-ping', 'SELECT 1', [])), late]);
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#sweeper);
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    await Promise.allSettled(this.#publishing);
    const listening = this.#listening;
    this.#listening = null;
    if (listening !== null) (await listening)();
  }

  async #publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome> {
    const { database } = this.#options;
    try {
      if (!(await coded(publish(database, topic, messages)))) {
        return { ok: false, error: eventErrors.bus_topic_not_found(`There is no topic ${topic}.`) };
      }
    } catch (error) {
      if (isUnderstudyError(error)) throw error;
      // One statement a part: whatever the database has against it, it has against all of it.
      return { ok: false, error: eventErrors.bus_refused('The database refused the messages.', { cause: error }) };
    }
    this.#wake(topic);
    return { ok: true };
  }

  #listen(): void {
    const { listen } = this.#options;
    if (listen === undefined || this.#listening !== null) return;
    this.#listening = listen(CHANNEL, (topic) => this.#wake(topic));
    this.#listening.catch((error: unknown) => {
      this.#listening = null;
      this.#logger.warn({ err: error }, 'bus-postgres: no notifications; polling');
    });
  }

  #wake(topic: string | undefined): void {
    for (const subscription of this.#subscriptions) {
      if (topic === undefined || subscription.topic === topic) subscription.wake();
    }
  }

  async #sweep(): Promise<void> {
    await sweep(this.#options.database).catch((error: unknown) =>
      this.#logger.warn({ err: error }, 'bus-postgres: old messages were not deleted'),
    );
  }

  #open(): void {
    if (this.#closed) throw eventErrors.bus_unavailable('the bus is closed');
  }
}

function tooLarge(bytes: number): Error {
  return eventErrors.bus_message_too_large(`The message has ${bytes} bytes; ${MAX_BYTES} are taken.`);
}

/** What the database port throws, in the words of this port. */
async function coded<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (!isUnderstudyError(error)) throw error;
    throw eventErrors.bus_unavailable('The database of the bus cannot be used.', { cause: error });
  }
}

/** Parts that one statement can carry, in order. */
function parts<T extends { message: OutgoingMessage }>(list: readonly T[]): T[][] {
  const all: T[][] = [];
  let bytes = Number.POSITIVE_INFINITY;
  for (const one of list) {
    const last = all[all.length - 1];
    const size = one.message.body.length;
    if (last === undefined || last.length >= MOST_MESSAGES || bytes + size > MAX_BYTES) {
      all.push([one]);
      bytes = size;
    } else {
      last.push(one);
      bytes += size;
    }
  }
  return all;
}
