import { eventErrors } from '../errors.ts';
import type { OutgoingMessage } from '../event-bus.ts';

/** One message in a group's queue. */
export interface Waiting {
  readonly message: OutgoingMessage;
  readonly place: number;
  readonly at: number;
  deliveries: number;
  /** Not before this moment, on the process' steady clock. */
  due: number;
  /** In a consumer's hands. */
  held: boolean;
}

interface Group {
  waiting: Waiting[];
}

interface Topic {
  log: { message: OutgoingMessage; place: number; at: number }[];
  groups: Map<string, Group>;
}

/**
 * The broker behind {@link MemoryBus}: several buses may stand on one, as several processes would. It can be stopped,
 * and it can lose confirmations, as real ones do.
 */
export class MemoryBroker {
  readonly #topics = new Map<string, Topic>();
  readonly #watchers = new Set<() => void>();
  readonly #connections = new Set<() => void>();
  #running = true;
  /** Called for each message that was stored; true loses its confirmation: the publisher never learns. */
  loseConfirmation: (message: OutgoingMessage) => boolean = () => false;
  /** Called for each message before it is stored; what it throws is the message's outcome. */
  beforeStore: (topic: string, message: OutgoingMessage) => void = () => {};

  get running(): boolean {
    return this.#running;
  }

  /** The broker goes away: everything answers `bus_unavailable` and what is in hand is nobody's. Messages stay. */
  stop(): void {
    this.#running = false;
    this.disconnect();
  }

  start(): void {
    this.#running = true;
    this.#changed();
  }

  /** Cuts all connections; clients may connect again at once. */
  disconnect(): void {
    for (const cut of this.#connections) cut();
    this.#changed();
  }

  ensureTopic(topic: string): void {
    this.#reach();
    if (!this.#topics.has(topic)) this.#topics.set(topic, { log: [], groups: new Map() });
    this.#changed();
  }

  deleteTopic(topic: string): void {
    this.#topics.delete(topic);
    this.#changed();
  }

  /** @throws `bus_unavailable`, `bus_topic_not_found` */
  store(topic: string, message: OutgoingMessage): void {
    this.#reach();
    const found = this.#topic(topic);
    this.beforeStore(topic, message);
    const stored = { message, place: found.log.length + 1, at: Date.now() };
    found.log.push(stored);
    for (const group of found.groups.values()) group.waiting.push(fresh(stored));
    this.#changed();
    if (this.loseConfirmation(message)) throw eventErrors.bus_unavailable('the connection was lost');
  }

  /** Everything that was ever stored in a topic, in order: what a test looks at. */
  stored(topic: string): readonly OutgoingMessage[] {
    return (this.#topics.get(topic)?.log ?? []).map(({ message }) => message);
  }

  /** @throws `bus_unavailable`, `bus_topic_not_found` */
  join(topic: string, group: string, from: 'earliest' | 'latest'): void {
    this.#reach();
    const found = this.#topic(topic);
    if (found.groups.has(group)) return;
    found.groups.set(group, { waiting: from === 'earliest' ? found.log.map(fresh) : [] });
  }

  /**
   * Hands out the next messages of a group: in order, one consumer a key at a time, none past a message of its key that
   * is held or not yet due.
   *
   * @throws `bus_unavailable`, `bus_topic_not_found`
   */
  take(topic: string, group: string, limit: number, bytes: number): Waiting[] {
    this.#reach();
    const queue = this.#topic(topic).groups.get(group);
    if (queue === undefined) throw eventErrors.bus_topic_not_found(`the topic ${topic} was made anew`);
    const now = performance.now();
    const blocked = new Set<string>();
    for (const { held, message } of queue.waiting) if (held && message.key !== null) blocked.add(message.key);
    const taken: Waiting[] = [];
    let size = 0;
    for (const one of queue.waiting) {
      const { key, body } = one.message;
      if (taken.length >= limit || (taken.length > 0 && size + body.length > bytes)) break;
      if (one.held || (key !== null && blocked.has(key))) continue;
      if (one.due > now) {
        if (key !== null) blocked.add(key);
        continue;
      }
      taken.push(one);
      size += body.length;
    }
    for (const one of taken) {
      one.held = true;
      one.deliveries++;
    }
    return taken;
  }

  /** @throws `bus_unavailable`: then the messages stay, and come again. */
  acknowledge(topic: string, group: string, messages: readonly Waiting[]): void {
    this.#reach();
    const queue = this.#topics.get(topic)?.groups.get(group);
    const done = new Set(messages);
    if (queue !== undefined) queue.waiting = queue.waiting.filter((one) => !done.has(one));
    this.#changed();
  }

  release(messages: readonly Waiting[], afterMs: number): void {
    for (const one of messages) {
      one.held = false;
      one.due = performance.now() + afterMs;
    }
    this.#changed();
    if (messages.length > 0 && afterMs > 0) setTimeout(() => this.#changed(), afterMs + 1);
  }

  waiting(topic: string, group: string): number {
    this.#reach();
    return this.#topic(topic).groups.get(group)?.waiting.length ?? this.#topic(topic).log.length;
  }

  /** Calls `changed` when there may be something new, and `cut` when the connection is lost. Returns what ends it. */
  connect(changed: () => void, cut: () => void): () => void {
    this.#watchers.add(changed);
    this.#connections.add(cut);
    return () => {
      this.#watchers.delete(changed);
      this.#connections.delete(cut);
    };
  }

  #changed(): void {
    for (const watcher of this.#watchers) watcher();
  }

  #reach(): void {
    if (!this.#running) throw eventErrors.bus_unavailable('the broker is stopped');
  }

  #topic(name: string): Topic {
    const topic = this.#topics.get(name);
    if (topic === undefined) throw eventErrors.bus_topic_not_found(`there is no topic ${name}`);
    return topic;
  }
}

function fresh(stored: { message: OutgoingMessage; place: number; at: number }): Waiting {
  return { ...stored, deliveries: 0, due: 0, held: false };
}
