import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { after, before, test } from 'node:test';
import { openDatabase } from '@understudy/database-postgres';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { systemClock } from '@understudy/kernel';
import { seeded } from '@understudy/kernel/testing';
import { Buses, type EventBus, type NewOutgoing, Outgoing, OutgoingRelay } from '../index.ts';
import { eventually } from '../testing/index.ts';
import { eventsMigrations, PostgresOutgoingStore } from './index.ts';

/** Relays in processes of their own, killed with SIGKILL; this process is the broker that they publish to. */
const SEED = Number(process.env.UNDERSTUDY_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31));
const CHILD = 'a relay of its own';
const WS = 'ws_one';
const TOPICS = ['a', 'b'];
const MESSAGES = process.env.UNDERSTUDY_TEST_FULL === '1' ? 6_000 : 600;
const KILLS = process.env.UNDERSTUDY_TEST_FULL === '1' ? 20 : 4;

interface Publishing {
  call: number;
  topic: string;
  messages: { id: string; key: string | null }[];
}

if (process.argv[2] === CHILD) relay(process.argv[3]!);
else tests();

/** What a child does: each publish asks the parent, which confirms it when it likes. */
function relay(url: string): void {
  const { database } = openDatabase({ url, poolSize: 4 });
  const waiting = new Map<number, () => void>();
  let calls = 0;
  process.on('message', (call: number) => waiting.get(call)?.());
  process.on('disconnect', () => process.exit());
  const bus: Pick<EventBus, 'publish'> = {
    async publish(topic, messages) {
      const call = ++calls;
      const confirmed = new Promise<void>((resolve) => waiting.set(call, resolve));
      process.send!({ call, topic, messages: messages.map(({ id, key }) => ({ id, key })) } satisfies Publishing);
      await confirmed;
      waiting.delete(call);
      return messages.map(() => ({ ok: true }));
    },
  };
  const store = new PostgresOutgoingStore(database);
  new OutgoingRelay({
    ...{ database, store, outgoing: new Outgoing({ database, store }), clock: systemClock, batch: 50 },
    buses: new Buses([{ name: 'main', system: 'memory', address: '', open: async () => bus as EventBus }]),
    undeliverable: {
      async put() {
        throw new Error('nothing is undeliverable here');
      },
    },
  }).start();
}

function tests(): void {
  let db: TestDatabase;
  before(async () => {
    db = await createTestDatabase({ migrations: [eventsMigrations] });
  });
  after(() => db.close());

  test(`relays killed ${KILLS} times: another takes over, nothing is lost, each key in order (seed ${SEED})`, {
    timeout: 250_000,
  }, async (t) => {
    const random = seeded(SEED);
    const store = new PostgresOutgoingStore(db.database);
    const outgoing = new Outgoing({ database: db.database, store });
    const sent = Array.from(
      { length: MESSAGES },
      (_, index): NewOutgoing => ({
        ...{ bus: 'main', topic: TOPICS[index % 2]!, id: `m-${index}`, key: `key-${index % 7}` },
        ...{ headers: {}, body: Buffer.from('x') },
      }),
    );
    /** By topic, as the broker took them; and who published last. */
    const stored = new Map<string, { id: string; key: string | null }[]>(TOPICS.map((topic) => [topic, []]));
    const lastBy = new Map<string, ChildProcess>();
    const arrived = new Set<string>();
    const relays = new Set<ChildProcess>();
    const start = () => {
      const child = fork(import.meta.filename, [CHILD, db.url]);
      relays.add(child);
      child.on('message', ({ call, topic, messages }: Publishing) => {
        // A wave that comes in parts: the process may be dead before all of it is here, or before it hears of it.
        stored.get(topic)!.push(...messages);
        for (const { id } of messages) arrived.add(id);
        lastBy.set(topic, child);
        setTimeout(() => child.connected && child.send(call, () => {}), random() * 20);
      });
      return child;
    };
    start();
    start();
    try {
      await db.database.inWorkspace(WS, (tx) => outgoing.enqueue(tx, WS, sent));
      for (let kill = 1; kill <= KILLS; kill++) {
        const at = Math.floor(((kill - random()) / KILLS) * sent.length * 0.8);
        const topic = TOPICS[kill % 2]!;
        await eventually(() => arrived.size >= at);
        // Who holds the topic, as far as it shows; one that has nothing left to do may have lost its relay already.
        const holder = lastBy.get(topic);
        const victim = holder !== undefined && relays.has(holder) ? holder : [...relays][0]!;
        victim.kill('SIGKILL');
        await once(victim, 'exit');
        relays.delete(victim);
        const left = sent.filter((one) => one.topic === topic && !arrived.has(one.id)).length;
        // Nobody else is started before the other one has taken over what the dead one held.
        if (left > 0) {
          await eventually(() => {
            const by = lastBy.get(topic);
            return by !== undefined && relays.has(by);
          });
        }
        start();
      }
      await eventually(async () => (await outgoing.figures()).waiting === 0);
    } finally {
      for (const child of relays) child.kill('SIGKILL');
    }
    for (const topic of TOPICS) {
      const copies = stored.get(topic)!;
      const seen = new Set<string>();
      const first = copies.filter(({ id }) => !seen.has(id) && seen.add(id));
      t.diagnostic(`${topic}: ${copies.length} copies of ${first.length}`);
      for (let key = 0; key < 7; key++) {
        const ofKey = (list: readonly { id: string; key: string | null }[]) =>
          list.filter((one) => one.key === `key-${key}`).map(({ id }) => id);
        assert.deepEqual(ofKey(first), ofKey(sent.filter((one) => one.topic === topic)));
      }
    }
  });
}
