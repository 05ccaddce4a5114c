import { isUnderstudyError } from '@understudy/kernel';
import { eventErrors } from '../errors.ts';
import type {
  BatchHandler,
  BusCapabilities,
  ConsumeOptions,
  EventBus,
  IncomingMessage,
  OutgoingMessage,
  PublishOutcome,
  Subscription,
  SubscriptionState,
} from '../event-bus.ts';
import { MemoryBroker, type Waiting } from './memory-broker.ts';

const MAX_BYTES = 1024 * 1024;
const PAUSE_MS = [200, 30_000] as const;

/** The EventBus port in memory, for tests: everything that the port describes, nothing that survives the process. */
export class MemoryBus implements EventBus {
  readonly capabilities: BusCapabilities = {
    system: 'memory',
    ordering: true,
    selectiveRetry: true,
    groups: true,
    stablePlace: true,
    lag: true,
    missingTopic: true,
    binary: true,
    maxBytes: MAX_BYTES,
  };
  readonly broker: MemoryBroker;
  readonly #subscriptions = new Set<MemorySubscription>();
  #closed = false;

  constructor(broker = new MemoryBroker()) {
    this.broker = broker;
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    this.#open();
    // Confirmations come later, as from a broker.
    await new Promise((resolve) => setImmediate(resolve));
    return messages.map((message) => {
      try {
        if (message.body.length > MAX_BYTES) {
          throw eventErrors.bus_message_too_large(`${message.body.length} bytes, ${MAX_BYTES} at most`);
        }
        this.broker.store(topic, { ...message, headers: { ...message.headers }, body: Uint8Array.from(message.body) });
        return { ok: true };
      } catch (error) {
        if (isUnderstudyError(error) && error.code === 'bus_unavailable' && !this.broker.running) throw error;
        return { ok: false, error };
      }
    });
  }

  consume(options: ConsumeOptions, handler: BatchHandler): Subscription {
    if (this.#closed) throw eventErrors.bus_unavailable('the bus is closed');
    const subscription = new MemorySubscription(this.broker, options, handler);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async ensureTopic(topic: string): Promise<void> {
    this.#open();
    this.broker.ensureTopic(topic);
  }

  async ping(): Promise<void> {
    this.#open();
    if (!this.broker.running) throw eventErrors.bus_unavailable('the broker is stopped');
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
  }

  #open(): void {
    if (this.#closed) throw eventErrors.bus_unavailable('the bus is closed');
  }
}

class MemorySubscription implements Subscription {
  readonly #broker: MemoryBroker;
  readonly #options: ConsumeOptions;
  readonly #handler: BatchHandler;
  readonly #leave: () => void;
  readonly #stopping = new AbortController();
  readonly #loop: Promise<void>;
  #inHand: AbortController | null = null;
  #wake: () => void = () => {};
  #woken = false;
  #paused = false;
  #state: SubscriptionState = 'connecting';
  #problem: string | null = null;

  constructor(broker: MemoryBroker, options: ConsumeOptions, handler: BatchHandler) {
    this.#broker = broker;
    this.#options = options;
    this.#handler = handler;
    const changed = () => {
      this.#woken = true;
      this.#wake();
    };
    this.#leave = broker.connect(changed, () => this.#inHand?.abort());
    this.#loop = this.#run();
  }

  get state(): SubscriptionState {
    return this.#paused && this.#state === 'running' ? 'paused' : this.#state;
  }

  get problem(): string | null {
    return this.#problem;
  }

  pause(): void {
    this.#paused = true;
  }

  resume(): void {
    this.#paused = false;
    this.#wake();
  }

  async lag(): Promise<number | null> {
    return this.#broker.waiting(this.#options.topic, this.#options.group);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    this.#wake();
    await this.#loop;
    this.#leave();
    this.#state = 'closed';
  }

  async #run(): Promise<void> {
    const { topic, group, batch = 200, bytes = 16 * 1024 * 1024, from = 'earliest' } = this.#options;
    let pause: number = PAUSE_MS[0];
    while (!this.#stopping.signal.aborted) {
      // Yields, so that a consumer never starves who publishes.
      await new Promise((resolve) => setImmediate(resolve));
      let taken: Waiting[] = [];
      this.#woken = false;
      try {
        this.#broker.join(topic, group, from);
        if (!this.#paused && !this.#stopping.signal.aborted) taken = this.#broker.take(topic, group, batch, bytes);
        this.#state = 'running';
        this.#problem = null;
      } catch (error) {
        this.#state = 'failing';
        this.#problem = error instanceof Error ? error.message : String(error);
      }
      if (taken.length === 0) {
        await this.#sleep();
        continue;
      }
      const failed = await this.#handle(taken);
      this.#broker.release(failed.messages, failed.afterMs ?? pause);
      pause = failed.threw ? Math.min(pause * 2, PAUSE_MS[1]) : PAUSE_MS[0];
    }
  }

  async #handle(taken: Waiting[]): Promise<{ messages: Waiting[]; afterMs?: number; threw: boolean }> {
    const { topic, group } = this.#options;
    const inHand = new AbortController();
    this.#inHand = inHand;
    try {
      const work = this.#handler({ messages: taken.map(incoming), signal: inHand.signal });
      const lost = new Promise<'lost'>((resolve) => {
        inHand.signal.addEventListener('abort', () => resolve('lost'), { once: true });
      });
      const result = await Promise.race([work, lost]);
      if (result === 'lost') {
        // Nobody else gets them while the old handler may still be at it: one handler a key, in one process.
        await work.catch(() => {});
        return { messages: taken, afterMs: 0, threw: false };
      }
      const retry = new Set(result?.retry ?? []);
      const done = taken.filter((_, index) => !retry.has(index));
      this.#broker.acknowledge(topic, group, done);
      const again = taken.filter((_, index) => retry.has(index));
      return { messages: again, afterMs: result?.afterMs ?? 0, threw: false };
    } catch {
      return { messages: taken, threw: true };
    } finally {
      this.#inHand = null;
    }
  }

  #sleep(): Promise<void> {
    if (this.#woken || this.#stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = () => {
        this.#wake = () => {};
        resolve();
      };
    });
  }
}

function incoming({ message, place, at, deliveries }: Waiting): IncomingMessage {
  const { id, key, headers, body } = message;
  return {
    id,
    key,
    headers,
    body,
    place: String(place),
    redelivered: deliveries > 1,
    deliveries,
    correlationId: headers['correlation-id'] ?? null,
    replyTo: headers['reply-to'] ?? null,
    at,
  };
}
