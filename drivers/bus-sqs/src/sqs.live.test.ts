import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type ElasticMq, startElasticMq, unlessAvailable } from '@understudy/components';
import type { EventBus, OutgoingMessage } from '@understudy/events';
import { Collector, eventually } from '@understudy/events/testing';
import { openSqsBus } from './sqs-event-bus.ts';

let made = 0;
const messages = (count: number, over: Partial<OutgoingMessage> = {}): OutgoingMessage[] =>
  Array.from({ length: count }, () => {
    const id = `m-${++made}`;
    return { id, key: null, headers: {}, body: Buffer.from(id), ...over };
  });
const ids = (sent: readonly { id: string }[]) => sent.map(({ id }) => id);

describe('SQS in trouble', { skip: unlessAvailable('elasticmq'), timeout: 240_000 }, () => {
  let server: ElasticMq;
  const open: EventBus[] = [];
  const bus = (settings = '') => {
    const one = openSqsBus(`${server.url}&wait=1${settings}`);
    open.push(one);
    return one;
  };
  const queue = async (suffix = '') => {
    const name = `trouble-${++made}${suffix}`;
    await bus().ensureTopic(name);
    return name;
  };
  before(async () => {
    server = await startElasticMq();
  });
  after(async () => {
    await Promise.all(open.map((one) => one.close()));
    await server?.stop();
  });

  test('a handler that takes longer than the lease keeps its messages, and those that wait behind them', async () => {
    const topic = await queue();
    const sent = messages(15);
    await bus().publish(topic, sent);
    const [one, other] = [new Collector(), new Collector()];
    bus('&visibility=2').consume({ topic, group: 'g', batch: 8 }, async (batch) => {
      one.note(batch);
      // Three leases long: the time itself is what is tested.
      await new Promise((resolve) => setTimeout(resolve, 6000));
      return undefined;
    });
    await one.until(({ batches }) => batches.length > 0);
    const second = bus('&visibility=2').consume({ topic, group: 'g' }, other.handle);
    await eventually(() => one.batches.length > 1 || one.ids.length + other.ids.length === sent.length);
    await eventually(async () => (await second.lag()) === 0);
    for (const { id } of sent) assert.equal(one.times(id) + other.times(id), 1, id);
  });

  test('a server that starts anew without its queues is told, and used again when they are back', async () => {
    const topic = await queue();
    const one = bus();
    const collector = new Collector();
    const subscription = one.consume({ topic, group: 'g' }, collector.handle);
    await eventually(() => subscription.state === 'running');
    await server.kill();
    await assert.rejects(
      one.publish(topic, messages(1)).then(([outcome]) => fail(outcome)),
      {
        code: 'bus_unavailable',
      },
    );
    await assert.rejects(one.ping(), { code: 'bus_unavailable' });
    await eventually(() => subscription.state === 'failing');
    await server.restart();
    await one.ping();
    await eventually(async () => {
      const code = await one.publish(topic, messages(1)).then(
        ([outcome]) => (outcome?.ok === false ? (outcome.error as { code: string }).code : ''),
        (error: { code: string }) => error.code,
      );
      return code === 'bus_topic_not_found';
    });
    await one.ensureTopic(topic);
    const sent = messages(5);
    await one.publish(topic, sent);
    await collector.all(ids(sent));
    assert.equal(subscription.problem, null);
  });

  test('a message that is sent again within five minutes arrives once through a FIFO queue', async () => {
    const topic = await queue('.fifo');
    const one = bus();
    const sent = messages(3, { key: 'k' });
    for (let round = 0; round < 3; round++) {
      for (const outcome of await one.publish(topic, sent)) assert.deepEqual(outcome, { ok: true });
    }
    const collector = new Collector();
    const subscription = one.consume({ topic, group: 'g' }, collector.handle);
    await collector.all(ids(sent));
    await eventually(async () => (await subscription.lag()) === 0);
    assert.deepEqual(collector.ids, ids(sent));
  });
});

/** Throws the outcome's error. */
function fail(outcome: { ok: true } | { ok: false; error: unknown } | undefined): void {
  if (outcome?.ok === false) throw outcome.error;
}
