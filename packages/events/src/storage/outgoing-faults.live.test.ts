import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { isUnderstudyError, systemClock } from '@understudy/kernel';
import { seeded } from '@understudy/kernel/testing';
import { Buses, type NewOutgoing, Outgoing, OutgoingRelay } from '../index.ts';
import { eventually, MemoryBroker, MemoryBus } from '../testing/index.ts';
import { eventsMigrations, PostgresOutgoingStore } from './index.ts';

/** What RELIABILITY.md asks of a message that was accepted, in one tenth of the size. */
const WS = 'ws_one';
const TOPICS = ['a', 'b', 'c'];

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [eventsMigrations], poolSize: 12 });
});
after(() => db.close());
beforeEach(() => db.asOwner('TRUNCATE events.outgoing, events.outgoing_lanes'));

function world(random: () => number) {
  const broker = new MemoryBroker();
  for (const topic of TOPICS) broker.ensureTopic(topic);
  const store = new PostgresOutgoingStore(db.database);
  const outgoing = new Outgoing({ database: db.database, store });
  const letters: string[] = [];
  const relays = Array.from({ length: 3 }, () => {
    const buses = new Buses([{ name: 'main', system: 'memory', address: '', open: async () => new MemoryBus(broker) }]);
    return new OutgoingRelay({
      ...{ database: db.database, store, outgoing, buses, random, clock: systemClock, batch: 50 },
      firstPauseMs: 20,
      undeliverable: {
        put: async (_tx, _workspace, put) => void letters.push(...put.map(({ message }) => message.id)),
      },
    });
  });
  return { broker, outgoing, relays, letters };
}

function messages(count: number, prefix: string): NewOutgoing[] {
  return Array.from({ length: count }, (_, index) => ({
    ...{ bus: 'main', topic: TOPICS[index % 3]!, id: `${prefix}-${index}`, key: `key-${index % 17}` },
    ...{ headers: {}, body: Buffer.from(`${prefix}-${index}`) },
  }));
}

/** First arrivals of a topic, by key. */
function firstTimes(broker: MemoryBroker, topic: string): Map<string | null, string[]> {
  const seen = new Set<string>();
  const fresh = broker.stored(topic).filter(({ id }) => !seen.has(id) && seen.add(id));
  const byKey = Map.groupBy(fresh, ({ key }) => key);
  return new Map([...byKey].map(([key, list]) => [key, list.map(({ id }) => id)]));
}

test('row 4: with the broker down everything is accepted, and leaves when it is back', async () => {
  const { broker, outgoing, relays, letters } = world(Math.random);
  for (const relay of relays) relay.start();
  broker.stop();
  const sent = messages(1_000, 'm');
  let accepted = 0;
  for (let index = 0; index < sent.length; index += 50) {
    await db.database.inWorkspace(WS, (tx) => outgoing.enqueue(tx, WS, sent.slice(index, index + 50)));
    accepted += 50;
  }
  assert.equal(accepted, 1_000);
  assert.deepEqual(
    TOPICS.flatMap((topic) => broker.stored(topic)),
    [],
  );
  broker.start();
  await eventually(async () => (await outgoing.figures()).waiting === 0);
  await Promise.all(relays.map((relay) => relay.stop()));
  assert.equal(TOPICS.flatMap((topic) => broker.stored(topic)).length, 1_000);
  assert.deepEqual(letters, []);
});

for (const seed of [1, 2, 3]) {
  test(`row 6: with connections to database and broker being cut nothing is lost (seed ${seed})`, async () => {
    const random = seeded(seed);
    const { broker, outgoing, relays, letters } = world(random);
    // 2 % of what the broker stored it never confirms.
    broker.loseConfirmation = () => random() < 0.02;
    for (const relay of relays) relay.start();
    const cut = async () => {
      await db.asOwner(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.3`,
      );
    };
    const acked: NewOutgoing[] = [];
    const attempted = new Set<string>();
    for (let round = 0; round < 20; round++) {
      const some = messages(50, `r${round}`);
      for (const { id } of some) attempted.add(id);
      try {
        await db.database.inWorkspace(WS, (tx) => outgoing.enqueue(tx, WS, some));
        acked.push(...some);
      } catch (error) {
        // Committed or not, nobody knows: then it may leave, but need not.
        assert.ok(isUnderstudyError(error) || /terminat|Connection/i.test(String(error)), String(error));
      }
      outgoing.nudge();
      if (random() < 0.3) await cut();
      if (random() < 0.3) broker.disconnect();
      if (random() < 0.15) broker.stop();
      if (random() < 0.5) broker.start();
    }
    broker.start();
    broker.loseConfirmation = () => false;
    await eventually(async () => {
      // What a cut left leased waits for the lease's end: here it ends at once.
      await db.asOwner(`UPDATE events.outgoing_lanes SET until = clock_timestamp()`);
      return (await outgoing.figures()).waiting === 0;
    });
    await Promise.all(relays.map((relay) => relay.stop()));
    const arrived = new Set(TOPICS.flatMap((topic) => broker.stored(topic).map(({ id }) => id)));
    assert.deepEqual(
      acked.filter(({ id }) => !arrived.has(id)),
      [],
      'lost',
    );
    assert.deepEqual(
      [...arrived].filter((id) => !attempted.has(id)),
      [],
      'phantom',
    );
    assert.deepEqual(letters, []);
  });
}

test('row 6: with lost confirmations alone, the first arrival of each message is in the order of its key', async () => {
  const random = seeded(7);
  const { broker, outgoing, relays } = world(random);
  broker.loseConfirmation = () => random() < 0.05;
  for (const relay of relays) relay.start();
  const sent = messages(600, 'm');
  for (let index = 0; index < sent.length; index += 60) {
    await db.database.inWorkspace(WS, (tx) => outgoing.enqueue(tx, WS, sent.slice(index, index + 60)));
    outgoing.nudge();
  }
  await eventually(async () => (await outgoing.figures()).waiting === 0);
  await Promise.all(relays.map((relay) => relay.stop()));
  for (const topic of TOPICS) {
    for (const [key, got] of firstTimes(broker, topic)) {
      const wanted = sent.filter((one) => one.topic === topic && one.key === key).map(({ id }) => id);
      assert.deepEqual(got, wanted);
    }
  }
});
