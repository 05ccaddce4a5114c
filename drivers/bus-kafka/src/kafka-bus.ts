import { Admin } from '@platformatic/kafka';
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
import { kafkaCapabilities } from './capabilities.ts';
import { clientOptions, within } from './client-options.ts';
import { has, toBusError } from './kafka-errors.ts';
import { KafkaSubscription } from './kafka-subscription.ts';
import { type KafkaAddress, parseKafkaUrl } from './kafka-url.ts';
import { Publisher } from './publisher.ts';

export interface KafkaBusOptions {
  logger?: Logger;
}

/**
 * The EventBus port over Apache Kafka (brokers since 2.4). Connects when first used. For the URL see
 * {@link parseKafkaUrl}; throws a TypeError when that is wrong.
 */
export function openKafkaBus(url: string, options: KafkaBusOptions = {}): EventBus {
  return new KafkaBus(parseKafkaUrl(url), options.logger ?? silentLogger);
}

class KafkaBus implements EventBus {
  readonly capabilities: BusCapabilities;
  readonly #address: KafkaAddress;
  readonly #logger: Logger;
  readonly #publisher: Publisher;
  readonly #admin: Admin;
  readonly #subscriptions = new Set<Subscription>();
  #closing: Promise<void> | null = null;

  constructor(address: KafkaAddress, logger: Logger) {
    this.capabilities = kafkaCapabilities(address.maxBytes);
    this.#address = address;
    this.#logger = logger;
    this.#publisher = new Publisher(address);
    this.#admin = new Admin(clientOptions(address));
  }

  publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    return this.#publisher.publish(topic, messages);
  }

  consume(options: ConsumeOptions, handler: BatchHandler): Subscription {
    if (this.#closing !== null) throw eventErrors.bus_unavailable('The bus is closed.');
    for (const one of this.#subscriptions) if (one.state === 'closed') this.#subscriptions.delete(one);
    const subscription = new KafkaSubscription(this.#address, options, handler, this.#logger);
    this.#subscriptions.add(subscription);
    return subscription;
  }

  /** With the broker's own defaults for partitions and replicas. */
  async ensureTopic(topic: string): Promise<void> {
    try {
      await this.#admin.createTopics({ topics: [topic] }).catch((error: unknown) => {
        if (has(error, ['TOPIC_ALREADY_EXISTS']) === null) throw error;
      });
      for (let round = 0; !(await this.#hasLeaders(topic)); round++) {
        if (round >= 100) throw new Error(`topic ${topic} has no leader`);
        await new Promise((done) => setTimeout(done, 50));
      }
    } catch (error) {
      throw toBusError(error, topic);
    }
  }

  /** Brokers learn of a new topic one after the other. */
  async #hasLeaders(topic: string): Promise<boolean> {
    const metadata = await this.#admin
      .metadata({ topics: [topic], forceUpdate: true, retries: 2 })
      .catch((error: unknown) => {
        if (toBusError(error, topic).code === 'bus_unavailable') throw error;
        return null;
      });
    const partitions = metadata?.topics.get(topic)?.partitions ?? [];
    return partitions.length > 0 && partitions.every(({ leader }) => leader >= 0);
  }

  async ping(): Promise<void> {
    try {
      await within(2000, 'ping', this.#admin.metadata({ topics: [], forceUpdate: true, retries: 0 }));
    } catch (error) {
      throw eventErrors.bus_unavailable(toBusError(error, '').message, { cause: error });
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<void> {
    await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
    await this.#publisher.close();
    await this.#admin.close().catch(() => {});
  }
}
