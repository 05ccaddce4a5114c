import { eventErrors, type OutgoingMessage, type PublishOutcome } from '@understudy/events';
import type { ConfirmChannel } from 'amqplib';
import type { RabbitConnection } from './rabbit-connection.ts';
import { busError, describe, sizeLimit, unreachable } from './rabbit-errors.ts';
import { encode } from './rabbit-message.ts';
import { parseTopic, type RabbitTopic } from './rabbit-topic.ts';

/** Longest wait for a broker's confirmation; then nobody knows, and the message has to be published again. */
const CONFIRM_MS = 30_000;

/** A message on its way. */
interface Pending {
  message: OutgoingMessage;
  topic: RabbitTopic;
  /** The broker gave it back: no queue takes it. It confirms such a message all the same, after that. */
  returned: boolean;
  settle(outcome: PublishOutcome): void;
}

interface OpenChannel {
  channel: ConfirmChannel;
  pending: Set<Pending>;
  /** What closed it. */
  problem: unknown;
  open: boolean;
}

/**
 * Publishes with confirmations. Queues and exchanges have a channel each: an exchange that is not there closes its
 * channel, with everything that is under way on it.
 */
export class RabbitPublisher {
  readonly #connection: RabbitConnection;
  readonly #maxBytes: number;
  readonly #channels = new Map<RabbitTopic['kind'], Promise<OpenChannel>>();
  readonly #running = new Set<Promise<unknown>>();

  constructor(connection: RabbitConnection, maxBytes: number) {
    this.#connection = connection;
    this.#maxBytes = maxBytes;
  }

  async publish(name: string, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    const topic = parseTopic(name);
    const { blocked } = this.#connection;
    if (blocked !== null) throw eventErrors.bus_unavailable(`the broker takes no messages at present: ${blocked}`);
    const open = await this.#channel(topic.kind);
    const all = this.#send(open, topic, messages);
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

  async #send(open: OpenChannel, topic: RabbitTopic, messages: readonly OutgoingMessage[]): Promise<PublishOutcome[]> {
    const outcomes: Promise<PublishOutcome>[] = [];
    let stuck = false;
    for (const message of messages) {
      if (message.body.length > this.#maxBytes) {
        const error = eventErrors.bus_message_too_large(`${message.body.length} bytes, ${this.#maxBytes} at most`);
        outcomes.push(Promise.resolve({ ok: false, error }));
        continue;
      }
      if (stuck) {
        const error = eventErrors.bus_unavailable('the broker does not read what is sent');
        outcomes.push(Promise.resolve({ ok: false, error }));
        continue;
      }
      const { sent, outcome } = this.#one(open, topic, message);
      outcomes.push(outcome);
      // The library would buffer everything: wait until it has written what it has.
      if (!sent && open.open) stuck = !(await drained(open.channel));
    }
    return await Promise.all(outcomes);
  }

  #one(open: OpenChannel, topic: RabbitTopic, message: OutgoingMessage) {
    let sent = true;
    const outcome = new Promise<PublishOutcome>((resolve) => {
      const unconfirmed = () => eventErrors.bus_unavailable(`not confirmed within ${CONFIRM_MS / 1000} s`);
      const timer = setTimeout(() => pending.settle({ ok: false, error: unconfirmed() }), CONFIRM_MS);
      const pending: Pending = {
        message,
        topic,
        returned: false,
        settle: (result) => {
          clearTimeout(timer);
          open.pending.delete(pending);
          resolve(result);
        },
      };
      open.pending.add(pending);
      const { body } = message;
      const content = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
      const [exchange, key] = topic.kind === 'queue' ? ['', topic.queue] : [topic.exchange, routingKey(message)];
      try {
        sent = open.channel.publish(exchange, key, content, encode(message), (error) => {
          pending.settle(error === null ? confirmed(pending) : { ok: false, error: whyLost(open, pending) });
        });
      } catch (error) {
        const coded = open.open ? eventErrors.bus_refused(describe(error)) : whyLost(open, pending);
        pending.settle({ ok: false, error: coded });
      }
    });
    return { sent, outcome };
  }

  /** @throws `bus_unavailable` */
  async #channel(kind: RabbitTopic['kind']): Promise<OpenChannel> {
    const existing = this.#channels.get(kind);
    if (existing !== undefined) return await existing;
    const opening = this.#open(kind);
    this.#channels.set(kind, opening);
    try {
      return await opening;
    } catch (error) {
      if (this.#channels.get(kind) === opening) this.#channels.delete(kind);
      throw unreachable(error);
    }
  }

  async #open(kind: RabbitTopic['kind']): Promise<OpenChannel> {
    const channel = await (await this.#connection.model()).createConfirmChannel();
    const open: OpenChannel = { channel, pending: new Set(), problem: null, open: true };
    channel.on('error', (error) => {
      open.problem = error;
    });
    // Before the library's own listener tells each message, so that they know why.
    channel.prependListener('close', () => {
      open.open = false;
      this.#channels.delete(kind);
    });
    channel.on('return', ({ fields, properties }) => {
      for (const pending of open.pending) {
        const queue = pending.topic.kind === 'queue' ? pending.topic.queue : routingKey(pending.message);
        const same = properties.messageId === undefined || properties.messageId === pending.message.id;
        if (same && !pending.returned && (fields as { routingKey: string }).routingKey === queue) {
          pending.returned = true;
          return;
        }
      }
    });
    return open;
  }
}

/** An exchange routes by the message's key. AMQP takes 255 bytes of it. */
function routingKey({ key }: OutgoingMessage): string {
  if (key === null) return '';
  return Buffer.byteLength(key) <= 255 ? key : '';
}

function confirmed({ returned, topic }: Pending): PublishOutcome {
  if (!returned) return { ok: true };
  const detail =
    topic.kind === 'queue'
      ? `there is no queue ${topic.queue}`
      : `no queue of the exchange ${topic.exchange} takes the message`;
  return { ok: false, error: eventErrors.bus_topic_not_found(detail) };
}

/** Why a message was not confirmed: its own fault, or that of another one on the channel, or the link. */
function whyLost({ open, problem }: OpenChannel, { message, topic }: Pending) {
  if (open)
    return eventErrors.bus_unavailable('the broker could not take the message: the queue is full, or in trouble');
  if (problem === null) return eventErrors.bus_unavailable('the connection was lost before the confirmation');
  const error = busError(problem);
  const others = eventErrors.bus_unavailable(`another message closed the channel: ${error.message}`);
  const limit = sizeLimit(problem);
  if (limit !== null) return message.body.length > limit ? error : others;
  if (topic.kind === 'exchange') return error.message.includes(`'${topic.exchange}'`) ? error : others;
  return error;
}

/** False when it takes as long as a confirmation may: a broker in trouble stops reading, for hours if need be. */
function drained(channel: ConfirmChannel): Promise<boolean> {
  return new Promise((resolve) => {
    const end = (inTime: boolean) => {
      clearTimeout(timer);
      channel.removeListener('drain', done);
      channel.removeListener('close', done);
      resolve(inTime);
    };
    const done = () => end(true);
    const timer = setTimeout(() => end(false), CONFIRM_MS);
    channel.on('drain', done);
    channel.on('close', done);
  });
}
