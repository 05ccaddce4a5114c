import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import type { EventBus, OutgoingMessage } from '@understudy/events';
import { Collector, eventually, gate } from '@understudy/events/testing';
import { openPostgresBus } from './index.ts';
import { busMigrations } from './storage/index.ts';
import { sweep } from './storage/topics.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [busMigrations] });
});
after(() => db.close());

let counter = 0;
const message = (over: Partial<OutgoingMessage> = {}): OutgoingMessage => {
  const id = `m-${++counter}`;
  return { id, key: null, headers: {}, body: Buffer.from(id), ...over };
};
const many = (count: number, over: (index: number) => Partial<OutgoingMessage> = () => ({})) =>
  Array.from({ length: count }, (_, index) => message(over(index)));
const ids = (list: readonly { id: string | null }[]) => list.map(({ id }) => id);

async function withBus(work: (bus: EventBus, topic: string) => Promise<void>, leaseMs = 30_000): Promise<void> {
  const bus = openPostgresBus({ database: db.database, listen: db.listen, leaseMs });
  const topic = `topic.${++counter}`;
  await bus.ensureTopic(topic);
  await work(bus, topic).finally(() => bus.close());
}

test('an application that shares the database publishes by SQL, in its own transaction', async () => {
  await withBus(async (bus, topic) => {
    const collector = new Collector();
    bus.consume({ topic, group: 'g' }, collector.handle);
    await db.asOwner(
      `SELECT bus.publish($1, ARRAY['id-1', 'id-2'], ARRAY['k', NULL], ARRAY['{"x":"ü"}', '{}']::json[],
        ARRAY['\\x00ff', '\\x']::bytea[])`,
      [topic],
    );
    await collector.all(['id-1', 'id-2']);
    const first = collector.messages.find(({ id }) => id === 'id-1')!;
    assert.deepEqual([first.key, first.headers, [...first.body]], ['k', { x: 'ü' }, [0, 255]]);
    const [none] = await db.asOwner<{ first: string | null }>(
      `SELECT bus.publish('no.such.topic', '{}', '{}', '{}', '{}') AS first`,
    );
    assert.equal(none?.first, null);
  });
});

test('publishers at once: no message is overtaken unseen, each key keeps its order', async () => {
  await withBus(async (bus, topic) => {
    const collectors = [new Collector(), new Collector(), new Collector()];
    for (const { handle } of collectors) bus.consume({ topic, group: 'g', batch: 15 }, handle);
    const sent = await Promise.all(
      Array.from({ length: 8 }, async (_, publisher) => {
        const mine = many(60, () => ({ key: `publisher-${publisher}` }));
        for (let index = 0; index < 60; index += 6) await bus.publish(topic, mine.slice(index, index + 6));
        return mine;
      }),
    );
    const total = () => collectors.reduce((sum, one) => sum + one.messages.length, 0);
    await eventually(() => total() >= 480);
    assert.equal(total(), 480);
    for (const mine of sent) {
      const owners = collectors.filter((one) => one.messages.some(({ key }) => key === mine[0]!.key));
      const got = owners.flatMap((one) => one.messages.filter(({ key }) => key === mine[0]!.key));
      const inOrder = got.toSorted((a, b) => Number(a.place) - Number(b.place));
      assert.deepEqual(ids(inOrder), ids(mine));
      for (const owner of owners) {
        const places = owner.messages.filter(({ key }) => key === mine[0]!.key).map(({ place }) => Number(place));
        assert.deepEqual(
          places,
          places.toSorted((a, b) => a - b),
        );
      }
    }
  });
});

test('a consumer that is stopped past its lease is fenced: what it says later counts for nothing', async () => {
  await withBus(async (bus, topic) => {
    const sent = many(3, () => ({ key: 'one' }));
    await bus.publish(topic, sent);
    const started = gate();
    const late = gate();
    const slow = openPostgresBus({
      // Its renewals get lost, as those of a stopped process do.
      database: { ...db.database, asSystem: (work) => (stopped ? new Promise(() => {}) : db.database.asSystem(work)) },
      leaseMs: 300,
    });
    let stopped = false;
    const first = slow.consume({ topic, group: 'g' }, async () => {
      stopped = true;
      started.open();
      await late.opened;
      return undefined;
    });
    await started.opened;
    const collector = new Collector();
    bus.consume({ topic, group: 'g' }, collector.handle);
    await collector.all(ids(sent) as string[]);
    assert.ok(collector.messages.every(({ redelivered, deliveries }) => redelivered && deliveries === 2));
    stopped = false;
    late.open();
    await first.close();
    await slow.close();
    const next = message({ key: 'one' });
    await bus.publish(topic, [next]);
    await collector.all([next.id]);
    assert.equal(collector.messages.length, 4);
    assert.deepEqual(await db.asOwner('SELECT 1 FROM bus.retries'), []);
  }, 300);
});

