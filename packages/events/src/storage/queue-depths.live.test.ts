import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { newId } from '@understudy/kernel';
import { sql } from 'kysely';
import { eventsMigrations, foldQueueDepths, PostgresDeliveryStore, PostgresOutgoingStore } from './index.ts';

const WORKSPACES = ['ws_a', 'ws_b', 'ws_c'];
let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [eventsMigrations], poolSize: 12 });
});
after(() => db.close());

/** Where counts that are kept and a full count differ, both of one snapshot. */
async function differences(): Promise<unknown[]> {
  return db.database.asSystem(async (tx) => {
    const { rows } = await sql`
      WITH kept AS (
        SELECT workspace_id, figure, sum(n) AS n FROM (
          SELECT * FROM events.queue_counts UNION ALL SELECT * FROM events.queue_changes) c
        GROUP BY 1, 2 HAVING sum(n) <> 0),
      counted AS (
        SELECT workspace_id, 'outgoing' AS figure, count(*) AS n FROM events.outgoing GROUP BY 1
        UNION ALL
        SELECT workspace_id, 'deliveries', count(*) FROM events.deliveries WHERE status = 'waiting' GROUP BY 1)
      SELECT workspace_id, figure, kept.n AS kept, counted.n AS counted
      FROM kept FULL JOIN counted USING (workspace_id, figure) WHERE kept.n IS DISTINCT FROM counted.n`.execute(tx);
    return rows;
  });
}

/** One thing that happens to messages and deliveries, by number. */
async function act(number: number): Promise<void> {
  const workspace = WORKSPACES[number % 3]!;
  const outgoing = new PostgresOutgoingStore(db.database);
  await db.database.inWorkspace(workspace, async (tx) => {
    const count = 1 + (number % 4);
    if (number % 7 < 3) {
      const messages = Array.from({ length: count }, (_, index) => ({
        ...{ bus: 'main', topic: 't', id: `${number}-${index}`, key: null, headers: {}, body: Buffer.from('x') },
      }));
      await outgoing.insert(tx, workspace, messages);
      for (let index = 0; index < count; index++) {
        await sql`INSERT INTO events.deliveries (workspace_id, id, target, url, event, type, subject, next_at, give_up_at,
            created_at)
          VALUES (${workspace}, ${newId('dlv', Date.now())}, 'http://x', 'http://x', ${`e${number}`}, 'job.finished', 's',
            now(), now(), now())`.execute(tx);
      }
    } else if (number % 7 === 3) {
      await sql`DELETE FROM events.outgoing WHERE seq IN (SELECT seq FROM events.outgoing LIMIT ${count})`.execute(tx);
    } else if (number % 7 === 4) {
      const status = number % 2 === 0 ? 'delivered' : 'waiting';
      await sql`UPDATE events.deliveries SET status = ${status} WHERE id IN (
        SELECT id FROM events.deliveries ORDER BY id LIMIT ${count} FOR UPDATE SKIP LOCKED)`.execute(tx);
    } else if (number % 7 === 5) {
      await sql`DELETE FROM events.deliveries WHERE id IN (
        SELECT id FROM events.deliveries ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED)`.execute(tx);
    }
  });
  if (number % 7 === 6) await foldQueueDepths(db.database);
}

test('the counts that are kept are those of a full count, in every snapshot, whatever happens at once', async () => {
  let working = true;
  const crowd = [1, 2, 3, 4].map(async (start) => {
    for (let number = start; number < 200; number += 4) await act(number);
  });
  const done = Promise.all(crowd).finally(() => {
    working = false;
  });
  let looks = 0;
  for (; working; looks++) assert.deepEqual(await differences(), []);
  await done;
  assert.ok(looks > 3, `${looks} looks`);
  const [row] = await db.asOwner<{ messages: number; deliveries: number }>(
    `SELECT (SELECT count(*)::int FROM events.outgoing) AS messages,
       (SELECT count(*)::int FROM events.deliveries WHERE status = 'waiting') AS deliveries
     FROM set_config('app.workspace', '*', false)`,
  );
  assert.ok(row!.messages > 0 && row!.deliveries > 0);
  const figures = async () => [
    (await new PostgresOutgoingStore(db.database).figures()).waiting,
    (await new PostgresDeliveryStore(db.database).figures(Date.now())).waiting,
  ];
  assert.deepEqual(await figures(), [row!.messages, row!.deliveries]);
  await foldQueueDepths(db.database);
  assert.deepEqual(await figures(), [row!.messages, row!.deliveries]);
  assert.deepEqual(await db.asOwner('SELECT 1 FROM events.queue_changes'), []);
  await db.asOwner('TRUNCATE events.outgoing');
  await db.asOwner('TRUNCATE events.deliveries CASCADE');
  assert.deepEqual([await figures(), await differences()], [[0, 0], []]);
});
