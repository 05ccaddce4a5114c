import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { Admin, Producer, stringSerializers } from '@platformatic/kafka';
import { type Kafka, startKafka, unlessAvailable } from '@understudy/components';
import type { EventBus, OutgoingMessage } from '@understudy/events';
import { Collector, eventually, gate } from '@understudy/events/testing';
import { openKafkaBus } from './index.ts';

const skip = unlessAvailable('kafka');
const limit = { timeout: 120_000, skip };

describe('bus-kafka under faults', { skip, timeout: 600_000 }, () => {
  let kafka: Kafka;
  let admin: Admin;
  let open: EventBus[] = [];
  let counter = 0;

  before(async () => {
    kafka = await startKafka({ secured: true });
    admin = new Admin({ clientId: 'test', bootstrapBrokers: [kafka.bootstrap] });
  });
  afterEach(async () => {
    await Promise.all(open.map((bus) => bus.close()));
    open = [];
  });
  after(async () => {
    await admin?.close();
    await kafka?.close();
  });

  const openBus = (url = `${kafka.url}?session-ms=2000`) => {
    const bus = openKafkaBus(url);
    open.push(bus);
    return bus;
  };
  const messages = (count: number): OutgoingMessage[] =>
    Array.from({ length: count }, () => {
      const id = `m-${++counter}`;
      return { id, key: `key-${counter % 40}`, headers: {}, body: new TextEncoder().encode(id) };
    });
  const ids = (list: readonly OutgoingMessage[]) => list.map(({ id }) => id);
  const topicWith = async (bus: EventBus, partitions: number) => {
    const topic = `faults.${++counter}`;
    await admin.createTopics({ topics: [topic], partitions });
    await bus.ensureTopic(topic); // waits for its leaders
    return topic;
  };
  /** What the group has stored, by Kafka's own account. */
  const committed = async (group: string, topic: string) => {
    const [found] = await admin.listConsumerGroupOffsets({ groups: [group] });
    const partitions = found?.topics.find(({ name }) => name === topic)?.partitions ?? [];
    return partitions.reduce((sum, { committedOffset }) => sum + Number(committedOffset), 0);
  };

  test('consumers that come and go lose nothing, and nothing committed comes twice', limit, async () => {
    const bus = openBus();
    const topic = await topicWith(bus, 6);
    const sent = messages(1200);
    const done = new Map<string, number>();
    const consume = (of: EventBus) =>
      of.consume({ topic, group: 'moving', batch: 20 }, async ({ messages: batch, signal }) => {
        await new Promise((resolve) => setImmediate(resolve));
        // As a database with a unique key would: an effect counts only when the messages are still ours.
        if (!signal.aborted) for (const { id } of batch) done.set(id!, (done.get(id!) ?? 0) + 1);
        return undefined;
      });
    const [second, third] = [openBus(), openBus()];
    const first = consume(bus);
    await bus.publish(topic, sent.slice(0, 400));
    const other = consume(second);
    await bus.publish(topic, sent.slice(400, 800));
    await eventually(() => done.size > 500);
    consume(third);
    await bus.publish(topic, sent.slice(800));
    await first.close();
    await eventually(() => done.size === sent.length);
    await other.close();
    await third.close();
    assert.equal(await committed('moving', topic), sent.length, 'everything is committed, once and not further');
    // Everybody left in order: what was committed is not seen again.
    const later = new Collector();
    const [sentinel] = messages(1);
    await bus.publish(topic, [sentinel!]);
    bus.consume({ topic, group: 'moving' }, later.handle);
    await later.all([sentinel!.id]);
    assert.deepEqual(later.ids, [sentinel!.id]);
  });

  test('offsets are committed after the handler, never before', limit, async () => {
    const bus = openBus();
    const topic = await topicWith(bus, 1);
    const [one] = messages(1);
    await bus.publish(topic, [one!]);
    const [started, release] = [gate(), gate()];
    const subscription = bus.consume({ topic, group: 'after' }, async () => {
      started.open();
      await release.opened;
      return undefined;
    });
    await started.opened;
    assert.equal(await committed('after', topic), 0);
    assert.equal(await subscription.lag(), 1);
    release.open();
    await eventually(async () => (await committed('after', topic)) === 1);
  });

  test('a broker that is killed and comes back: all that was confirmed arrives', limit, async () => {
    const bus = openBus();
    const topic = await topicWith(bus, 3);
    const collector = new Collector();
    const subscription = bus.consume({ topic, group: 'killed' }, collector.handle);
    const before = messages(100);
    await bus.publish(topic, before);
    await collector.all(ids(before));
    await kafka.kill();
    const during = messages(50);
    await assert.rejects(bus.publish(topic, during), { code: 'bus_unavailable' });
    await assert.rejects(bus.ping(), { code: 'bus_unavailable' });
    await eventually(() => subscription.state === 'failing');
    assert.match(subscription.problem ?? '', /broker/);
    await kafka.restart();
    await eventually(async () => {
      const outcomes = await bus.publish(topic, during).catch(() => [{ ok: false }]);
      return outcomes.every(({ ok }) => ok);
    });
    await collector.all(ids(during));
    await eventually(() => subscription.state === 'running');
    await bus.ping();
  });

  test('a broker that hangs past the session: the member joins again and loses nothing', limit, async () => {
    const bus = openBus();
    const topic = await topicWith(bus, 3);
    const collector = new Collector();
    const subscription = bus.consume({ topic, group: 'hanging' }, collector.handle);
    const sent = messages(30);
    await bus.publish(topic, sent);
    await collector.all(ids(sent));
    kafka.freeze();
    try {
      await eventually(() => subscription.state === 'failing');
    } finally {
      kafka.thaw();
    }
    const later = messages(30);
    await eventually(async () => (await bus.publish(topic, later).catch(() => [{ ok: false }])).every(({ ok }) => ok));
    await collector.all(ids(later));
    await eventually(() => subscription.state === 'running');
  });

  test(
    'a topic that is deleted while running is told, and read from its start when it is made again',
    limit,
    async () => {
      const bus = openBus();
      const topic = await topicWith(bus, 3);
      const collector = new Collector();
      const subscription = bus.consume({ topic, group: 'deleted' }, collector.handle);
      const sent = messages(60);
      await bus.publish(topic, sent);
      await collector.all(ids(sent));
      await eventually(async () => (await committed('deleted', topic)) === 60);
      await admin.deleteTopics({ topics: [topic] });
      await eventually(() => subscription.state === 'failing');
      await eventually(() => /There is no topic/.test(subscription.problem ?? ''));
      const outcome = async () => (await bus.publish(topic, messages(1)))[0]!;
      await eventually(async () => {
        const got = await outcome().catch((error: unknown) => ({ ok: false as const, error }));
        return !got.ok && (got.error as { code?: string }).code === 'bus_topic_not_found';
      });
      await bus.ensureTopic(topic);
      const later = messages(20);
      await eventually(async () =>
        (await bus.publish(topic, later).catch(() => [{ ok: false }])).every(({ ok }) => ok),
      );
      await collector.all(ids(later));
      await eventually(() => subscription.state === 'running');
    },
  );

  test('partitions that are added are read, too', limit, async () => {
    const bus = openBus();
    const topic = await topicWith(bus, 1);
    const collector = new Collector();
    bus.consume({ topic, group: 'growing' }, collector.handle);
    const sent = messages(10);
    await bus.publish(topic, sent);
    await collector.all(ids(sent));
    kafka.tool('org.apache.kafka.tools.TopicCommand', ['--alter', '--topic', topic, '--partitions', '4']);
    const places = () => new Set(collector.messages.map(({ place }) => place!.split('/')[0]));
    await eventually(async () => {
      await bus.publish(topic, messages(40));
      return places().size === 4;
    });
  });

  test('five megabytes are told as too large, by us or by the broker', limit, async () => {
    const body = new Uint8Array(5_000_000);
    const bus = openBus();
    const wide = openBus(`${kafka.url}?max-message-bytes=9000000`);
    const topic = await topicWith(bus, 1);
    for (const one of [bus, wide]) {
      const [outcome, after] = await one.publish(topic, [{ ...messages(1)[0]!, body }, ...messages(1)]);
      assert.ok(!outcome!.ok && (outcome!.error as { code: string }).code === 'bus_message_too_large');
      assert.ok(after!.ok, 'the others of the call are stored');
    }
    await admin.incrementalAlterConfigs({
      resources: [
        {
          resourceType: 2, // a topic
          resourceName: topic,
          configs: [{ name: 'max.message.bytes', configOperation: 0, value: '9000000' }],
        },
      ],
      validateOnly: false,
    });
    const [large] = messages(1);
    await eventually(async () => (await wide.publish(topic, [{ ...large!, body }]))[0]!.ok);
    const collector = new Collector();
    wide.consume({ topic, group: 'large' }, collector.handle);
    await collector.all([large!.id]);
    assert.equal(collector.messages.find(({ id }) => id === large!.id)!.body.byteLength, 5_000_000);
  });

  test('messages of transactions come when committed, and never when aborted', limit, async () => {
    const bus = openBus();
    const topic = await topicWith(bus, 1);
    const producer = new Producer({
      clientId: 'transactions',
      bootstrapBrokers: [kafka.bootstrap],
      idempotent: true,
      transactionalId: `t-${counter}`,
      serializers: stringSerializers,
    });
    // Two aborted ones of one producer in one fetch, with a committed one between.
    for (const [name, commits] of [
      ['aborted-1', false],
      ['committed-1', true],
      ['aborted-2', false],
      ['committed-2', true],
    ] as const) {
      const transaction = await producer.beginTransaction();
      await transaction.send({
        messages: [1, 2].map((index) => ({ topic, key: name, value: `${name}/${index}` })),
      });
      await (commits ? transaction.commit() : transaction.abort());
    }
    await producer.close();
    const collector = new Collector();
    const subscription = bus.consume({ topic, group: 'transactions' }, collector.handle);
    const [sentinel] = messages(1);
    await bus.publish(topic, [sentinel!]);
    await collector.all([sentinel!.id]);
    const bodies = collector.messages.map(({ body }) => Buffer.from(body).toString());
    assert.deepEqual(bodies.slice(0, -1), ['committed-1/1', 'committed-1/2', 'committed-2/1', 'committed-2/2']);
    await eventually(async () => (await subscription.lag()) === 0); // markers are no backlog
  });

  test('SASL and TLS; a wrong password is told without being shown', limit, async () => {
    const tool = 'kafka.admin.ConfigCommand';
    const user = (name: string) => ['--entity-type', 'users', '--entity-name', name];
    const [long, short] = ['SCRAM-SHA-512=[password=first-secret]', 'SCRAM-SHA-256=[password=second-secret]'];
    kafka.tool(tool, ['--alter', '--add-config', long, ...user('bob')]);
    kafka.tool(tool, ['--alter', '--add-config', short, ...user('carol')]);
    const bob = { user: 'bob', password: 'first-secret' };
    const carol = { user: 'carol', password: 'second-secret' };
    const urls = [
      kafka.securedUrl({ mechanism: 'plain', tls: true }),
      kafka.securedUrl({ mechanism: 'scram-sha-256', tls: false, ...carol }),
      kafka.securedUrl({ mechanism: 'scram-sha-512', tls: true, ...bob }),
    ];
    const plain = openBus();
    const topic = await topicWith(plain, 1);
    for (const [index, url] of urls.entries()) {
      const bus = openBus(url);
      const collector = new Collector();
      bus.consume({ topic, group: `secured-${index}`, from: 'earliest' }, collector.handle);
      const [sent] = messages(1);
      await bus.publish(topic, [sent!]);
      await collector.all([sent!.id]);
    }
    const wrong = openBus(
      kafka.securedUrl({ mechanism: 'scram-sha-512', tls: true, user: 'bob', password: 'nope-nope' }),
    );
    const error = await wrong.publish(topic, messages(1)).catch((one: unknown) => one as Error & { code: string });
    assert.ok(error instanceof Error && error.code === 'bus_unavailable');
    assert.match(error.message, /credentials/);
    assert.doesNotMatch(error.message, /nope-nope/);
    // Taken away while running: shown, and healed by itself when they are given back.
    const bus = openBus(`${kafka.securedUrl({ mechanism: 'scram-sha-512', tls: true, ...bob })}&session-ms=2000`);
    const collector = new Collector();
    const subscription = bus.consume({ topic, group: 'revoked' }, collector.handle);
    await eventually(() => collector.ids.length > 0);
    kafka.tool(tool, ['--alter', '--delete-config', 'SCRAM-SHA-512', ...user('bob')]);
    await kafka.restart(); // connections that stand are not asked again
    await eventually(() => /credentials/.test(subscription.problem ?? ''));
    assert.equal(subscription.state, 'failing');
    kafka.tool(tool, ['--alter', '--add-config', long, ...user('bob')]);
    const [later] = messages(1);
    await eventually(async () => (await plain.publish(topic, [later!]).catch(() => [{ ok: false }]))[0]!.ok);
    await collector.all([later!.id]);
    assert.equal(subscription.state, 'running');
  });
});
