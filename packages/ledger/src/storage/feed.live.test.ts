import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { systemClock, type Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import { type FeedConsumer, type FeedEntry, LedgerFeed } from '../feed.ts';
import { Ledger } from '../ledger.ts';
import { exampleDecision, exampleLabel, exampleReview } from '../testing/example-entries.ts';
import { ledgerMigrations, PostgresFeedCursors, PostgresLedgerStorage } from './index.ts';

let opened: TestDatabase;
before(async () => {
  opened = await createTestDatabase({ migrations: [ledgerMigrations] });
  await new PostgresLedgerStorage(opened.database).ensurePartitions(Date.now(), Date.now());
});
after(() => opened.close());

let workspaces = 0;
function setUp(apply: (tx: Tx, entries: readonly FeedEntry[]) => Promise<void>, options: { batch?: number } = {}) {
  const workspace = `ws_feed_${++workspaces}`;
  const storage = new PostgresLedgerStorage(opened.database);
  const ledger = new Ledger({ storage });
  const consumer: FeedConsumer = {
    name: 'test',
    apply: (tx, from, entries) => (from === workspace ? apply(tx, entries) : Promise.resolve()),
    reset: async () => {},
  };
  const feed = () =>
    new LedgerFeed({
      database: opened.database,
      cursors: new PostgresFeedCursors(opened.database),
      consumers: [consumer],
      clock: systemClock,
      ...options,
    });
  return { workspace, ledger, feed, consumer };
}

const describe = (entry: FeedEntry) =>
  entry.kind === 'decision'
    ? entry.decision.id
    : entry.kind === 'label'
      ? `${entry.label.id} ${entry.decision.id}`
      : entry.kind === 'event'
        ? entry.event.subject
        : entry.decision;

test('every row comes once, in the order of the log, labels with the decision that they are about', async () => {
  const seen: string[] = [];
  const { workspace, ledger, feed } = setUp(async (_tx, entries) => void seen.push(...entries.map(describe)), {
    batch: 3,
  });
  const decisions = Array.from({ length: 8 }, (_, i) => exampleReview(workspace, Date.now() + i));
  await ledger.appendAll(decisions.slice(0, 5));
  for (const decision of decisions.slice(5)) await ledger.append(decision);
  await feed().catchUp(workspace);
  assert.deepEqual(
    seen,
    decisions.map(({ id }) => id),
  );
  const label = exampleLabel(workspace, Date.now(), decisions[2]!.id, {
    source: 'reviewer',
    probability: 1,
    seconds: 4,
  });
  await ledger.append(label);
  await ledger.append({
    kind: 'erasure',
    workspace,
    id: ledger.newId('erasure'),
    decision: decisions[1]!.id,
    reason: 'asked',
    principal: 'key_1',
  });
  await feed().catchUp(workspace);
  assert.deepEqual(seen.slice(8), [`${label.id} ${decisions[2]!.id}`, decisions[1]!.id]);
  await feed().catchUp(workspace);
  assert.equal(seen.length, 10);
});

test('what a consumer wrote and its place in the log are one: a failure repeats neither and loses neither', async () => {
  await opened.asOwner('CREATE TABLE ledger.feed_test (workspace_id text, id text PRIMARY KEY)');
  await opened.asOwner('GRANT ALL ON ledger.feed_test TO understudy_app');
  let fail = true;
  const { workspace, ledger, feed } = setUp(
    async (tx, entries) => {
      for (const entry of entries) {
        await sql`INSERT INTO ledger.feed_test VALUES (${workspace}, ${describe(entry)})`.execute(tx);
      }
      if (fail && entries.length > 0) throw new Error('the consumer fails after writing');
    },
    { batch: 2 },
  );
  const decisions = Array.from({ length: 5 }, (_, i) => exampleDecision(workspace, Date.now() + i));
  for (const decision of decisions) await ledger.append(decision);
  await assert.rejects(feed().catchUp(workspace), /fails after writing/);
  fail = false;
  // Three processes at once share the work.
  await Promise.all([feed(), feed(), feed()].map((one) => one.catchUp(workspace)));
  const rows = await opened.database.inWorkspace(workspace, (tx) =>
    sql<{ id: string }>`SELECT id FROM ledger.feed_test WHERE workspace_id = ${workspace} ORDER BY id`.execute(tx),
  );
  assert.deepEqual(
    rows.rows.map(({ id }) => id),
    decisions.map(({ id }) => id),
  );
});

test('a running feed applies what is appended, and rebuilding begins again from the first row', async () => {
  const seen: string[] = [];
  const { workspace, ledger, feed } = setUp(async (_tx, entries) => void seen.push(...entries.map(describe)));
  const running = feed();
  running.start();
  const decision = exampleDecision(workspace, Date.now());
  await ledger.append(decision);
  running.nudge();
  for (const deadline = Date.now() + 10_000; seen.length === 0 && Date.now() < deadline; ) {
    await new Promise((done) => setTimeout(done, 5));
  }
  await running.stop();
  assert.deepEqual(seen, [decision.id]);
  await feed().rebuild('test', workspace);
  assert.deepEqual(seen, [decision.id, decision.id]);
});

test('consumers at one place share a transaction; one that fails holds nobody up and repeats nothing', async () => {
  await opened.asOwner(
    'CREATE TABLE ledger.feed_shared (workspace_id text, consumer text, id text, UNIQUE (consumer, id))',
  );
  await opened.asOwner('GRANT ALL ON ledger.feed_shared TO understudy_app');
  const workspace = `ws_feed_${++workspaces}`;
  let failures = 0;
  const consumer = (name: string, fail: () => boolean): FeedConsumer => ({
    name,
    async apply(tx, from, entries) {
      if (from !== workspace) return;
      for (const entry of entries) {
        await sql`INSERT INTO ledger.feed_shared VALUES (${from}, ${name}, ${describe(entry)})`.execute(tx);
      }
      if (!fail()) return;
      failures++;
      throw new Error('it fails after writing');
    },
  });
  let broken = true;
  let transactions = 0;
  const { database } = opened;
  const counting: typeof database = {
    ...database,
    inWorkspace: (of, work, options) => {
      if (of === workspace) transactions++;
      return database.inWorkspace(of, work, options);
    },
  };
  const feed = new LedgerFeed({
    ...{ database: counting, cursors: new PostgresFeedCursors(database), clock: systemClock },
    consumers: [consumer('one', () => false), consumer('two', () => false), consumer('bad', () => broken)],
    everyMs: 20,
  });
  const ledger = new Ledger({ storage: new PostgresLedgerStorage(database) });
  const rows = async () => {
    const found = await database.inWorkspace(workspace, (tx) =>
      sql<{ consumer: string; n: number }>`SELECT consumer, count(*)::int AS n FROM ledger.feed_shared
        GROUP BY consumer ORDER BY consumer`.execute(tx),
    );
    return Object.fromEntries(found.rows.map(({ consumer: name, n }) => [name, n]));
  };
  const reach = async (expected: Record<string, number>) => {
    for (const deadline = Date.now() + 10_000; Date.now() < deadline; ) {
      if (JSON.stringify(await rows()) === JSON.stringify(expected)) return;
      await new Promise((done) => setTimeout(done, 10));
    }
    assert.deepEqual(await rows(), expected);
  };
  for (let i = 0; i < 3; i++) await ledger.append(exampleDecision(workspace, Date.now() + i));
  feed.start();
  try {
    await reach({ one: 3, two: 3 });
    for (let i = 3; i < 5; i++) await ledger.append(exampleDecision(workspace, Date.now() + i));
    await reach({ one: 5, two: 5 });
    assert.ok(failures >= 2, 'together, and alone');
    broken = false;
    await reach({ bad: 5, one: 5, two: 5 });
    await feed.stop();
    transactions = 0;
    await ledger.append(exampleDecision(workspace, Date.now() + 5));
    feed.start();
    await reach({ bad: 6, one: 6, two: 6 });
    assert.equal(transactions, 1);
  } finally {
    await feed.stop();
  }
});
