import { ListQueuesCommand, SQSClient } from '@aws-sdk/client-sqs';
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
import { fifoCapabilities, sqsCapabilities } from './capabilities.ts';
import { busError, hasAnswered } from './sqs-errors.ts';
import { SqsPublisher } from './sqs-publisher.ts';
import { SqsQueues } from './sqs-queues.ts';
import { SqsSubscription } from './sqs-subscription.ts';
import { parseSqsUrl, type SqsAddress } from './sqs-url.ts';

const PING_MS = 2000;

export interface SqsOptions {
  log?: Logger;
}

/**
 * The EventBus port over Amazon SQS. A topic is a queue, standard or FIFO by its name; its consumers are one group.
 *
 * @param url see {@link parseSqsUrl}
 * @throws `bus_refused` for a wrong URL; connects when it is first used
 */
export function openSqsBus(url: string, options: SqsOptions = {}): EventBus {
  return new SqsEventBus(parseSqsUrl(url), options);
}

class SqsEventBus implements EventBus {
  readonly capabilities: BusCapabilities;
  readonly #address: SqsAddress;
  readonly #client: SQSClient;
  readonly #queues: SqsQueues;
  readonly #publisher: SqsPublisher;
  readonly #subscriptions = new Set<SqsSubscription>();
  readonly #log: Logger;
  #closing: Promise<void> | null = null;

  constructor(address: SqsAddress, { log = silentLogger }: SqsOptions) {
    this.capabilities = { ...(address.fifo ? fifoCapabilities : sqsCapabilities), maxBytes: address.maxBytes };
    this.#address = address;
    this.#client = new SQSClient(address.client);
    this.#queues = new SqsQueues(this.#client, address.fifo);
    this.#publisher = new SqsPublisher(this.#client, this.#queues, address.maxBytes);
    this.#log = log;
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    this.#open();
    if (messages.length === 0) return [];
    return await this.#publisher.publish(topic, messages);
  }

  consume(options: ConsumeOptions, handler: BatchHandler): Subscription {
    this.#open();
    const subscription: SqsSubscription = new SqsSubscription(options, handler, {
      client: this.#client,
      queues: this.#queues,
      address: this.#address,
      log: this.#log,
      closed: () => this.#subscriptions.delete(subscription),
    });
    this.#subscriptions.add(subscription);
    return subscription;
  }

  async ensureTopic(topic: string): Promise<void> {
    this.#open();
    await this.#queues.ensure(topic);
  }

  async ping(): Promise<void> {
    this.#open();
    try {
      const abortSignal = AbortSignal.timeout(PING_MS);
      await this.#client.send(new ListQueuesCommand({ MaxResults: 1 }), { abortSignal, requestTimeout: PING_MS });
    } catch (error) {
      // Listing queues may be forbidden where using them is not.
      if (!hasAnswered(error)) throw busError(error);
    }
  }

  close(): Promise<void> {
    this.#closing ??= (async () => {
      await Promise.all([...this.#subscriptions].map((subscription) => subscription.close()));
      await this.#publisher.drain();
      this.#client.destroy();
    })();
    return this.#closing;
  }

  #open(): void {
    if (this.#closing !== null) throw eventErrors.bus_unavailable('the bus is closed');
  }
}
