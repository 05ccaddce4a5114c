import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { type Tx, UnderstudyError } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import { sql } from 'kysely';
import {
  Buses,
  eventErrors,
  type NewOutgoing,
  Outgoing,
  OutgoingRelay,
  type OutgoingRelayOptions,
  type Undeliverable,
} from '../index.ts';
import { eventually, gate, MemoryBroker, MemoryBus } from '../testing/index.ts';
import { eventsMigrations, PostgresOutgoingStore } from './index.ts';

const WS = 'ws_one';
let db: TestDatabase;
let store: PostgresOutgoingStore;
let outgoing: Outgoing;
let broker: MemoryBroker;
let letters: (Undeliverable & { workspace: string })[];
let clock: FakeClock;

before(async () => {
  db = await createTestDatabase({ migrations: [eventsMigrations], poolSize: 12 });
});
after(() => db.close());
beforeEach(async () => {
  await db.asOwner('TRUNCATE events.outgoing, events.outgoing_lanes');
  store = new PostgresOutgoingStore(db.database);
  outgoing = new Outgoing({ database: db.database, store });
  broker = new MemoryBroker();
  letters = [];
  clock = new FakeClock();
});

/** A relay of a process of its own: its own connections to the broker, and the longest possible pauses. */
function relay(over: Partial<OutgoingRelayOptions> = {}): OutgoingRelay {
  return new OutgoingRelay({
    database: db.database,
    store,
    outgoing,
    buses: new Buses([{ name: 'main', system: 'memory', address: 'memory', open: async () => new MemoryBus(broker) }]),
    undeliverable: {
      async put(_tx: Tx, workspace: string, added: readonly Undeliverable[]) {
        letters.push(...added.map((letter) => ({ ...letter, workspace })));
      },
    },
    clock,
    random: () => 0.999,
    ...over,
  });
}

let counter = 0;
function message(over: Partial<NewOutgoing> = {}): NewOutgoing {
  const id = `msg-${++counter}`;
  return { bus: 'main', topic: 'results', id, key: null, headers: {}, body: new TextEncoder().encode(id), ...over };
}
const many = (count: number, over: (index: number) => Partial<NewOutgoing> = () => ({})) =>
  Array.from({ length: count }, (_, index) => message(over(index)));
const enqueue = (messages: readonly NewOutgoing[], workspace = WS) =>
  db.database.inWorkspace(workspace, (tx) => outgoing.enqueue(tx, workspace, messages));
const ids = (list: readonly { id: string }[]) => list.map(({ id }) => id);
const stored = (topic = 'results') => ids(broker.stored(topic));
const waiting = async () => (await outgoing.figures()).waiting;

