import { CreateQueueCommand, GetQueueUrlCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { eventErrors } from '@understudy/events';
import { busError } from './sqs-errors.ts';

const FIFO = '.fifo';

/** A topic as a queue. */
export interface Queue {
  name: string;
  url: string;
  fifo: boolean;
}

/** Finds queues by name, once. */
export class SqsQueues {
  readonly #client: SQSClient;
  readonly #allFifo: boolean;
  readonly #known = new Map<string, Promise<Queue>>();

  constructor(client: SQSClient, allFifo: boolean) {
    this.#client = client;
    this.#allFifo = allFifo;
  }

  /** @throws `bus_topic_not_found`, `bus_unavailable`, `bus_refused` */
  async find(topic: string): Promise<Queue> {
    const name = this.#name(topic);
    const known = this.#known.get(name);
    if (known !== undefined) return await known;
    const finding = this.#ask(name);
    this.#known.set(name, finding);
    // Only what was found is remembered.
    finding.catch(() => this.forget(name));
    return await finding;
  }

  /** Asks again next time: the queue may have been deleted, or made anew. */
  forget(name: string): void {
    this.#known.delete(name);
  }

  /** Makes the queue unless it is there, with whatever settings. */
  async ensure(topic: string): Promise<void> {
    const name = this.#name(topic);
    try {
      await this.find(topic);
      return;
    } catch (error) {
      if (busError(error).code !== 'bus_topic_not_found') throw error;
    }
    try {
      const Attributes = name.endsWith(FIFO) ? { FifoQueue: 'true' } : {};
      await this.#client.send(new CreateQueueCommand({ QueueName: name, Attributes }));
    } catch (error) {
      throw busError(error);
    }
  }

  #name(topic: string): string {
    const name = this.#allFifo && !topic.endsWith(FIFO) ? `${topic}${FIFO}` : topic;
    const bare = name.endsWith(FIFO) ? name.slice(0, -FIFO.length) : name;
    if (name.length > 80 || !/^[A-Za-z0-9_-]+$/.test(bare)) {
      throw eventErrors.bus_topic_not_found('the name of an SQS queue has at most 80 letters, digits, "-" and "_"');
    }
    return name;
  }

  async #ask(name: string): Promise<Queue> {
    try {
      const { QueueUrl } = await this.#client.send(new GetQueueUrlCommand({ QueueName: name }));
      return { name, url: QueueUrl!, fifo: name.endsWith(FIFO) };
    } catch (error) {
      throw busError(error);
    }
  }
}