test('what waits behind a poisoned message of its key survives its consumer, and is handled once, in order', async () => {
  await withBus(async (bus, topic) => {
    const sent = many(40, (index) => ({ key: `key-${index % 2}` }));
    const poison = sent[0]!;
    const collector = new Collector();
    let healed = false;
    const handler: typeof collector.handle = async (batch) => {
      const bad = healed ? -1 : batch.messages.findIndex(({ id }) => id === poison.id);
      if (bad < 0) return collector.handle(batch);
      collector.note({ ...batch, messages: batch.messages.filter(({ key }) => key !== poison.key) });
      const stuck = batch.messages.flatMap(({ key }, index) => (key === poison.key ? [index] : []));
      return { retry: stuck, afterMs: 30 };
    };
    const first = bus.consume({ topic, group: 'g', batch: 7 }, handler);
    await bus.publish(topic, sent.slice(0, 20));
    await eventually(() => collector.messages.length === 10);
    await first.close();
    await bus.publish(topic, sent.slice(20));
    bus.consume({ topic, group: 'g', batch: 7 }, handler);
    await eventually(() => collector.messages.length === 20);
    assert.ok(collector.messages.every(({ key }) => key === 'key-1'));
    healed = true;
    await eventually(() => collector.messages.length >= 40);
    for (const name of ['key-0', 'key-1']) {
      const ofKey = (list: readonly { id: string | null; key: string | null }[]) =>
        ids(list.filter((m) => m.key === name));
      assert.deepEqual(ofKey(collector.messages), ofKey(sent));
    }
    await eventually(async () => (await db.asOwner('SELECT 1 FROM bus.retries')).length === 0);
  });
});

test('a deleted topic is said, and the consumer goes on when there is one again', async () => {
  await withBus(async (bus, topic) => {
    const collector = new Collector();
    const subscription = bus.consume({ topic, group: 'g' }, collector.handle);
    const [before, later] = many(2);
    await bus.publish(topic, [before!]);
    await collector.all([before!.id]);
    await db.asOwner('DELETE FROM bus.topics WHERE name = $1', [topic]);
    const [outcome] = await bus.publish(topic, [message()]);
    assert.equal(outcome!.ok ? 'ok' : (outcome!.error as { code: string }).code, 'bus_topic_not_found');
    await eventually(() => subscription.state === 'failing');
    await bus.ensureTopic(topic);
    await bus.publish(topic, [later!]);
    await collector.all([later!.id]);
    assert.equal(subscription.problem, null);
  });
});

test('old messages go when every group has done them, not before', async () => {
  await withBus(async (bus, topic) => {
    const collector = new Collector();
    const reader = bus.consume({ topic, group: 'reader' }, collector.handle);
    const behind = bus.consume({ topic, group: 'behind' }, async () => undefined);
    await eventually(() => reader.state === 'running' && behind.state === 'running');
    behind.pause();
    await eventually(() => behind.state === 'paused');
    const sent = many(30, (index) => ({ key: `key-${index}` }));
    await bus.publish(topic, sent);
    await collector.all(ids(sent) as string[]);
    await reader.close();
    await db.asOwner(
      `UPDATE bus.messages m SET at = m.at - interval '8 days' FROM bus.topics t WHERE t.id = m.topic_id AND t.name = $1`,
      [topic],
    );
    assert.equal(await sweep(db.database), 0);
    behind.resume();
    await eventually(async () => (await behind.lag()) === 0);
    const young = message();
    await bus.publish(topic, [young]);
    assert.equal(await sweep(db.database), 30);
    assert.equal(await sweep(db.database), 0);
  });
});
