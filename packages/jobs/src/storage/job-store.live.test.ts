import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { sql } from 'kysely';
import { exampleJob, jobStoreContract } from '../testing/index.ts';
import { jobsMigrations, PostgresJobStore } from './index.ts';

let db: TestDatabase;
before(async () => {
  db = await createTestDatabase({ migrations: [jobsMigrations] });
});
after(() => db.close());

jobStoreContract('PostgresJobStore', async () => ({
  store: new PostgresJobStore(db.database),
  inWorkspace: (workspace, work) => db.database.inWorkspace(workspace, work),
  // The database's clock cannot be set: everything that happened is moved back instead.
  pass: (milliseconds) =>
    db.database.asSystem(async (tx) => {
      const ago = sql`(${milliseconds}::float8 * interval '1 millisecond')`;
      await sql`UPDATE jobs.jobs SET created_at = created_at - ${ago}, ready_at = ready_at - ${ago},
        lease_until = lease_until - ${ago}, started_at = started_at - ${ago}, finished_at = finished_at - ${ago}`.execute(
        tx,
      );
      await sql`UPDATE jobs.items SET ready_at = ready_at - ${ago}`.execute(tx);
    }),
  clear: async () => void (await db.asOwner('TRUNCATE jobs.jobs, jobs.items')),
}));

const claimOf = (store: PostgresJobStore, limit: number, worker = 'w') =>
  store.claim({ worker, limit, leaseMs: 60_000, concurrency: 100_000, after: '' });

test('workers that claim at once get each job once', async () => {
  await db.asOwner('TRUNCATE jobs.jobs, jobs.items');
  const store = new PostgresJobStore(db.database);
  for (let i = 0; i < 120; i++) await store.accept(exampleJob({ workspace: `ws_${i % 3}` }));
  const claims = await Promise.all(Array.from({ length: 12 }, (_, i) => claimOf(store, 10, `w${i}`)));
  const ids = claims.flat().map(({ id }) => id);
  assert.deepEqual([ids.length, new Set(ids).size], [120, 120]);
});

test('a workspace with very many jobs does not keep another waiting, and a claim does not look at them', async () => {
  await db.asOwner('TRUNCATE jobs.jobs, jobs.items');
  const store = new PostgresJobStore(db.database);
  await db.asOwner(`SELECT set_config('app.workspace', '*', false)`);
  await db.asOwner(`INSERT INTO jobs.jobs (workspace_id, id, task, rank, ready_at, many, total, request, options)
    SELECT 'ws_big', 'job_' || lpad(n::text, 26, '0'), 'one', 4, now() - interval '1 hour', false, 1,
      '{"input":{"text":"x"}}', '{}' FROM generate_series(1, 20000) n`);
  await store.accept(exampleJob({ workspace: 'ws_small' }));
  const claimed = await claimOf(store, 10);
  assert.equal(claimed.length, 10);
  assert.ok(claimed.some(({ workspace }) => workspace === 'ws_small'));
});

test('rows of other workspaces are not seen even by a statement without a filter', async () => {
  await db.asOwner('TRUNCATE jobs.jobs, jobs.items');
  const store = new PostgresJobStore(db.database);
  await store.accept(exampleJob({ workspace: 'ws_mine', many: 2 }));
  const count = (workspace: string) =>
    db.database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql`SELECT 1 FROM jobs.jobs UNION ALL SELECT 1 FROM jobs.items`.execute(tx);
      return rows.length;
    });
  assert.deepEqual([await count('ws_mine'), await count('ws_foreign')], [3, 0]);
});

test('hostile text in a key, a task or an error neither breaks a statement nor is lost', async () => {
  await db.asOwner('TRUNCATE jobs.jobs, jobs.items');
  const store = new PostgresJobStore(db.database);
  const text = `'"); DROP TABLE jobs.jobs; -- \\ {} \u2028 😀`;
  const job = exampleJob({ items: [{ input: { text }, external_id: text }] });
  await store.accept(job);
  const [held] = await claimOf(store, 1);
  assert.deepEqual(held!.request, { input: { text }, external_id: text });
  const error = { code: 'internal_error', detail: `a\0b \ud800 ${text}` };
  const settled = await db.database.inWorkspace('ws_1', (tx) =>
    store.settle(tx, 'ws_1', [{ claim: held!, items: [{ position: 0, end: 'given_up', error }] }]),
  );
  assert.equal(settled[0]!.status, 'failed');
  assert.equal((await store.find('ws_1', job.id))?.error?.detail, `a\uFFFDb \uFFFD ${text}`);
});
