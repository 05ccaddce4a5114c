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
import { type Logger, silentLogger } from '@understudy/kernel';
import type { Channel, ChannelModel } from 'amqplib';
import { rabbitCapabilities } from './capabilities.ts';
import { ConsumerSession } from './consumer-session.ts';
import { RabbitConnection } from './rabbit-connection.ts';
import { busError } from './rabbit-errors.ts';
import { RabbitPublisher } from './rabbit-publisher.ts';
import { RabbitSubscription } from './rabbit-subscription.ts';
import { declareGroup, declareTopic, parseTopic, queueOf } from './rabbit-topic.ts';
import { parseRabbitUrl, type RabbitAddress } from './rabbit-url.ts';

const PING_MS = 2000;

export interface RabbitOptions {
  log?: Logger;
  /** Shown in the broker's list of connections. */
  clientName?: string;
}

/**
 * The EventBus port over RabbitMQ (AMQP 0-9-1). A topic is a queue; `exchange:<name>` is an exchange, from which each
 * group of consumers has a queue `<name>.<group>` of its own.
 *
 * @param url see {@link parseRabbitUrl}
 * @throws `bus_refused` for a wrong URL; connects when it is first used
 */
export function openRabbitBus(url: string, options: RabbitOptions = {}): EventBus {
  return new RabbitEventBus(parseRabbitUrl(url), options);
}

class RabbitEventBus implements EventBus {
  readonly capabilities: BusCapabilities;
  readonly #publishing: RabbitConnection;
  readonly #consuming: RabbitConnection;
  readonly #publisher: RabbitPublisher;
  readonly #subscriptions = new Set<RabbitSubscription>();
  readonly #log: Logger;
  #closing: Promise<void> | null = null;

  constructor(address: RabbitAddress, { log = silentLogger, clientName = 'understudy' }: RabbitOptions) {
    this.capabilities = { ...rabbitCapabilities, maxBytes: address.maxBytes };
    this.#publishing = new RabbitConnection(address, `${clientName}, publishing`);
    this.#consuming = new RabbitConnection(address, `${clientName}, consuming`);
    this.#publisher = new RabbitPublisher(this.#publishing, address.maxBytes);
    this.#log = log;
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    this.#open();
    if (messages.length === 0) return [];
    return await this.#publisher.publish(topic, messages);
  }

  consume(options: ConsumeOptions, handler: BatchHandler): Subscription {
    this.#open();
    const topic = parseTopic(options.topic);
    const queue = queueOf(topic, options.group);
    const subscription: RabbitSubscription = new RabbitSubscription(options, handler, {
      log: this.#log,
      open: async (limits, bell) => {
        const model = await this.#consuming.model();
        if (topic.kind === 'exchange') await declareGroup(topic.exchange, queue, () => quietChannel(model));
        return await ConsumerSession.open(model, queue, limits, bell);
      },
      closed: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async ensureTopic(topic: string): Promise<void> {
    this.#open();
    await declareTopic(parseTopic(topic), () => this.#channel());
  }

  async ping(): Promise<void> {
    this.#open();
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(eventErrors.bus_unavailable('the broker does not answer')), PING_MS);
    });
    const answer = (async () => (await this.#channel()).close())();
    answer.catch(() => {}); // it may fail after the time is over
    try {
      await Promise.race([answer, late]);
    } catch (error) {
      throw busError(error);
    } finally {
      clearTimeout(timer);
    }
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
      await this.#publisher.drain();
      await Promise.all([this.#publishing.close(), this.#consuming.close()]);
    })();
    return this.#closing;
  }

  async #channel(): Promise<Channel> {
    const model = await this.#publishing.model();
    try {
      return await quietChannel(model);
    } catch (error) {
      throw busError(error);
    }
  }

  #open(): void {
    if (this.#closing !== null) throw eventErrors.bus_unavailable('the bus is closed');
  }
}

/** Who waits for an answer on it gets its errors. */
async function quietChannel(model: ChannelModel): Promise<Channel> {
  const channel = await model.createChannel();
  channel.on('error', () => {});
  return channel;
}
