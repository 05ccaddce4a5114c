import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { newId } from '@understudy/kernel';
import { sql } from 'kysely';
import { keyFloor } from '../entry-id.ts';
import { Ledger } from '../ledger.ts';
import { exampleDecision, exampleLabel } from '../testing/example-entries.ts';
import { verifyLedger } from '../verification/verify-ledger.ts';
import { ledgerMigrations, PostgresLedgerStorage } from './index.ts';

let db: TestDatabase;
let storage: PostgresLedgerStorage;
let ledger: Ledger;
before(async () => {
  db = await createTestDatabase({ migrations: [ledgerMigrations] });
  storage = new PostgresLedgerStorage(db.database);
  ledger = new Ledger({ storage });
  await ledger.maintain();
});
after(() => db.close());

const TABLES = ['heads', 'commits', 'decisions', 'annotations', 'idempotency'];

test('the application can neither change nor remove nor forge a row, not even as the system', async () => {
  const entry = exampleDecision('ws_rights', Date.now());
  await ledger.append(entry);
  for (const table of [...TABLES, 'decisions_default']) {
    const name = sql.table(`ledger.${table}`);
    const statements = [
      sql`UPDATE ${name} SET workspace_id = 'ws_other'`,
      sql`DELETE FROM ${name}`,
      sql`TRUNCATE ${name}`,
      sql`INSERT INTO ${name} (workspace_id) VALUES ('ws_rights')`,
    ];
    for (const statement of statements) {
      await assert.rejects(
        db.database.asSystem((tx) => statement.execute(tx)),
        /permission denied/,
      );
    }
  }
  const partitions = await db.asOwner<{ name: string }>(
    `SELECT inhrelid::regclass::text AS name FROM pg_inherits WHERE inhparent = 'ledger.decisions'::regclass`,
  );
  assert.ok(partitions.length >= 3);
  for (const { name } of partitions) {
    await assert.rejects(
      db.database.asSystem((tx) => sql`SELECT FROM ${sql.table(name)}`.execute(tx)),
      /permission denied/,
    );
  }
});

test('a query without a tenant filter sees its own workspace only', async () => {
  for (const workspace of ['ws_mine', 'ws_theirs']) {
    const entry = exampleDecision(workspace, Date.now());
    await ledger.append(entry, { keyHash: 'k', requestHash: 'r', response: '{}' });
    await ledger.append(exampleLabel(workspace, Date.now(), entry.id));
  }
  for (const table of TABLES) {
    const { rows } = await db.database.inWorkspace('ws_mine', (tx) =>
      sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM ${sql.table(`ledger.${table}`)}`.execute(tx),
    );
    assert.deepEqual(rows, [{ workspace_id: 'ws_mine' }], table);
  }
});

test('appending leaves the connection without a scope', async () => {
  await ledger.append(exampleDecision('ws_scope', Date.now()));
  const rows = await db.database.prepared<{ scope: string | null; seen: string }>(
    'scope_after',
    `SELECT current_setting('app.workspace', true) AS scope, (SELECT count(*) FROM ledger.decisions) AS seen`,
    [],
  );
  assert.ok(rows[0]!.scope === null || rows[0]!.scope === '');
  assert.equal(rows[0]!.seen, '0');
});

test('rows go to the partition of their month; those that came before it was made move into it', async () => {
  const workspace = 'ws_months';
  const may = Date.UTC(2031, 4, 31, 23, 59, 59, 999);
  const june = Date.UTC(2031, 5, 1);
  for (const at of [may, june, june + 1]) await ledger.append(exampleDecision(workspace, at));
  const where = () =>
    db.asOwner<{ partition: string; rows: string }>(
      `SELECT tableoid::regclass::text AS partition, count(*) AS rows FROM ledger.decisions
        WHERE workspace_id = $1 GROUP BY 1 ORDER BY 1`,
      [workspace],
    );
  assert.deepEqual(await where(), [{ partition: 'ledger.decisions_default', rows: '3' }]);
  assert.deepEqual(await storage.ensurePartitions(may, june), ['decisions_2031_05', 'decisions_2031_06']);
  assert.deepEqual(await storage.ensurePartitions(may, june), []);
  const apart = [
    { partition: 'ledger.decisions_2031_05', rows: '1' },
    { partition: 'ledger.decisions_2031_06', rows: '2' },
  ];
  assert.deepEqual(await where(), apart);
  assert.ok((await verifyLedger(storage, workspace)).ok);
  assert.equal((await storage.list(workspace, { from: june }, { limit: 10, before: null })).rows.length, 2);
  const [floor] = await db.asOwner<{ id: string }>(`SELECT ledger.decision_id_floor('2031-06-01T00:00:00Z') AS id`);
  assert.equal(floor!.id, `dec_${keyFloor(june)}`);
  assert.ok(newId('dec', june).startsWith(floor!.id));
});

test('looking a decision up by its id reads one partition', async () => {
  const { rows } = await db.database.inWorkspace('ws_rights', (tx) =>
    sql<{ 'QUERY PLAN': string }>`EXPLAIN SELECT * FROM ledger.decisions
      WHERE workspace_id = 'ws_rights' AND id = ${newId('dec', Date.now())}`.execute(tx),
  );
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n');
  assert.equal(plan.match(/ on decisions/g)?.length, 1, plan);
});

test('a key expires after 24 hours, for look-ups, for its next use and from the table', async () => {
  const workspace = 'ws_expiry';
  const kept = (response: string) => ({ keyHash: 'k', requestHash: 'r', response });
  await ledger.append(exampleDecision(workspace, Date.now()), kept('first'));
  const age = (interval: string) =>
    db.asOwner('UPDATE ledger.idempotency SET created_at = now() - $2::interval WHERE workspace_id = $1', [
      workspace,
      interval,
    ]);
  await age('23 hours 59 minutes');
  assert.equal((await ledger.findIdempotent(workspace, 'k'))?.response, 'first');
  await age('24 hours 1 minute');
  assert.equal(await ledger.findIdempotent(workspace, 'k'), undefined);
  assert.equal((await ledger.append(exampleDecision(workspace, Date.now()), kept('second'))).replayed, false);
  assert.equal((await ledger.findIdempotent(workspace, 'k'))?.response, 'second');
  await age('25 hours');
  assert.equal((await ledger.maintain()).expiredKeys, 1);
});

test('two ledgers that write one workspace at once keep one valid chain', async () => {
  const workspace = 'ws_two';
  const writers = [new Ledger({ storage }), new Ledger({ storage })];
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      for (let n = 0; n < 10; n++) await writers[i % 2]!.append(exampleDecision(workspace, Date.now()));
    }),
  );
  const report = await verifyLedger(storage, workspace);
  assert.deepEqual([report.ok, report.entries], [true, 400]);
});
