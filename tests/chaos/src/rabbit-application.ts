import { eventually } from '@understudy/e2e';
import { type ChannelModel, connect } from 'amqplib';
import type { MessageOracle } from './message-oracle.ts';
import type { MessageApplication } from './message-rig.ts';

const PATIENCE_MS = 600_000;
/** A broker that dies at the wrong moment leaves calls of the library without an end: then another connection is tried. */
const CALL_MS = 15_000;

/** An application on RabbitMQ: it publishes items and takes the answers, over as many connections as that takes. */
export class RabbitApplication implements MessageApplication {
  readonly #url: string;
  readonly #loops: Promise<void>[] = [];
  #stopped = false;

  constructor(url: string) {
    this.#url = url;
  }

  async makeTopics(...queues: string[]): Promise<void> {
    const connection = await this.#open();
    const channel = await connection.createChannel();
    for (const queue of queues) {
      await channel.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum' } });
    }
    await connection.close();
  }

  /** Publishes until the broker has confirmed it; some twice, as an application does that lost a confirmation. */
  async publish(queue: string, items: ReadonlyMap<string, string>, oracle: MessageOracle, random: () => number) {
    const names = [...items.keys()];
    oracle.attempt(names);
    const messages = names.map((name) => ({
      body: Buffer.from(JSON.stringify({ comment: { id: name, body: items.get(name) } })),
      options: { messageId: name, correlationId: `for ${name}`, contentType: 'application/json', persistent: true },
    }));
    const twice = messages.flatMap((message) => (random() < 0.03 ? [message, message] : [message]));
    await this.insist(`${names[0]} and what follows is confirmed`, async (connection) => {
      const channel = await connection.createConfirmChannel();
      channel.on('error', () => {});
      for (const { body, options } of twice) channel.sendToQueue(queue, body, options);
      await channel.waitForConfirms();
    });
    oracle.confirm(names);
  }

  /** Takes answers until {@link stop}. */
  takeAnswers(queue: string, oracle: MessageOracle): void {
    this.#loops.push(
      (async () => {
        while (!this.#stopped) {
          await this.#takeOnce(queue, oracle).catch(() => {}); // the broker went away: it begins again
          if (!this.#stopped) await pause(200);
        }
      })(),
    );
  }

  /** Does it on a fresh connection, again until it is done. */
  async insist(what: string, work: (connection: ChannelModel) => Promise<void>): Promise<void> {
    await eventually(
      what,
      async () => {
        try {
          const connection = await this.#open();
          await inTime(work(connection)).finally(() => inTime(connection.close()));
          return true;
        } catch {
          return false;
        }
      },
      PATIENCE_MS,
      200,
    );
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#loops);
  }

  async #takeOnce(queue: string, oracle: MessageOracle): Promise<void> {
    const connection = await this.#open();
    let alive = true;
    connection.on('close', () => {
      alive = false;
    });
    const channel = await inTime(connection.createChannel());
    channel.on('error', () => {});
    await inTime(channel.prefetch(100));
    const consuming = channel.consume(queue, (message) => {
      if (message === null) return;
      const { external_id: name, correlation_id, decision } = JSON.parse(message.content.toString());
      // An answer that does not fit shows as one to an item that nobody sent.
      const fits = decision.external_id === name && [`for ${name}`, null].includes(correlation_id);
      oracle.answer([{ name: fits ? name : `wrong answer to ${name}`, id: message.properties.messageId }]);
      channel.ack(message);
    });
    await inTime(consuming);
    while (alive && !this.#stopped) await pause(50);
    if (alive) await inTime(connection.close());
  }

  async #open(): Promise<ChannelModel> {
    const connection = await connect(this.#url, { timeout: 5000 });
    connection.on('error', () => {}); // `close` follows
    return connection;
  }
}

/** Its outcome, or an error when it takes too long. */
async function inTime<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('the broker does not answer')), CALL_MS);
  });
  return await Promise.race([call, late]).finally(() => clearTimeout(timer));
}

const pause = (milliseconds: number) => new Promise<void>((done) => setTimeout(done, milliseconds));
