import { Admin, Consumer, Producer, stringDeserializers, stringSerializers } from '@platformatic/kafka';
import { eventually } from '@understudy/e2e';
import type { MessageOracle } from './message-oracle.ts';
import type { MessageApplication } from './message-rig.ts';

const PATIENCE_MS = 600_000;

/** An application on Kafka: it publishes items, takes the answers, and looks at what a group has committed. */
export class KafkaApplication implements MessageApplication {
  /** The item at `partition/offset` of the item topic, as far as it was observed. */
  readonly places = new Map<string, string>();
  readonly #bootstrap: string;
  readonly #admin: Admin;
  readonly #loops: Promise<void>[] = [];
  #stopped = false;

  constructor(bootstrap: string) {
    this.#bootstrap = bootstrap;
    this.#admin = new Admin({ clientId: 'chaos-admin', bootstrapBrokers: [bootstrap] });
  }

  async makeTopics(...topics: string[]): Promise<void> {
    await this.#admin.createTopics({ topics, partitions: 6 });
    await eventually('the topics have leaders', async () => {
      const metadata = await this.#admin.metadata({ topics, forceUpdate: true }).catch(() => null);
      return topics.every((topic) => metadata?.topics.get(topic)?.partitions.every(({ leader }) => leader >= 0));
    });
  }

  /** Publishes until the broker has confirmed it; some twice, as an application does that lost a confirmation. */
  async publish(topic: string, items: ReadonlyMap<string, string>, oracle: MessageOracle, random: () => number) {
    const names = [...items.keys()];
    oracle.attempt(names);
    const messages = names.flatMap((name) => {
      const message = {
        topic,
        key: `customer-${name.length}-${name.at(-1)}`,
        value: JSON.stringify({ comment: { id: name, body: items.get(name) } }),
        headers: { 'message-id': name, 'correlation-id': `for ${name}`, 'content-type': 'application/json' },
      };
      return random() < 0.03 ? [message, message] : [message];
    });
    await eventually(
      `${names[0]} and what follows is confirmed`,
      async () => {
        const producer = new Producer({
          clientId: 'chaos-application',
          bootstrapBrokers: [this.#bootstrap],
          serializers: stringSerializers,
          idempotent: true,
          retries: 3,
          retryDelay: 200,
        });
        try {
          await producer.send({ messages });
          return true;
        } catch {
          return false;
        } finally {
          await producer.close(true).catch(() => {});
        }
      },
      PATIENCE_MS,
      200,
    );
    oracle.confirm(names);
  }

  /** Takes answers until {@link stop}, over as many connections as that takes. */
  takeAnswers(topic: string, oracle: MessageOracle): void {
    this.#follow(topic, 'application', (message) => {
      const { external_id: name, correlation_id, decision } = JSON.parse(message.value);
      if (decision.external_id !== name) throw new Error(`${name} was answered with ${decision.external_id}`);
      if (correlation_id !== `for ${name}` && correlation_id !== null) throw new Error(`${name}: ${correlation_id}`);
      oracle.answer([{ name, id: message.headers.get('message-id') ?? '' }]);
    });
  }

  /** Writes down which item stands where. */
  observe(topic: string): void {
    this.#follow(topic, 'observer', ({ partition, offset, headers }) => {
      this.places.set(`${partition}/${offset}`, headers.get('message-id') ?? '');
    });
  }

  /** The items of the topic that the group has committed. */
  async committedItems(group: string, topic: string): Promise<string[]> {
    const [found] = await this.#admin.listConsumerGroupOffsets({ groups: [group] });
    const items: string[] = [];
    for (const { partitionIndex, committedOffset } of found?.topics.find(({ name }) => name === topic)?.partitions ??
      []) {
      for (let offset = 0n; offset < committedOffset; offset++) {
        const place = `${partitionIndex}/${offset}`;
        items.push(await eventually(`${place} was observed`, () => this.places.get(place)));
      }
    }
    return items;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
    await this.#admin.close().catch(() => {});
  }

  #follow(topic: string, group: string, take: (message: Taken) => void): void {
    this.#loops.push(
      (async () => {
        while (!this.#stopped) {
          await this.#followOnce(topic, group, take);
          if (!this.#stopped) await new Promise((done) => setTimeout(done, 200));
        }
      })(),
    );
  }

  /** Offsets are committed by the client now and then: after an error some messages come again. */
  async #followOnce(topic: string, group: string, take: (message: Taken) => void): Promise<void> {
    const consumer = new Consumer({
      clientId: `chaos-${group}`,
      // One a topic: this client shares out only the topics of the member that shares out.
      groupId: `chaos-${group}-${topic}`,
      bootstrapBrokers: [this.#bootstrap],
      deserializers: stringDeserializers,
      sessionTimeout: 6000,
      rebalanceTimeout: 6000,
      heartbeatInterval: 1000,
    });
    consumer.on('error', () => {});
    let failure: unknown;
    try {
      const stream = await consumer.consume({
        topics: [topic],
        mode: 'committed',
        fallbackMode: 'earliest',
        maxWaitTime: 250,
      });
      const watch = setInterval(() => {
        if (this.#stopped) stream.destroy();
      }, 100);
      try {
        for await (const message of stream) {
          try {
            take(message);
          } catch (error) {
            failure = error;
            break;
          }
        }
      } finally {
        clearInterval(watch);
      }
    } catch {
      // the broker went away: the caller begins again
    } finally {
      await consumer.close(true).catch(() => {});
    }
    if (failure !== undefined) throw failure;
  }
}

interface Taken {
  partition: number;
  offset: bigint;
  value: string;
  headers: Map<string, string>;
}