test('a message leaves if and only if what caused it was committed, as it was written', async () => {
  broker.ensureTopic('results');
  const kept = message({
    key: 'Kunde/7',
    headers: { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', 'x-odd': 'a\0b \ud800 ü' },
    body: Uint8Array.from({ length: 256 }, (_, index) => index),
  });
  await enqueue([kept]);
  const undone = db.database.inWorkspace(WS, async (tx) => {
    await outgoing.enqueue(tx, WS, [message()]);
    throw new Error('rolled back');
  });
  await assert.rejects(undone, { message: 'rolled back' });
  assert.deepEqual([await waiting(), (await outgoing.find(WS, kept.id)).length], [1, 1]);
  assert.deepEqual(await outgoing.find('ws_other', kept.id), []);
  await relay().drain();
  const [sent, ...others] = broker.stored('results');
  assert.equal(others.length, 0);
  assert.deepEqual(
    { ...sent, body: Buffer.from(sent!.body) },
    {
      id: kept.id,
      key: kept.key,
      headers: kept.headers,
      body: Buffer.from(kept.body),
    },
  );
  assert.deepEqual(await outgoing.figures(), { waiting: 0, oldestSeconds: 0 });
});

test('a running relay finds what others committed', async () => {
  broker.ensureTopic('results');
  const running = relay({ everyMs: 20 });
  running.start();
  const sent = many(5);
  await enqueue(sent);
  outgoing.nudge();
  await eventually(() => stored().length === 5);
  const later = message();
  // Past this process' Outgoing: as another process would.
  await db.database.inWorkspace(WS, (tx) => store.insert(tx, WS, [later]));
  await eventually(() => stored().includes(later.id));
  await running.stop();
});

test('several relays publish each message once, and each key in order', async () => {
  const topics = ['a', 'b', 'c', 'd', 'e', 'f'];
  for (const topic of topics) broker.ensureTopic(topic);
  const all = many(1_200, (index) => ({ topic: topics[index % 6]!, key: `key-${index % 90}` }));
  const relays = [relay({ batch: 40 }), relay({ batch: 40 }), relay({ batch: 40 })];
  for (const one of relays) one.start();
  for (let index = 0; index < all.length; index += 100) {
    await enqueue(all.slice(index, index + 100));
    outgoing.nudge();
  }
  await eventually(async () => (await waiting()) === 0);
  await Promise.all(relays.map((one) => one.stop()));
  for (const topic of topics) {
    const wanted = all.filter((one) => one.topic === topic);
    const got = broker.stored(topic);
    assert.equal(got.length, wanted.length);
    for (const key of new Set(wanted.map((one) => one.key))) {
      assert.deepEqual(ids(got.filter((one) => one.key === key)), ids(wanted.filter((one) => one.key === key)));
    }
  }
  assert.deepEqual(await db.asOwner('SELECT 1 FROM events.outgoing_lanes'), []);
});

test('a broker that is away for long: rows stay, attempts grow rare, everything leaves when it is back', async () => {
  broker.ensureTopic('results');
  broker.stop();
  let attempts = 0;
  const bus = new MemoryBus(broker);
  const publish = bus.publish.bind(bus);
  bus.publish = (...args) => {
    attempts++;
    return publish(...args);
  };
  const one = relay({ buses: new Buses([{ name: 'main', system: 'memory', address: '', open: async () => bus }]) });
  const sent = many(1_500, (index) => ({ key: `key-${index % 4}` }));
  await enqueue(sent);
  const moments: number[] = [];
  let looks = 0;
  for (let second = 0; second < 3_600; second += second < 20 ? 1 : 60) {
    const before = attempts;
    await one.drain();
    looks++;
    if (attempts > before) moments.push(second);
    clock.advance(second < 20 ? 1_000 : 60_000);
  }
  assert.equal(await waiting(), 1_500);
  assert.deepEqual(moments.slice(0, 6), [0, 1, 2, 4, 8, 16]);
  assert.ok(attempts < looks, 'fewer attempts than looks');
  const [head] = await outgoing.find(WS, sent[0]!.id);
  assert.deepEqual([head?.problem?.code, head?.attempts], ['bus_unavailable', attempts]);
  broker.start();
  clock.advance(30_000);
  await one.drain();
  assert.equal(await waiting(), 0);
  for (let key = 0; key < 4; key++) {
    const ofKey = (list: readonly { id: string; key: string | null }[]) =>
      ids(list.filter((m) => m.key === `key-${key}`));
    assert.deepEqual(ofKey(broker.stored('results')), ofKey(sent));
  }
  assert.deepEqual(letters, []);
});

test('a step holds a bounded number of messages and bytes, whatever waits', async () => {
  broker.ensureTopic('results');
  const body = new Uint8Array(100_000);
  await enqueue(many(40, () => ({ body })));
  const sizes: number[] = [];
  const bus = new MemoryBus(broker);
  const publish = bus.publish.bind(bus);
  bus.publish = (topic, messages) => {
    sizes.push(messages.length);
    return publish(topic, messages);
  };
  const buses = new Buses([{ name: 'main', system: 'memory', address: '', open: async () => bus }]);
  await relay({ buses, batch: 20, bytes: 1_000_000 }).drain();
  assert.deepEqual(sizes, [11, 11, 11, 7]);
  sizes.length = 0;
  await enqueue(many(45));
  await relay({ buses, batch: 20 }).drain();
  assert.deepEqual(sizes, [20, 20, 5]);
});

test('a destination that fails or hangs does not hold up others', async () => {
  for (const topic of ['good', 'bad', 'slow']) broker.ensureTopic(topic);
  broker.beforeStore = (topic) => {
    if (topic === 'bad') throw eventErrors.bus_unavailable('no leader for this topic');
  };
  const hang = gate();
  const bus = new MemoryBus(broker);
  const publish = bus.publish.bind(bus);
  bus.publish = async (topic, messages) => {
    if (topic === 'slow') await hang.opened;
    return publish(topic, messages);
  };
  const buses = new Buses([{ name: 'main', system: 'memory', address: '', open: async () => bus }]);
  const running = relay({ buses, publishMs: 200 });
  await enqueue(many(30, (index) => ({ topic: ['bad', 'slow', 'good'][index % 3]!, key: 'one' })));
  await enqueue([message({ bus: 'gone' })]);
  running.start();
  await eventually(() => stored('good').length === 10);
  const [gone] = await db.asOwner<{ id: string }>(`SELECT id FROM events.outgoing WHERE bus = 'gone'`);
  await eventually(async () => (await outgoing.find(WS, gone!.id))[0]?.problem?.code === 'bus_not_configured');
  await eventually(async () => {
    const rows = await db.asOwner(`SELECT 1 FROM events.outgoing WHERE topic = 'slow' AND problem IS NOT NULL`);
    return rows.length === 1;
  });
  hang.open();
  broker.beforeStore = () => {};
  clock.advance(60_000);
  running.nudge();
  await eventually(() => stored('bad').length === 10 && new Set(stored('slow')).size === 10);
  await eventually(async () => (await waiting()) === 1);
  await running.stop();
  assert.deepEqual(letters, []);
});

test('one message that fails waits alone with what follows it in its key', async () => {
  broker.ensureTopic('results');
  const sent = many(12, (index) => ({ key: `key-${index % 4}` }));
  const poison = sent[1]!;
  let heal = false;
  broker.beforeStore = (_topic, { id }) => {
    if (id === poison.id && !heal) throw eventErrors.bus_unavailable('not this one');
  };
  await enqueue(sent);
  const one = relay({ firstPauseMs: 300_000 });
  await one.drain();
  const others = sent.filter(({ key }) => key !== poison.key);
  assert.deepEqual(stored().toSorted(), ids(others).toSorted());
  assert.equal(await waiting(), 3);
  const [found] = await outgoing.find(WS, poison.id);
  assert.deepEqual([found?.attempts, found?.problem?.code], [1, 'bus_unavailable']);
  heal = true;
  await one.drain();
  assert.equal(await waiting(), 3, 'its pause is not over');
  clock.advance(1_000);
  await db.asOwner('UPDATE events.outgoing SET next_at = clock_timestamp() WHERE next_at IS NOT NULL');
  await one.drain();
  assert.deepEqual(
    broker
      .stored('results')
      .filter(({ key }) => key === poison.key)
      .map(({ id }) => id),
    ids(sent.filter(({ key }) => key === poison.key)),
  );
  assert.equal(await waiting(), 0);
});

test('the pauses of a message double up to five minutes, drawn from nothing to the limit', async () => {
  broker.ensureTopic('results');
  const draws = [0.999999, 0.5, 0.25];
  broker.beforeStore = (_topic, { key }) => {
    if (key === 'poison') throw new Error('something odd');
  };
  const [poison] = many(1, () => ({ key: 'poison' }));
  await enqueue([poison!]);
  const pauses: number[] = [];
  for (let round = 0; round < 6; round++) {
    const draw = draws[round % 3]!;
    await enqueue([message()]);
    await relay({ random: () => draw, firstPauseMs: 60_000 }).drain();
    const [row] = await db.asOwner<{ ms: number }>(
      `SELECT round(extract(epoch FROM next_at - (problem->>'at')::timestamptz) * 1000)::int AS ms
       FROM events.outgoing WHERE next_at IS NOT NULL`,
    );
    pauses.push(Math.round(row!.ms / 10) * 10);
    await db.asOwner('UPDATE events.outgoing SET next_at = clock_timestamp() WHERE next_at IS NOT NULL');
  }
  assert.deepEqual(pauses, [60_000, 60_000, 60_000, 300_000, 150_000, 75_000]);
  const [found] = await outgoing.find(WS, poison!.id);
  assert.deepEqual([found?.attempts, found?.problem?.code, found?.problem?.detail], [6, 'internal', 'something odd']);
});

test('what a broker refuses becomes a dead letter at once, once, in its own workspace', async () => {
  broker.ensureTopic('results');
  const huge = message({ body: new Uint8Array(2 * 1024 * 1024), key: 'one' });
  const fine = many(3, () => ({ key: 'one' }));
  await enqueue([huge, ...fine]);
  const lost = message({ topic: 'nobody-made-this' });
  await enqueue([lost], 'ws_two');
  await Promise.all([relay().drain(), relay().drain()]);
  await relay().drain();
  assert.deepEqual(stored(), ids(fine));
  const seen = letters.map(({ workspace, message, reason }) => [workspace, message.id, reason.code]);
  assert.deepEqual(seen.toSorted(), [
    [WS, huge.id, 'bus_message_too_large'],
    ['ws_two', lost.id, 'bus_topic_not_found'],
  ]);
  assert.equal(await waiting(), 0);
});

test('a dead letter that cannot be written keeps the message', async () => {
  await enqueue([message({ topic: 'nobody-made-this' })]);
  const broken = relay({
    undeliverable: {
      async put() {
        throw new Error('no room');
      },
    },
  });
  await broken.drain();
  assert.deepEqual([await waiting(), letters.length], [1, 0]);
  clock.advance(60_000);
  await relay().drain();
  assert.deepEqual([await waiting(), letters.length], [0, 1]);
});

test('after three days of failing a message is given up, after three days without a relay it is not', async () => {
  broker.ensureTopic('results');
  broker.stop();
  const old = many(250);
  await enqueue(old);
  await db.asOwner(`UPDATE events.outgoing SET created_at = created_at - interval '3 days 1 minute'`);
  const young = many(2);
  await enqueue(young);
  const one = relay();
  await one.drain();
  assert.deepEqual(
    letters.map(({ message }) => message.id),
    ids(old),
  );
  assert.ok(letters.every(({ reason }) => reason.code === 'bus_unavailable'));
  assert.equal(await waiting(), 2);
  broker.start();
  await db.asOwner(`UPDATE events.outgoing SET created_at = created_at - interval '9 days'`);
  clock.advance(60_000);
  await one.drain();
  assert.deepEqual(stored(), ids(young));
  assert.equal(letters.length, 250);
});

test('a lost confirmation is published again under the same id', async () => {
  broker.ensureTopic('results');
  const sent = many(20, (index) => ({ key: `key-${index % 3}` }));
  const lost = new Set([sent[4]!.id, sent[9]!.id]);
  broker.loseConfirmation = ({ id }) => lost.delete(id);
  await enqueue(sent);
  const one = relay();
  await one.drain();
  await db.asOwner('UPDATE events.outgoing SET next_at = clock_timestamp() WHERE next_at IS NOT NULL');
  clock.advance(60_000);
  await one.drain();
  assert.equal(await waiting(), 0);
  assert.deepEqual([...new Set(stored())].toSorted(), ids(sent).toSorted());
  assert.ok(stored().length > 20, 'at least once');
});

test('a relay that died is succeeded when its lease ends; one that is only late breaks nothing', async () => {
  broker.ensureTopic('results');
  const sent = many(6, () => ({ key: 'one' }));
  await enqueue(sent);
  const destination = { bus: 'main', topic: 'results' };
  const take = { messages: 3, bytes: 1_000_000, leaseMs: 60_000, after: '' };
  const nothing = { delivered: [], postponed: [] };
  const taken = await store.step(destination, 'late', nothing, take);
  assert.deepEqual(ids(taken!), ids(sent.slice(0, 3)));
  assert.equal(await store.step(destination, 'other', nothing, take), null);
  await relay().drain();
  assert.deepEqual(stored(), [], 'the lease holds');
  await db.asOwner(`UPDATE events.outgoing_lanes SET until = clock_timestamp()`);
  await relay().drain();
  assert.deepEqual(stored(), ids(sent));
  const late = { delivered: taken!.map(({ seq }) => seq), postponed: [] };
  assert.deepEqual(await store.step(destination, 'late', late, take), []);
  assert.deepEqual([await waiting(), letters.length], [0, 0]);
});

test('a relay that a broker keeps waiting for longer than a lease keeps its topic', async () => {
  broker.ensureTopic('results');
  const sent = many(4, () => ({ key: 'one' }));
  await enqueue(sent);
  let renewed = 0;
  const hang = gate();
  const bus = new MemoryBus(broker);
  const publish = bus.publish.bind(bus);
  bus.publish = async (topic, messages) => {
    await hang.opened;
    return publish(topic, messages);
  };
  class WatchedStore extends PostgresOutgoingStore {
    override async renew(...args: Parameters<PostgresOutgoingStore['renew']>) {
      const kept = await super.renew(...args);
      renewed++;
      return kept;
    }
  }
  const buses = new Buses([{ name: 'main', system: 'memory', address: '', open: async () => bus }]);
  const slow = relay({ buses, store: new WatchedStore(db.database), leaseMs: 200 });
  const work = slow.drain();
  // Twelve renewals are three leases.
  await eventually(() => renewed >= 12);
  await relay({ leaseMs: 200 }).drain();
  assert.deepEqual(stored(), [], 'nobody else took it over');
  hang.open();
  await work;
  assert.deepEqual([stored(), await waiting()], [ids(sent), 0]);
});

test('two relays that work on one topic at once, each without knowing, keep the order of first copies', async () => {
  broker.ensureTopic('results');
  const sent = many(120, (index) => ({ key: `key-${index % 3}` }));
  await enqueue(sent);
  // Each believes that the topic is its own: leases end at once and are never found lost.
  class CarelessStore extends PostgresOutgoingStore {
    override async step(...[destination, holder, settled, take]: Parameters<PostgresOutgoingStore['step']>) {
      await db.asOwner('UPDATE events.outgoing_lanes SET until = clock_timestamp()');
      return super.step(destination, holder, settled, take);
    }
    override async renew() {
      return true;
    }
  }
  const careless = () => relay({ store: new CarelessStore(db.database), batch: 30 });
  await Promise.all([careless().drain(), careless().drain()]);
  const again = relay();
  await db.asOwner('UPDATE events.outgoing_lanes SET until = clock_timestamp()');
  await again.drain();
  assert.equal(await waiting(), 0);
  const first = [...new Map(broker.stored('results').map((one) => [one.id, one])).values()];
  for (let key = 0; key < 3; key++) {
    const ofKey = (list: readonly { id: string; key: string | null }[]) =>
      ids(list.filter((one) => one.key === `key-${key}`));
    assert.deepEqual(ofKey(first), ofKey(sent));
  }
});

test('a relay that finds its topic taken over publishes nothing more of its batch', async () => {
  broker.ensureTopic('results');
  const sent = many(40, () => ({ key: 'one' }));
  await enqueue(sent);
  const published: string[] = [];
  const bus = new MemoryBus(broker);
  const publish = bus.publish.bind(bus);
  let asked = 0;
  bus.publish = async (topic, messages) => {
    published.push(...ids(messages));
    const before = asked;
    await eventually(() => asked > before || asked > 3);
    return publish(topic, messages);
  };
  class LosingStore extends PostgresOutgoingStore {
    override async renew(...args: Parameters<PostgresOutgoingStore['renew']>) {
      if (asked === 3) {
        await db.asOwner(
          `UPDATE events.outgoing_lanes SET holder = 'another', until = clock_timestamp() + interval '1 hour'`,
        );
      }
      const kept = await super.renew(...args);
      asked++;
      return kept;
    }
  }
  const buses = new Buses([{ name: 'main', system: 'memory', address: '', open: async () => bus }]);
  await relay({ buses, store: new LosingStore(db.database), leaseMs: 40 }).drain();
  assert.ok(published.length < 10, `${published.length} published`);
  // What it did publish is settled none the less.
  assert.equal(await waiting(), sent.length - published.length);
});

test('a workspace with a hundred thousand messages delays another by no more than a step', async () => {
  broker.ensureTopic('results');
  await db.database.inWorkspace('ws_loud', (tx) =>
    sql`INSERT INTO events.outgoing (workspace_id, bus, topic, id, key, headers, body)
        SELECT 'ws_loud', 'main', 'results', 'loud-' || n, 'key-' || n % 1000, '{}', 'x'::bytea
        FROM generate_series(1, 100000) n`.execute(tx),
  );
  const quiet = message({ key: 'key-7' });
  await enqueue([quiet], 'ws_quiet');
  let steps = 0;
  const bus = new MemoryBus(broker);
  const publish = bus.publish.bind(bus);
  const full = gate();
  bus.publish = (topic, messages) => {
    // It is the third wave at the latest: the loud one has no key twice among its first thousand.
    if (++steps === 3) full.open();
    return publish(topic, messages);
  };
  const buses = new Buses([{ name: 'main', system: 'memory', address: '', open: async () => bus }]);
  const one = relay({ buses });
  one.start();
  await full.opened;
  await one.stop();
  const sent = stored();
  assert.ok(sent.includes(quiet.id), 'it left with the first');
  assert.ok(sent.length <= 2_000, `${sent.length} left before`);
  const loud = sent.filter((id) => id.startsWith('loud-'));
  assert.deepEqual(
    loud,
    loud.toSorted((a, b) => Number(a.slice(5)) - Number(b.slice(5))),
    'in its order',
  );
});

test('more workspaces than a step serves: all are served, by turns, each in its order', async () => {
  broker.ensureTopic('results');
  const workspaces = Array.from({ length: 150 }, (_, index) => `ws_${String(index).padStart(3, '0')}`);
  const all = new Map<string, string[]>();
  for (const workspace of workspaces) {
    const sent = many(30, (index) => ({ key: `key-${index % 2}` }));
    all.set(workspace, ids(sent));
    await enqueue(sent, workspace);
  }
  const whose = new Map([...all].flatMap(([workspace, list]) => list.map((id) => [id, workspace] as const)));
  await relay({ batch: 64 }).drain();
  const sent = stored();
  assert.equal(sent.length, 150 * 30);
  // The first of everybody left before anybody's tenth.
  const counts = new Map<string, number>();
  for (const id of sent) {
    const workspace = whose.get(id)!;
    counts.set(workspace, (counts.get(workspace) ?? 0) + 1);
    if (counts.get(workspace) === 10) break;
  }
  assert.equal(counts.size, 150);
  for (const [workspace, list] of all) {
    for (const key of [0, 1]) {
      const ofKey = (every: readonly string[]) => every.filter((id) => list.indexOf(id) % 2 === key);
      assert.deepEqual(ofKey(sent.filter((id) => whose.get(id) === workspace)), ofKey(list));
    }
  }
});

test('a database that fails after the confirmation is told later, and nothing is sent twice', async () => {
  broker.ensureTopic('results');
  await enqueue(many(5));
  let failures = 2;
  class FlakyStore extends PostgresOutgoingStore {
    override step(...[destination, holder, settled, take]: Parameters<PostgresOutgoingStore['step']>) {
      if (settled.delivered.length > 0) this.#fail();
      return super.step(destination, holder, settled, take);
    }
    override release(...[destination, holder, settled]: Parameters<PostgresOutgoingStore['release']>) {
      if (settled.delivered.length > 0) this.#fail();
      return super.release(destination, holder, settled);
    }
    #fail(): void {
      const definition = { title: '', description: '', retryable: true };
      if (failures-- > 0) throw new UnderstudyError('database_unavailable', definition, 'away');
    }
  }
  const one = relay({ store: new FlakyStore(db.database) });
  await one.drain();
  assert.deepEqual([await waiting(), stored().length], [5, 5]);
  await db.asOwner('UPDATE events.outgoing_lanes SET until = clock_timestamp()');
  clock.advance(60_000);
  await one.drain();
  assert.deepEqual([await waiting(), stored().length], [0, 5]);
});

test('names that no index takes are shortened, the same way each time, and stop nobody', async () => {
  broker.ensureTopic('results');
  const key = 'k'.repeat(5_000);
  const strange = [message({ key }), message({ key }), message({ topic: `\0${'t'.repeat(9_000)}` }), message()];
  await enqueue(strange);
  await relay().drain();
  const [first, second] = broker.stored('results').filter((one) => one.key !== null);
  assert.ok(first!.key!.length <= 200 && first!.key === second!.key);
  assert.deepEqual([stored().length, letters.length, await waiting()], [3, 1, 0]);
});
