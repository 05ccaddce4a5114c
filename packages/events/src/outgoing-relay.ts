import { randomUUID } from 'node:crypto';
import { type Clock, type Database, isUnderstudyError, type Logger, silentLogger } from '@understudy/kernel';
import type { Buses } from './buses.ts';
import { eventErrors } from './errors.ts';
import type { EventBus, PublishOutcome } from './event-bus.ts';
import type { Outgoing } from './outgoing.ts';
import { laneOf, lastServed, nextWave, shuffled } from './outgoing-waves.ts';
import { Pauses } from './pauses.ts';
import type {
  Destination,
  OutgoingStore,
  QueuedMessage,
  Settlement,
  Undeliverable,
  UndeliverableSink,
} from './ports.ts';
import { TopicLease } from './topic-lease.ts';

export interface OutgoingRelayOptions {
  database: Database;
  store: OutgoingStore;
  outgoing: Outgoing;
  buses: Buses;
  undeliverable: UndeliverableSink;
  clock: Clock;
  /** Uniform in [0, 1); for the jitter. Default Math.random. */
  random?: () => number;
  logger?: Logger;
  /** How often the queue is looked at without a nudge. Default 200. */
  everyMs?: number;
  /** Messages and bytes of a step. Default 500 and 8 MiB. */
  batch?: number;
  bytes?: number;
  /** Topics of one bus that are worked on at once. Default 4. */
  topics?: number;
  /** Longest wait for a broker's confirmations. Default 10,000. */
  publishMs?: number;
  /** How long a relay that says nothing keeps its topics. Default 5,000. */
  leaseMs?: number;
  /** The first pause after a failure; it doubles. Default 500. */
  firstPauseMs?: number;
  /** How long a message is tried. Default 3 days. */
  giveUpSeconds?: number;
}

const NOTHING: Settlement = { delivered: [], postponed: [] };
const THREE_DAYS = 3 * 24 * 3600;
/** A bus or topic that is back is noticed within this. */
const LAST_MS = 30_000;
/** One message that fails while others get through. */
const LAST_OF_MESSAGE_MS = 300_000;
/** A relay that died is succeeded within this. One that is slow but alive renews its lease. */
const LEASE_MS = 5_000;
/** So much work a crash repeats at most: then what was confirmed is settled. */
const STEP_MS = 2_000;
/** After something was enqueued here, its commit is near: so long, and so often, it is looked for. */
const EXPECTING_MS = 500;
const EXPECTING_EVERY_MS = 10;
const NOTHING_READY_MS = 100;
const PAGE = 1_000;
const MOST_SERVED = 10_000;

/** What came of one attempt with a batch. */
interface Attempt {
  delivered: string[];
  refused: Undeliverable[];
  /** Failed by themselves: others of the batch got through. */
  failed: { message: QueuedMessage; error: unknown }[];
  /** The topic or the whole bus cannot be reached: nothing more is to be tried for now. */
  down: { what: 'bus' | 'topic'; error: unknown } | null;
}

/**
 * Publishes what {@link Outgoing} holds. A message leaves only when the one before it of its key was confirmed, to this
 * relay or to the one that took it out of the queue: so a key's order holds, with any number of relays, even for two
 * that work on one topic. That only one does, under a lease, spares second copies. Workspaces take turns. A
 * broker that is away costs one attempt now and then and no memory: the rows wait. What a broker refuses, and what
 * could not be delivered for three days, goes to the {@link UndeliverableSink} in the transaction that removes it.
 */
export class OutgoingRelay {
  readonly #options: OutgoingRelayOptions;
  readonly #logger: Logger;
  readonly #random: () => number;
  readonly #pauses: Pauses;
  readonly #firstMs: number;
  readonly #atWork = new Map<string, Promise<void>>();
  readonly #ofBus = new Map<string, number>();
  /** What a failing database could not be told: for the next attempt with the destination. */
  readonly #unsettled = new Map<string, Settlement>();
  /** The workspace that was served last, by destination in work. */
  readonly #served = new Map<string, string>();
  #timer: NodeJS.Timeout | undefined;
  #expectingUntil = 0;
  /** Transactions with messages that were committed here. */
  #news = 0;
  #looking: Promise<void> | null = null;
  #again = false;
  #stopped = true;

