import { eventErrors } from '@understudy/events';
import type { Channel } from 'amqplib';
import { busError } from './rabbit-errors.ts';

/** A topic is a queue, or an exchange from which each group has a queue of its own. */
export type RabbitTopic = { kind: 'queue'; queue: string } | { kind: 'exchange'; exchange: string };

const EXCHANGE = 'exchange:';

/** @throws `bus_topic_not_found` for a name that AMQP cannot have */
export function parseTopic(topic: string): RabbitTopic {
  const name = topic.startsWith(EXCHANGE) ? topic.slice(EXCHANGE.length) : topic;
  if (name === '' || Buffer.byteLength(name) > 255) {
    throw eventErrors.bus_topic_not_found('a name of a queue or exchange has 1 to 255 bytes');
  }
  return topic.startsWith(EXCHANGE) ? { kind: 'exchange', exchange: name } : { kind: 'queue', queue: name };
}

/** The queue that a group reads. */
export function queueOf(topic: RabbitTopic, group: string): string {
  return topic.kind === 'queue' ? topic.queue : `${topic.exchange}.${group}`;
}

/**
 * Makes a quorum queue, or a fan-out exchange, unless one of the name is there, of whatever kind.
 *
 * @param channel opens a channel: the broker closes one on which something was not found
 */
export async function declareTopic(topic: RabbitTopic, channel: () => Promise<Channel>): Promise<void> {
  const there = await attempt(channel, async (open) => {
    if (topic.kind === 'queue') await open.checkQueue(topic.queue);
    else await open.checkExchange(topic.exchange);
  });
  if (there === null) return;
  if (there.code !== 'bus_topic_not_found') throw there;
  if (topic.kind === 'exchange') {
    const failed = await attempt(channel, async (open) => {
      await open.assertExchange(topic.exchange, 'fanout', { durable: true });
    });
    if (failed !== null) throw failed;
    return;
  }
  await declareQueue(topic.queue, channel);
}

/** A group's own queue of an exchange. A topic exchange sends it everything. */
export async function declareGroup(exchange: string, queue: string, channel: () => Promise<Channel>): Promise<void> {
  const there = await attempt(channel, async (open) => {
    await open.checkExchange(exchange);
  });
  if (there !== null) throw there;
  await declareQueue(queue, channel);
  const failed = await attempt(channel, async (open) => {
    await open.bindQueue(queue, exchange, '#');
  });
  if (failed !== null) throw failed;
}

/**
 * Without a limit of deliveries: from RabbitMQ 4 on a quorum queue drops a message after 20, and an outage of ours must
 * not lose any. There -1 says so; before 4 there is no limit, and -1 would be one that drops what is given back once.
 */
async function declareQueue(queue: string, channel: () => Promise<Channel>): Promise<void> {
  const there = await attempt(channel, async (open) => {
    await open.checkQueue(queue);
  });
  if (there === null) return;
  const failed = await attempt(channel, async (open) => {
    const { version } = open.connection.serverProperties;
    const limit = Number.parseInt(version, 10) >= 4 ? { 'x-delivery-limit': -1 } : {};
    await open.assertQueue(queue, { durable: true, arguments: { 'x-queue-type': 'quorum', ...limit } });
  });
  if (failed !== null) throw failed;
}

/** On a channel of its own; answers what was wrong, or null. */
async function attempt(channel: () => Promise<Channel>, work: (open: Channel) => Promise<void>) {
  const open = await channel();
  try {
    await work(open);
    await open.close();
    return null;
  } catch (error) {
    return busError(error);
  }
}
