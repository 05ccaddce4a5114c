import type { BatchHandler, BatchResult, ConsumeOptions, Subscription, SubscriptionState } from '@understudy/events';
import { Bell } from '@understudy/events';
import type { Logger } from '@understudy/kernel';
import type { ConsumerSession, Delivery } from './consumer-session.ts';
import { busError } from './rabbit-errors.ts';
import { decode } from './rabbit-message.ts';

/** Between two tries to get the queue back: from, to. */
const RECONNECT_MS = [100, 5000] as const;
/** After a handler has thrown: from, to. */
const FAILURE_MS = [200, 30_000] as const;

export interface SubscriptionParts {
  /** A session on the queue; makes the queue first where it is ours to make. */
  open: (limits: { batch: number; bytes: number }, bell: Bell) => Promise<ConsumerSession>;
  log: Logger;
  closed: () => void;
}

/** Consumes one queue until it is closed, whatever becomes of connections, channels and the queue meanwhile. */
export class RabbitSubscription implements Subscription {
  readonly #options: Required<Pick<ConsumeOptions, 'topic' | 'group' | 'batch' | 'bytes'>>;
  readonly #handler: BatchHandler;
  readonly #parts: SubscriptionParts;
  readonly #loop: Promise<void>;
  #session: ConsumerSession | null = null;
  #connected = false;
  #problem: string | null = null;
  #paused = false;
  /** The loop has seen the pause: nothing is handed over. */
  #quiet = false;
  #closing = false;
  #closed = false;
  readonly #bell = new Bell();

  constructor(options: ConsumeOptions, handler: BatchHandler, parts: SubscriptionParts) {
    const { topic, group, batch = 200, bytes = 16 * 1024 * 1024 } = options;
    this.#options = { topic, group, batch, bytes };
    this.#handler = handler;
    this.#parts = parts;
    this.#loop = this.#run();
  }

  get state(): SubscriptionState {
    if (this.#closed) return 'closed';
    if (this.#problem !== null) return 'failing';
    if (!this.#connected) return 'connecting';
    return this.#paused && this.#quiet ? 'paused' : 'running';
  }

  get problem(): string | null {
    return this.#problem;
  }

  pause(): void {
    this.#paused = true;
    this.#bell.ring();
  }

  resume(): void {
    this.#paused = false;
    this.#bell.ring();
  }

  async lag(): Promise<number | null> {
    const session = this.#session;
    if (session === null) return null;
    return await session.lag().catch(() => null);
  }

  async close(): Promise<void> {
    this.#closing = true;
    this.#bell.ring();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let pause: number = RECONNECT_MS[0];
    while (!this.#closing) {
      try {
        await this.#consume(() => {
          pause = RECONNECT_MS[0];
        });
      } catch (error) {
        this.#connected = false;
        const { code, message } = busError(error);
        if (this.#problem !== message) {
          this.#parts.log.warn({ topic: this.#options.topic, code, problem: message }, 'the consumer is interrupted');
        }
        // A connection that comes back at once is no problem to tell.
        this.#problem = message;
        await this.#sleep(pause * (0.5 + Math.random() / 2), () => this.#closing);
        pause = Math.min(pause * 2, RECONNECT_MS[1]);
      }
    }
    this.#closed = true;
    this.#parts.closed();
  }

  /** Consumes until closed; throws when the session is lost. */
  async #consume(running: () => void): Promise<void> {
    const session = await this.#parts.open(this.#options, this.#bell);
    try {
      this.#session = session;
      let pause: number = FAILURE_MS[0];
      while (!this.#closing) {
        session.lost.throwIfAborted();
        const paused = this.#paused;
        if (paused) await session.pause();
        else await session.start();
        this.#quiet = paused;
        this.#connected = true;
        this.#problem = null;
        running();
        if (paused) {
          while (this.#paused && !this.#closing && !session.lost.aborted) await this.#bell.wait();
          continue;
        }
        const deliveries = await session.next(() => !this.#paused && !this.#closing);
        if (deliveries.length === 0) continue;
        const threw = await this.#handle(session, deliveries);
        if (threw) {
          await this.#sleep(pause, () => this.#closing || session.lost.aborted);
          session.again(deliveries, 0);
          pause = Math.min(pause * 2, FAILURE_MS[1]);
        } else {
          pause = FAILURE_MS[0];
        }
      }
    } finally {
      this.#session = null;
      await session.close();
    }
  }

  /** Whether the handler threw. */
  async #handle(session: ConsumerSession, deliveries: readonly Delivery[]): Promise<boolean> {
    let result: BatchResult | undefined;
    try {
      const messages = deliveries.map(({ raw, tries }) => decode(raw, tries));
      result = await this.#handler({ messages, signal: session.lost });
    } catch (error) {
      this.#parts.log.warn({ topic: this.#options.topic, problem: String(error) }, 'a batch could not be handled');
      return true;
    }
    const retry = new Set(result?.retry ?? []);
    session.acknowledge(deliveries.filter((_, index) => !retry.has(index)));
    session.again(
      deliveries.filter((_, index) => retry.has(index)),
      result?.afterMs ?? 0,
    );
    return false;
  }

  async #sleep(ms: number, over: () => boolean): Promise<void> {
    for (const end = performance.now() + ms; !over(); ) {
      const left = end - performance.now();
      if (left <= 0) return;
      await this.#bell.wait(left);
    }
  }
}