  constructor(options: OutgoingRelayOptions) {
    this.#options = options;
    this.#logger = (options.logger ?? silentLogger).child({ component: 'outgoing' });
    this.#random = options.random ?? Math.random;
    this.#pauses = new Pauses(options.clock, this.#random);
    this.#firstMs = options.firstPauseMs ?? 500;
    options.outgoing.onNews((sure) => {
      if (sure) {
        this.#news++;
        return this.nudge();
      }
      this.#expectingUntil = performance.now() + EXPECTING_MS;
      this.#schedule(EXPECTING_EVERY_MS);
    });
  }

  start(): void {
    this.#stopped = false;
    this.nudge();
  }

  /** There may be something to send: look now. Never throws. */
  nudge(): void {
    if (this.#stopped) return;
    if (this.#looking !== null) {
      this.#again = true;
      return;
    }
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#looking = this.#look()
      .then(
        () => {},
        (error: unknown) => this.#logger.warn({ err: error }, 'the outgoing messages cannot be read; tried again'),
      )
      .finally(() => {
        this.#looking = null;
        const soon = performance.now() < this.#expectingUntil;
        if (this.#again) {
          this.#again = false;
          this.nudge();
        } else this.#schedule(soon ? EXPECTING_EVERY_MS : (this.#options.everyMs ?? 200));
      });
  }

  /** Takes nothing new; waits for the confirmations of what is being published. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearTimeout(this.#timer);
    await this.#looking;
    await Promise.all(this.#atWork.values());
  }

  /** Sends everything that can be sent now. For tests and tools. */
  async drain(): Promise<void> {
    const running = !this.#stopped;
    this.#stopped = false;
    while ((await this.#look()) > 0) await Promise.all(this.#atWork.values());
    this.#stopped = !running;
  }

  #schedule(afterMs: number): void {
    if (this.#stopped || this.#looking !== null) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.nudge(), afterMs);
    this.#timer.unref();
  }

  /** Starts work on every destination that may have some; answers on how many. */
  async #look(): Promise<number> {
    let started = 0;
    let after: Destination | null = null;
    do {
      const page: Destination[] = await this.#options.store.destinations(after, PAGE);
      after = page.length < PAGE ? null : page[page.length - 1]!;
      for (const destination of shuffled(page, this.#random)) {
        if (this.#stopped) return started;
        if (this.#start(destination)) started++;
      }
    } while (after !== null);
    return started;
  }

  #start(destination: Destination): boolean {
    const { bus } = destination;
    const name = nameOf(destination);
    const busy = this.#ofBus.get(bus) ?? 0;
    if (this.#atWork.has(name) || this.#pauses.blocks(bus) || this.#pauses.blocks(name)) return false;
    if (busy >= (this.#options.topics ?? 4)) return false;
    this.#ofBus.set(bus, busy + 1);
    const holder = randomUUID();
    const work = this.#deliver(destination, holder)
      .catch((error: unknown) => {
        this.#pauses.fail(name, this.#firstMs, LAST_MS);
        this.#logger.error({ err: error, ...destination }, 'outgoing messages could not be worked on; tried again');
        // Otherwise the lease ends by itself.
        return this.#settled(name, (settlement) => this.#options.store.release(destination, holder, settlement));
      })
      .catch(() => {})
      .finally(() => {
        this.#atWork.delete(name);
        if (this.#served.size > MOST_SERVED) this.#served.clear();
        this.#ofBus.set(bus, (this.#ofBus.get(bus) ?? 1) - 1);
        // Others of the bus may have waited for a free place.
        if (busy + 1 >= (this.#options.topics ?? 4)) this.nudge();
      });
    this.#atWork.set(name, work);
    return true;
  }

  /** Works on one destination until nothing of it can be sent. */
  async #deliver(destination: Destination, holder: string): Promise<void> {
    const { store, batch = 500, bytes = 8 * 1024 * 1024, leaseMs = LEASE_MS } = this.#options;
    const name = nameOf(destination);
    const release = () => this.#settled(name, (settlement) => store.release(destination, holder, settlement));
    for (let steps = 0; ; steps++) {
      const after = this.#served.get(name) ?? '';
      const news = this.#news;
      const messages = await this.#settled(name, (settlement) =>
        store.step(destination, holder, settlement, { messages: batch, bytes, leaseMs, after }),
      );
      // What was committed while this looked may be for here, and whoever told of it saw that somebody is at work.
      if (messages?.length === 0 && news !== this.#news && !this.#stopped) continue;
      if (messages === null || messages.length === 0) {
        this.#served.delete(name);
        // Listed, but all of it waits behind a retry of its key, or somebody else was faster.
        if (steps === 0) this.#pauses.hold(name, NOTHING_READY_MS);
        return;
      }
      this.#served.set(name, lastServed(messages));
      const lease = new TopicLease(leaseMs, () => store.renew(destination, holder, leaseMs));
      const attempt = await this.#attempt(destination, messages, lease).finally(() => lease.end());
      this.#unsettled.set(name, this.#settlement(attempt, messages));
      await this.#giveUp(attempt.refused);
      await this.#giveUp(attempt.failed.filter(({ message }) => this.#tooOld(message)).map(undeliverable));
      if (attempt.down !== null) {
        await release();
        await this.#isDown(destination, attempt.down);
        return;
      }
      const recovered = [destination.bus, name].filter((one) => this.#pauses.succeed(one));
      if (recovered.length > 0) {
        this.#logger.info(destination, 'outgoing messages get through again');
      }
      if (this.#stopped) return release();
    }
  }

  async #settled<T>(name: string, settle: (settlement: Settlement) => Promise<T>): Promise<T> {
    const answer = await settle(this.#unsettled.get(name) ?? NOTHING);
    this.#unsettled.delete(name);
    return answer;
  }

  /**
   * Publishes a batch in waves, each with one message a key at most: a message must not overtake one of its key that
   * the broker may yet fail to take.
   */
  async #attempt(destination: Destination, messages: readonly QueuedMessage[], lease: TopicLease): Promise<Attempt> {
    const attempt: Attempt = { delivered: [], refused: [], failed: [], down: null };
    let bus: EventBus;
    try {
      bus = await this.#options.buses.get(destination.bus);
    } catch (error) {
      return { ...attempt, down: { what: 'bus', error } };
    }
    let rest = messages;
    const until = performance.now() + STEP_MS;
    // What there is no time for stays in the queue, for the next step, or for who has taken over.
    while (rest.length > 0 && performance.now() < until && !lease.lost) {
      const { wave, later } = nextWave(rest);
      let outcomes: PublishOutcome[];
      try {
        outcomes = await this.#publish(bus, destination.topic, wave);
      } catch (error) {
        if (!isForMessages(error)) {
          const slow = error instanceof TooSlow;
          attempt.down = { what: slow ? 'topic' : 'bus', error: slow ? error.asError() : error };
          return attempt;
        }
        outcomes = wave.map(() => ({ ok: false, error }));
      }
      const stuck = new Set<string | null>();
      let retryable = 0;
      for (const [index, message] of wave.entries()) {
        const outcome = outcomes[index]!;
        if (outcome.ok) attempt.delivered.push(message.seq);
        else if (isUnderstudyError(outcome.error) && !outcome.error.retryable) {
          attempt.refused.push(undeliverable({ message, error: outcome.error }));
        } else {
          retryable++;
          attempt.failed.push({ message, error: outcome.error });
          stuck.add(laneOf(message));
        }
      }
      if (retryable === wave.length) {
        const error = attempt.failed.splice(-retryable)[0]!.error;
        attempt.down = { what: 'topic', error };
        return attempt;
      }
      rest = later.filter((message) => !stuck.has(laneOf(message)));
    }
    return attempt;
  }

  async #publish(bus: EventBus, topic: string, wave: readonly QueuedMessage[]): Promise<PublishOutcome[]> {
    const { publishMs = 10_000 } = this.#options;
    let timer: NodeJS.Timeout | undefined;
    const tooSlow = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new TooSlow(publishMs)), publishMs);
    });
    try {
      const publishing = bus.publish(
        topic,
        wave.map(({ id, key, headers, body }) => ({ id, key, headers, body })),
      );
      return await Promise.race([publishing, tooSlow]);
    } finally {
      clearTimeout(timer);
    }
  }

  #settlement({ delivered, failed, down }: Attempt, messages: readonly QueuedMessage[]): Settlement {
    const postponed = failed.map(({ message, error }) => ({
      seq: message.seq,
      afterMs: this.#pauses.draw(message.attempts, this.#firstMs, LAST_OF_MESSAGE_MS),
      problem: problemOf(error),
    }));
    if (down !== null) {
      // The first in line says what all of them wait for; it is not held back by itself.
      const done = new Set(delivered);
      const first = messages.find(({ seq }) => !done.has(seq));
      if (first !== undefined) postponed.push({ seq: first.seq, afterMs: 0, problem: problemOf(down.error) });
    }
    return { delivered, postponed };
  }

  async #isDown(destination: Destination, { what, error }: { what: 'bus' | 'topic'; error: unknown }): Promise<void> {
    const failures = this.#pauses.fail(what === 'bus' ? destination.bus : nameOf(destination), this.#firstMs, LAST_MS);
    if (failures === 1) {
      this.#logger.warn({ err: error, ...destination }, `outgoing messages wait: the ${what} cannot be reached`);
    }
    const { store, giveUpSeconds = THREE_DAYS } = this.#options;
    for (;;) {
      const old = await store.olderThan(destination, giveUpSeconds, 100);
      if (old.length === 0 || this.#stopped) return;
      if ((await this.#giveUp(old.map((message) => undeliverable({ message, error })))) === 0) return;
    }
  }

  #tooOld({ ageSeconds }: QueuedMessage): boolean {
    return ageSeconds > (this.#options.giveUpSeconds ?? THREE_DAYS);
  }

  /** Makes dead letters of messages. Another relay may have done so already: then there is none. */
  async #giveUp(letters: readonly Undeliverable[]): Promise<number> {
    const { database, store, undeliverable } = this.#options;
    const byWorkspace = Map.groupBy(letters, ({ message }) => message.workspace);
    let removed = 0;
    for (const [workspace, ofWorkspace] of byWorkspace) {
      removed += await database.inWorkspace(workspace, async (tx) => {
        const seqs = ofWorkspace.map(({ message }) => message.seq);
        const gone = new Set(await store.remove(tx, workspace, seqs));
        const mine = ofWorkspace.filter(({ message }) => gone.has(message.seq));
        if (mine.length > 0) await undeliverable.put(tx, workspace, mine);
        return mine.length;
      });
    }
    return removed;
  }
}

class TooSlow extends Error {
  readonly #ms: number;

  constructor(ms: number) {
    super('too slow');
    this.#ms = ms;
  }

  asError(): Error {
    return eventErrors.bus_unavailable(`no confirmation within ${this.#ms / 1000} s; it may have arrived or not`);
  }
}

const nameOf = ({ bus, topic }: Destination) => `${bus} ${topic}`;

/** Thrown for all messages of a call, but a word about them and not about the connection. */
function isForMessages(error: unknown): boolean {
  return isUnderstudyError(error) && (error.code === 'bus_topic_not_found' || error.code === 'bus_message_too_large');
}

function undeliverable({ message, error }: { message: QueuedMessage; error: unknown }): Undeliverable {
  const { code, detail } = problemOf(error);
  return { message, reason: { code, detail } };
}

function problemOf(error: unknown): { code: string; detail: string } {
  const detail = (error instanceof Error ? error.message : String(error)).slice(0, 500);
  return { code: isUnderstudyError(error) ? error.code : 'internal', detail };
}
