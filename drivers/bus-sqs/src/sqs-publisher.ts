import { SendMessageBatchCommand, type SQSClient } from '@aws-sdk/client-sqs';
import { eventErrors, type OutgoingMessage, type PublishOutcome } from '@understudy/events';
import { busError, entryError } from './sqs-errors.ts';
import { type EncodedMessage, encode } from './sqs-message.ts';
import type { Queue, SqsQueues } from './sqs-queues.ts';

/** SQS takes so many messages in one request, and as many bytes as one message may have. */
const BATCH = 10;
/** Requests at once; a FIFO queue gets one after the other, or its order would be lost. */
const PARALLEL = 8;

interface Part {
  at: number;
  encoded: EncodedMessage;
}

export class SqsPublisher {
  readonly #client: SQSClient;
  readonly #queues: SqsQueues;
  readonly #maxBytes: number;
  readonly #running = new Set<Promise<unknown>>();

  constructor(client: SQSClient, queues: SqsQueues, maxBytes: number) {
    this.#client = client;
    this.#queues = queues;
    this.#maxBytes = maxBytes;
  }

  async publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    const all = this.#publish(topic, messages);
    this.#running.add(all);
    try {
      return await all;
    } finally {
      this.#running.delete(all);
    }
  }

  /** Waits for what is under way. */
  async drain(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #publish(topic: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    const queue = await this.#queues.find(topic);
    const outcomes: PublishOutcome[] = new Array(messages.length);
    const requests = this.#requests(queue, messages, outcomes);
    let next = 0;
    /** After a failed request a FIFO queue gets nothing more: what follows would overtake it. */
    let broken: unknown = null;
    const work = async () => {
      for (let parts = requests[next++]; parts !== undefined; parts = requests[next++]) {
        if (broken !== null) for (const { at } of parts) outcomes[at] = { ok: false, error: broken };
        else if (!(await this.#send(queue, parts, outcomes)) && queue.fifo) {
          broken = eventErrors.bus_unavailable('a message before this one could not be sent');
        }
      }
    };
    await Promise.all(Array.from({ length: queue.fifo ? 1 : PARALLEL }, work));
    return outcomes;
  }

  /** Cuts the messages into requests; the outcome of those that are too large is clear at once. */
  #requests(queue: Queue, messages: readonly OutgoingMessage[], outcomes: PublishOutcome[]): Part[][] {
    const requests: Part[][] = [];
    let parts: Part[] = [];
    let total = 0;
    for (const [at, message] of messages.entries()) {
      const encoded = encode(message, queue.fifo);
      if (encoded.bytes > this.#maxBytes) {
        const detail = `${encoded.bytes} bytes with its attributes, ${this.#maxBytes} at most`;
        outcomes[at] = { ok: false, error: eventErrors.bus_message_too_large(detail) };
        continue;
      }
      if (parts.length === BATCH || total + encoded.bytes > this.#maxBytes) {
        requests.push(parts);
        parts = [];
        total = 0;
      }
      parts.push({ at, encoded });
      total += encoded.bytes;
    }
    if (parts.length > 0) requests.push(parts);
    return requests;
  }

  /** Whether all of them were taken. */
  async #send(queue: Queue, parts: readonly Part[], outcomes: PublishOutcome[]): Promise<boolean> {
    try {
      const answer = await this.#client.send(
        new SendMessageBatchCommand({
          QueueUrl: queue.url,
          Entries: parts.map(({ encoded }, index) => ({ Id: String(index), ...encoded.entry })),
        }),
      );
      for (const { at } of parts) outcomes[at] = { ok: false, error: eventErrors.bus_unavailable('not answered') };
      for (const { Id } of answer.Successful ?? []) outcomes[parts[Number(Id)]!.at] = { ok: true };
      for (const entry of answer.Failed ?? []) {
        outcomes[parts[Number(entry.Id)]!.at] = { ok: false, error: entryError(entry) };
      }
      return (answer.Successful ?? []).length === parts.length;
    } catch (cause) {
      const error = busError(cause);
      if (error.code === 'bus_topic_not_found') this.#queues.forget(queue.name);
      for (const { at } of parts) outcomes[at] = { ok: false, error };
      return false;
    }
  }
}
