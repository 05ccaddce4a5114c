import { compatibilityPartitioner, Producer } from '@platformatic/kafka';
import { eventErrors, type OutgoingMessage, type PublishOutcome } from '@understudy/events';
import { clientOptions, within } from './client-options.ts';
import { isMissingTopic, isRejectedLogin, toBusError } from './kafka-errors.ts';
import type { KafkaAddress } from './kafka-url.ts';
import { type ProducerRecord, recordBytes, toRecord } from './message-mapping.ts';

/** Then the outcome is unknown, and a new producer begins. */
const LONGEST_SEND_MS = 10_000;
const MESSAGES_A_SEND = 1000;

interface Waiting {
  record: ProducerRecord;
  bytes: number;
  settle(outcome: PublishOutcome): void;
}

/**
 * An idempotent producer with `acks=all`. What is published to a topic while a request is under way goes out together
 * with the next one: one request at a time and topic keeps the order, and a missing topic holds back no other.
 */
export class Publisher {
  readonly #address: KafkaAddress;
  readonly #lines = new Map<string, Waiting[]>();
  readonly #running = new Map<string, Promise<void>>();
  #producer: ReturnType<typeof openProducer> | null = null;
  #closed = false;

  constructor(address: KafkaAddress) {
    this.#address = address;
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    if (this.#closed) throw eventErrors.bus_unavailable('The bus is closed.');
    const outcomes = await Promise.all(messages.map((message) => this.#enqueue(topic, message)));
    const [first] = outcomes;
    if (first?.ok === false && outcomes.every((outcome) => !outcome.ok && isUnavailable(outcome.error))) {
      throw first.error;
    }
    return outcomes;
  }

  async close(): Promise<void> {
    this.#closed = true;
    await Promise.all(this.#running.values());
    await this.#discard();
  }

  #enqueue(topic: string, message: OutgoingMessage): Promise<PublishOutcome> {
    const { maxBytes } = this.#address;
    if (message.body.byteLength > maxBytes) {
      const size = `${message.body.byteLength} bytes, and at most ${maxBytes} are allowed`;
      const error = eventErrors.bus_message_too_large(`The message for "${topic}" has ${size}.`);
      return Promise.resolve({ ok: false, error });
    }
    const record = toRecord(topic, message);
    const line = this.#lines.get(topic) ?? [];
    this.#lines.set(topic, line);
    return new Promise((settle) => {
      line.push({ record, bytes: recordBytes(record), settle });
      if (!this.#running.has(topic)) this.#running.set(topic, this.#run(topic, line));
    });
  }

  async #run(topic: string, line: Waiting[]): Promise<void> {
    await Promise.resolve(); // what is published in the same turn goes together
    while (line.length > 0) await this.#send(topic, takeBatch(line, this.#address.maxBytes * 0.9));
    this.#lines.delete(topic);
    this.#running.delete(topic);
  }

  async #send(topic: string, batch: Waiting[]): Promise<void> {
    try {
      await this.#deliver(topic, batch);
      for (const { settle } of batch) settle({ ok: true });
    } catch (cause) {
      const error = toBusError(cause, topic);
      const ofOne = error.code === 'bus_message_too_large' || error.code === 'bus_refused';
      if (batch.length > 1 && ofOne) {
        for (const one of batch) await this.#send(topic, [one]); // which one is not said
      } else {
        for (const { settle } of batch) settle({ ok: false, error });
      }
    }
  }

  async #deliver(topic: string, batch: readonly Waiting[]): Promise<void> {
    this.#producer ??= openProducer(this.#address);
    const producer = this.#producer;
    try {
      await producer.metadata({ topics: [topic], retries: 0 });
    } catch (error) {
      if (isMissingTopic(error) || isRejectedLogin(error)) throw error; // at once; the network is tried again below
    }
    try {
      await within(LONGEST_SEND_MS, 'publishing', producer.send({ messages: batch.map(({ record }) => record) }));
    } catch (error) {
      if (this.#producer === producer && isUnavailable(toBusError(error, topic))) await this.#discard();
      throw error;
    }
  }

  async #discard(): Promise<void> {
    const producer = this.#producer;
    this.#producer = null;
    await producer?.close(true).catch(() => {});
  }
}

function openProducer(address: KafkaAddress) {
  return new Producer<Buffer, Buffer, Buffer, Buffer>({
    ...clientOptions(address),
    idempotent: true,
    compression: address.compression,
    // Java's: what an application and we publish under one key goes to one partition.
    partitioner: compatibilityPartitioner,
  });
}

function takeBatch(line: Waiting[], mostBytes: number): Waiting[] {
  let bytes = 0;
  let count = 0;
  while (count < line.length && count < MESSAGES_A_SEND) {
    bytes += line[count]!.bytes;
    if (count > 0 && bytes > mostBytes) break;
    count++;
  }
  return line.splice(0, count);
}

function isUnavailable(error: unknown): boolean {
  return (error as { code?: unknown }).code === 'bus_unavailable';
}
