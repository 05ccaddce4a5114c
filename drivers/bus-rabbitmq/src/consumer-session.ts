import type { Bell } from '@understudy/events';
import type { Channel, ChannelModel, ConsumeMessage } from 'amqplib';

/** The broker sends what fills a batch in one go: a moment is enough to get it together. */
const LINGER_MS = 2;

/** A delivered message that is not acknowledged yet. */
export interface Delivery {
  readonly raw: ConsumeMessage;
  /** How often this process has handed it over. */
  tries: number;
}

export interface SessionLimits {
  batch: number;
  bytes: number;
}

/**
 * One channel on which one queue is consumed, for as long as both last. The prefetch count is the back-pressure: AMQP
 * counts messages only, so it is kept small while messages are large.
 */
export class ConsumerSession {
  readonly #channel: Channel;
  readonly #queue: string;
  readonly #limits: SessionLimits;
  readonly #bell: Bell;
  readonly #lost = new AbortController();
  readonly #timers = new Set<NodeJS.Timeout>();
  #waiting: Delivery[] = [];
  /** Delivered and not settled: in #waiting, in the handler's hands, or waiting for another try. */
  readonly #held = new Set<Delivery>();
  #heldBytes = 0;
  #prefetch: number;
  #tag: string | null = null;
  /** Since the prefetch count was set. */
  #seen = { messages: 0, bytes: 0 };
  #tooMuch = false;

