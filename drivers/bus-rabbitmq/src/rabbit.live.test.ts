import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { type RabbitBroker, startLink, startRabbit, unlessAvailable } from '@understudy/components';
import type { EventBus, OutgoingMessage } from '@understudy/events';
import { Collector, eventually } from '@understudy/events/testing';
import { connect } from 'amqplib';
import { openRabbitBus } from './rabbit-event-bus.ts';

let made = 0;
const messages = (count: number, over: Partial<OutgoingMessage> = {}): OutgoingMessage[] =>
  Array.from({ length: count }, () => {
    const id = `m-${++made}`;
    return { id, key: null, headers: {}, body: Buffer.from(id), ...over };
  });
const ids = (sent: readonly { id: string }[]) => sent.map(({ id }) => id);
const code = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: { code: string }) => error.code,
  );

describe('RabbitMQ in trouble', { skip: unlessAvailable('rabbitmq'), timeout: 240_000 }, () => {
  let broker: RabbitBroker;
  const open: EventBus[] = [];
  const bus = (url = broker.url) => {
    const one = openRabbitBus(url);
    open.push(one);
    return one;
  };
  const queue = async () => {
    const name = `trouble.${++made}`;
    await bus().ensureTopic(name);
    return name;
  };
  /** As a relay publishes: again until each message is confirmed. */
  const insist = async (to: EventBus, topic: string, sent: readonly OutgoingMessage[]) => {
    let left = [...sent];
    await eventually(async () => {
      const outcomes = await to.publish(topic, left).catch((error) => left.map(() => ({ ok: false as const, error })));
      left = left.filter((_, index) => {
        const outcome = outcomes[index]!;
        assert.ok(
          outcome.ok || (outcome.error as { retryable: boolean }).retryable,
          String(!outcome.ok && outcome.error),
        );
        return !outcome.ok;
      });
      return left.length === 0;
    });
  };
  before(async () => {
    broker = await startRabbit();
  });
  after(async () => {
    await Promise.all(open.map((one) => one.close()));
    await broker?.stop();
  });

  test('a restarted broker loses nothing, and everybody finds back', async () => {
    const topic = await queue();
    const one = bus();
    const collector = new Collector();
    const subscription = one.consume({ topic, group: 'g', batch: 20 }, collector.handle);
    const early = messages(100);
    await insist(one, topic, early);
    const restarted = broker.restart();
    const late = messages(100);
    const published = insist(one, topic, late);
    await Promise.all([restarted, published]);
    await collector.all(ids([...early, ...late]));
    await eventually(() => subscription.state === 'running');
  });

  test('what was confirmed is there after the broker was killed', async () => {
    const topic = await queue();
    await broker.settle();
    const one = bus();
    const sent = messages(200);
    await insist(one, topic, sent);
    await broker.kill();
    assert.equal(await code(one.ping()), 'bus_unavailable');
    await broker.restart();
    const collector = new Collector();
    one.consume({ topic, group: 'g' }, collector.handle);
    await collector.all(ids(sent));
  });

  test('a queue that is deleted under a consumer is told, and consumed again when it is back', async () => {
    const topic = await queue();
    const one = bus();
    const collector = new Collector();
    const subscription = one.consume({ topic, group: 'g' }, collector.handle);
    await eventually(() => subscription.state === 'running');
    const admin = await connect(broker.url);
    await (await admin.createChannel()).deleteQueue(topic);
    await admin.close();
    await eventually(() => subscription.state === 'failing' && /no queue/i.test(subscription.problem ?? ''));
    const [outcome] = await one.publish(topic, messages(1));
    assert.ok(outcome?.ok === false && (outcome.error as { code: string }).code === 'bus_topic_not_found');
    await one.ensureTopic(topic);
    const sent = messages(3);
    await insist(one, topic, sent);
    await collector.all(ids(sent));
    assert.equal(subscription.state, 'running');
  });

  test('credentials that are revoked while running are a problem to show; nothing is lost by it', async () => {
    const topic = await queue();
    const allow = () => broker.ctl('set_permissions', 'clerk', '.*', '.*', '.*');
    await broker.ctl('add_user', 'clerk', 'first-secret');
    await allow();
    const one = bus(broker.url.replace('guest:guest', 'clerk:first-secret'));
    const collector = new Collector();
    const subscription = one.consume({ topic, group: 'g' }, collector.handle);
    const early = messages(5);
    await insist(one, topic, early);
    await collector.all(ids(early));
    await broker.ctl('change_password', 'clerk', 'other-secret');
    await broker.ctl('close_all_user_connections', 'clerk', 'revoked');
    await eventually(() => subscription.state === 'failing' && /ACCESS_REFUSED/.test(subscription.problem ?? ''));
    assert.ok(!subscription.problem?.includes('first-secret'));
    assert.equal(await code(one.publish(topic, messages(1))), 'bus_unavailable');
    const late = messages(5);
    await insist(bus(), topic, late);
    await broker.ctl('change_password', 'clerk', 'first-secret');
    await collector.all(ids(late));
    // Rights that are missing are another matter than a link that is: the message is refused.
    await broker.ctl('set_permissions', 'clerk', '', '', '.*');
    await broker.ctl('close_all_user_connections', 'clerk', 'rights changed');
    await eventually(async () => {
      const outcomes = await one.publish(topic, messages(1)).catch(() => []);
      return outcomes[0]?.ok === false && (outcomes[0].error as { code: string }).code === 'bus_refused';
    });
  });

  test('the rights that the guide names are enough, and no more is asked for', async () => {
    const topic = await queue();
    await broker.ctl('add_user', 'narrow', 'secret');
    await broker.ctl('set_permissions', 'narrow', '^$', '^amq\\.default$', '^trouble');
    const one = bus(broker.url.replace('guest:guest', 'narrow:secret'));
    const collector = new Collector();
    const subscription = one.consume({ topic, group: 'g' }, collector.handle);
    await one.ping();
    const sent = messages(3);
    await insist(one, topic, sent);
    await collector.all(ids(sent));
    await eventually(async () => (await subscription.lag()) === 0);
    assert.equal(await code(one.ensureTopic(`elsewhere.${++made}`)), 'bus_refused');
  });

  test('a broker short of memory blocks who publishes, not who consumes', async () => {
    const topic = await queue();
    const one = bus();
    const waiting = messages(3);
    await insist(one, topic, waiting);
    await broker.ctl('set_vm_memory_high_watermark', 'absolute', '1');
    let settled = false;
    const blocked = one.publish(topic, messages(1)).finally(() => {
      settled = true;
    });
    await eventually(async () => (await code(one.publish(topic, []))) === 'done' && (await refusedAtOnce(one, topic)));
    assert.equal(settled, false, 'what is under way waits');
    const collector = new Collector();
    one.consume({ topic, group: 'g' }, collector.handle);
    await collector.all(ids(waiting));
    await broker.ctl('set_vm_memory_high_watermark', 'absolute', '512MB');
    assert.deepEqual(await blocked, [{ ok: true }]);
  });

  test('a connection that falls silent is given up, and made anew', async () => {
    const topic = await queue();
    const link = await startLink(Number(new URL(broker.url).port));
    const one = bus(`amqp://guest:guest@127.0.0.1:${link.port}?heartbeat=1`);
    const collector = new Collector();
    const subscription = one.consume({ topic, group: 'g' }, collector.handle);
    const early = messages(2);
    await insist(one, topic, early);
    await collector.all(ids(early));
    link.hold();
    const [outcome] = await one.publish(topic, messages(1));
    assert.ok(outcome?.ok === false && (outcome.error as { code: string }).code === 'bus_unavailable');
    await eventually(() => subscription.state === 'failing');
    assert.equal(await code(one.ping()), 'bus_unavailable');
    link.release();
    const late = messages(2);
    await insist(one, topic, late);
    await collector.all(ids(late));
    await one.close();
    await link.close();
  });

  test('deliveries are counted across lost connections', async () => {
    const topic = await queue();
    const link = await startLink(Number(new URL(broker.url).port));
    const one = bus(`amqp://guest:guest@127.0.0.1:${link.port}`);
    const counts: (number | null)[] = [];
    const subscription = one.consume({ topic, group: 'g' }, async ({ messages: [first], signal }) => {
      counts.push(first!.deliveries);
      if (counts.length > 2) return undefined;
      const lost = new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
      link.cut();
      await lost;
      return undefined;
    });
    await insist(bus(), topic, messages(1));
    await eventually(() => counts.length === 3 && subscription.state === 'running');
    assert.deepEqual(counts, [1, 2, 3]);
    await one.close();
    await link.close();
  });

  test('large messages are held in small numbers', async () => {
    const topic = await queue();
    const one = bus();
    const sent = messages(40, { body: Buffer.alloc(1024 * 1024) });
    for (let index = 0; index < sent.length; index += 10) await insist(one, topic, sent.slice(index, index + 10));
    const collector = new Collector();
    let largest = 0;
    one.consume({ topic, group: 'g', bytes: 3 * 1024 * 1024 }, async (batch) => {
      largest = Math.max(largest, batch.messages.length);
      return await collector.handle(batch);
    });
    await collector.all(ids(sent));
    assert.ok(largest <= 3, `${largest} MiB at once`);
  });

  test('TLS: the server must be who its certificate says, by the authority that the URL names', async () => {
    const topic = await queue();
    const trusting = bus(`${broker.tlsUrl}?ca=${encodeURIComponent(broker.ca)}`);
    const collector = new Collector();
    trusting.consume({ topic, group: 'g' }, collector.handle);
    const sent = messages(2);
    await insist(trusting, topic, sent);
    await collector.all(ids(sent));
    assert.equal(await code(bus(broker.tlsUrl).publish(topic, messages(1))), 'bus_unavailable');
    const misnamed = `${broker.tlsUrl}?ca=${encodeURIComponent(broker.ca)}&server_name=elsewhere.example`;
    assert.equal(await code(bus(misnamed).ping()), 'bus_unavailable');
  });

  test('an exchange gives each group everything, and says when nobody takes it', async () => {
    const topic = `exchange:fan.${++made}`;
    const one = bus();
    const first = async () => {
      const [outcome] = await one.publish(topic, messages(1, { key: 'k' }));
      return outcome?.ok === false ? (outcome.error as { code: string; message: string }) : null;
    };
    assert.equal((await first())?.code, 'bus_topic_not_found', 'no such exchange');
    await one.ensureTopic(topic);
    await one.ensureTopic(topic);
    assert.match((await first())?.message ?? '', /no queue of the exchange/);
    const [left, right] = [new Collector(), new Collector()];
    const subscriptions = [
      one.consume({ topic, group: 'left' }, left.handle),
      one.consume({ topic, group: 'right' }, right.handle),
    ];
    await eventually(() => subscriptions.every(({ state }) => state === 'running'));
    const sent = messages(20, { key: 'k' });
    await insist(one, topic, sent);
    await Promise.all([left.all(ids(sent)), right.all(ids(sent))]);
    assert.deepEqual([left.messages[0]?.key, await subscriptions[0]!.lag()], ['k', 0]);
  });
});

async function refusedAtOnce(bus: EventBus, topic: string): Promise<boolean> {
  const outcome = await Promise.race([
    code(bus.publish(topic, messages(1))),
    new Promise<string>((resolve) => setImmediate(() => setImmediate(() => resolve('waits')))),
  ]);
  return outcome === 'bus_unavailable';
}
