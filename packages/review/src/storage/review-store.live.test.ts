import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { sql } from 'kysely';
import { exampleItem, reviewStoreContract } from '../testing/index.ts';
import { PostgresReviewStore, reviewMigrations } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [reviewMigrations] });
});
after(() => db.close());

reviewStoreContract('PostgresReviewStore', async () => {
  const { database } = db;
  const store = new PostgresReviewStore(database);
  return {
    store,
    apply: (workspace, changes) => database.inWorkspace(workspace, (tx) => store.apply(tx, workspace, changes)),
    // The database's clock cannot be set: everything that happened is moved back instead.
    pass: (workspace, seconds) =>
      database.inWorkspace(workspace, async (tx) => {
        const ago = sql`make_interval(secs => ${seconds})`;
        await sql`UPDATE review.items SET claim_at = claim_at - ${ago}, claim_until = claim_until - ${ago},
          skipped_at = skipped_at - ${ago}, answered_at = answered_at - ${ago}`.execute(tx);
        await sql`UPDATE review.verdicts SET at = at - ${ago}`.execute(tx);
        await sql`UPDATE review.handbacks SET at = at - ${ago}`.execute(tx);
      }),
  };
});

test('text that the database cannot hold does not stop the feed', async () => {
  const { database } = db;
  const store = new PostgresReviewStore(database);
  const item = exampleItem({ input: { text: 'a\0b \ud800 \\u0000' } });
  await database.inWorkspace('ws_text', (tx) => store.apply(tx, 'ws_text', [{ change: 'add', item }]));
  assert.deepEqual((await store.find('ws_text', item.id))?.input, { text: 'a\uFFFDb \uFFFD \\u0000' });
});

test('rows of other workspaces are not seen even by a statement without a filter', async () => {
  const { database } = db;
  const store = new PostgresReviewStore(database);
  await database.inWorkspace('ws_mine', (tx) => store.apply(tx, 'ws_mine', [{ change: 'add', item: exampleItem() }]));
  const count = (workspace: string) =>
    database.inWorkspace(workspace, async (tx) => (await sql`SELECT 1 FROM review.items`.execute(tx)).rows.length);
  assert.deepEqual([await count('ws_mine'), await count('ws_foreign')], [1, 0]);
});