  private constructor(channel: Channel, queue: string, limits: SessionLimits, bell: Bell) {
    this.#bell = bell;
    this.#channel = channel;
    this.#queue = queue;
    this.#limits = limits;
    this.#prefetch = this.#most;
    channel.on('error', (error) => this.#lose(error));
    channel.on('close', () => this.#lose(new Error('the connection was lost')));
  }

  /**
   * @param bell rung whenever there is something new
   * @throws what the library throws
   */
  static async open(model: ChannelModel, queue: string, limits: SessionLimits, bell: Bell): Promise<ConsumerSession> {
    const channel = await model.createChannel();
    const session = new ConsumerSession(channel, queue, limits, bell);
    await channel.checkQueue(queue);
    return session;
  }

  /** Aborted, with the reason, when the deliveries are no longer ours. */
  get lost(): AbortSignal {
    return this.#lost.signal;
  }

  /** Messages of the queue that are in this process. */
  get held(): number {
    return this.#held.size;
  }

  get #most(): number {
    return Math.min(this.#limits.batch * 2, 65_535);
  }

  /** Messages that wait in the queue, and those that this session has. */
  async lag(): Promise<number> {
    const { messageCount } = await this.#channel.checkQueue(this.#queue);
    return messageCount + this.#held.size;
  }

  /** Lets messages come, with a prefetch count that fits their sizes. */
  async start(): Promise<void> {
    if (this.#tag !== null && this.#fits()) return;
    if (this.#tooMuch) {
      // First work off what is here.
      if (this.#heldBytes > this.#limits.bytes / 2) return;
      this.#fits();
    }
    await this.#cancel();
    this.#tooMuch = false;
    this.#seen = { messages: 0, bytes: 0 };
    await this.#channel.prefetch(this.#prefetch);
    const { consumerTag } = await this.#channel.consume(this.#queue, (raw) => this.#arrived(raw));
    this.#tag = consumerTag;
  }

  /** Lets none come, and gives back what is not in hand. */
  async pause(): Promise<void> {
    if (this.#tag === null) return;
    await this.#cancel();
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    const back = [...this.#held];
    this.#waiting = [];
    for (const delivery of back) this.#channel.nack(delivery.raw, false, true);
    this.#forget(back);
  }

  /** The next messages, at least one, unless `wanted` ends or they are lost. Waits a moment for a batch to fill. */
  async next(wanted: () => boolean): Promise<Delivery[]> {
    const over = () => this.lost.aborted || !wanted();
    while (this.#waiting.length === 0 && !over()) await this.#bell.wait();
    if (this.#waiting.length < this.#limits.batch && !this.#tooMuch && !over()) {
      await new Promise((resolve) => setTimeout(resolve, LINGER_MS));
    }
    if (over()) return [];
    let bytes = 0;
    let count = 0;
    for (const { raw } of this.#waiting) {
      bytes += raw.content.length;
      if (count === this.#limits.batch || (count > 0 && bytes > this.#limits.bytes)) break;
      count++;
    }
    return this.#waiting.splice(0, count);
  }

  /** Done: the queue forgets them. */
  acknowledge(deliveries: readonly Delivery[]): void {
    if (deliveries.length === 0 || this.lost.aborted) return;
    this.#forget(deliveries);
    const last = deliveries.reduce((one, other) => (tagOf(other) > tagOf(one) ? other : one));
    // One frame for all of them, when nothing before the last is still to be done.
    const all = ![...this.#held].some((held) => tagOf(held) < tagOf(last));
    if (all) this.#channel.ack(last.raw, true);
    else for (const { raw } of deliveries) this.#channel.ack(raw);
  }

  /**
   * They come again, first of all, after a while. They stay with this process meanwhile, unacknowledged: giving them
   * back would count as a delivery each time, and queues may drop what was delivered too often.
   */
  again(deliveries: readonly Delivery[], afterMs: number): void {
    if (deliveries.length === 0) return;
    const back = () => {
      for (const delivery of deliveries) delivery.tries++;
      this.#waiting.unshift(...deliveries);
      this.#bell.ring();
    };
    if (afterMs <= 0) {
      back();
      return;
    }
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      back();
    }, afterMs);
    this.#timers.add(timer);
  }

  /** What is not acknowledged goes back to the queue. */
  async close(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    if (this.lost.aborted) return;
    try {
      await this.#cancel();
      // Answered when the broker has taken all acknowledgements that went before.
      await this.#channel.close();
    } catch {
      // it was lost on the way
    }
  }

  #arrived(raw: ConsumeMessage | null): void {
    if (raw === null) {
      // Sent by the broker: the queue was deleted, or has lost its leader.
      this.#tag = null;
      this.#lose(new Error('the broker ended the consumer: the queue was deleted or moved'));
      return;
    }
    const size = raw.content.length;
    this.#seen.messages++;
    this.#seen.bytes += size;
    if (this.#held.size > 0 && this.#heldBytes + size > this.#limits.bytes) {
      // Not kept: memory has to stay bounded whatever a producer sends.
      this.#tooMuch = true;
      this.#channel.nack(raw, false, true);
      this.#cancel().catch((error: Error) => this.#lose(error));
      return;
    }
    const delivery: Delivery = { raw, tries: 0 };
    this.#held.add(delivery);
    this.#heldBytes += size;
    this.#waiting.push(delivery);
    this.#bell.ring();
  }

  /** Whether the prefetch count is right; sets the one that would be. */
  #fits(): boolean {
    const { messages, bytes } = this.#seen;
    const mean = messages === 0 ? 0 : bytes / messages;
    if (this.#tooMuch) {
      this.#prefetch = Math.max(1, Math.min(this.#prefetch >> 1, Math.floor(this.#limits.bytes / mean)));
      return false;
    }
    if (this.#prefetch === this.#most || messages < this.#prefetch * 5) return true;
    const room = Math.floor(this.#limits.bytes / 2 / Math.max(mean, 1));
    if (room < this.#prefetch * 2) return true;
    this.#prefetch = Math.min(this.#most, this.#prefetch * 2);
    return false;
  }

  async #cancel(): Promise<void> {
    if (this.#tag === null) return;
    const tag = this.#tag;
    this.#tag = null;
    await this.#channel.cancel(tag);
  }

  #forget(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      if (this.#held.delete(delivery)) this.#heldBytes -= delivery.raw.content.length;
    }
  }

  #lose(error: Error): void {
    if (this.lost.aborted) return;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#lost.abort(error);
    this.#bell.ring();
  }
}

const tagOf = ({ raw }: Delivery) => raw.fields.deliveryTag;
