import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import type { Batch, IncomingMessage, OutgoingMessage } from '@understudy/events';
import { eventually } from '@understudy/events/testing';
import { isUnderstudyError } from '@understudy/kernel';
import { seeded } from '@understudy/kernel/testing';
import { openPostgresBus } from './index.ts';
import { busMigrations } from './storage/index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [busMigrations] });
});
after(() => db.close());

for (const seed of [11, 12]) {
  test(`connections cut, handlers that fail, consumers that come and go: nothing lost, keys in order (seed ${seed})`, async () => {
    const random = seeded(seed);
    const buses = [1, 2, 3].map(() => openPostgresBus({ database: db.database, listen: db.listen, leaseMs: 400 }));
    const topic = `faults.${seed}`;
    await buses[0]!.ensureTopic(topic);
    const seen = new Map<string, IncomingMessage>();
    const handler = async (batch: Batch) => {
      if (random() < 0.1) throw new Error('now and then');
      if (random() < 0.1) {
        // From one message on, with everything of its key behind it.
        const first = Math.floor(random() * batch.messages.length);
        const { key } = batch.messages[first]!;
        const retry = batch.messages.flatMap((one, index) => (one.key === key && index >= first ? [index] : []));
        for (const [index, one] of batch.messages.entries()) if (!retry.includes(index)) note(one);
        return { retry, afterMs: 10 };
      }
      for (const one of batch.messages) note(one);
      return undefined;
    };
    const note = (one: IncomingMessage) => {
      if (!seen.has(one.id!)) seen.set(one.id!, one);
    };
    const consume = (index: number) => buses[index]!.consume({ topic, group: 'g', batch: 13 }, handler);
    const subscriptions = [0, 1, 2].map(consume);
    const sent: OutgoingMessage[] = [];
    for (let round = 0; round < 15; round++) {
      const some = Array.from({ length: 40 }, (_, index) => {
        const id = `${seed}-${round}-${index}`;
        return { id, key: `key-${index % 11}`, headers: {}, body: Buffer.from(id) };
      });
      sent.push(...some);
      let open = true;
      await eventually(async () => {
        try {
          open = (await buses[0]!.publish(topic, some)).some(({ ok }) => !ok);
        } catch (error) {
          assert.ok(isUnderstudyError(error) && error.retryable, String(error));
        }
        return !open;
      });
      if (random() < 0.4) {
        await db.asOwner(
          `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
           WHERE datname = current_database() AND pid <> pg_backend_pid() AND random() < 0.3`,
        );
      }
      if (random() < 0.2) {
        const which = Math.floor(random() * 3);
        await subscriptions[which]!.close();
        subscriptions[which] = consume(which);
      }
    }
    await eventually(() => sent.every(({ id }) => seen.has(id)));
    await eventually(async () => (await subscriptions[0]!.lag().catch(() => null)) === 0);
    await Promise.all(buses.map((bus) => bus.close()));
    assert.equal(seen.size, sent.length, 'no phantom');
    const byKey = Map.groupBy([...seen.values()], ({ key }) => key!);
    for (const [key, list] of byKey) {
      const wanted = sent.filter((one) => one.key === key).map(({ id }) => id);
      assert.deepEqual(
        list.map(({ id }) => id),
        wanted,
        `${key} in order`,
      );
    }
  });
}
