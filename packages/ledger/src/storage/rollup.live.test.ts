import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { newId, systemClock } from '@understudy/kernel';
import { sql } from 'kysely';
import { LedgerFeed } from '../feed.ts';
import { Ledger } from '../ledger.ts';
import { LedgerFigures } from '../rollup/ledger-figures.ts';
import { Rollup } from '../rollup/rollup.ts';
import { rollupStorageContract } from '../testing/rollup-storage.contract.ts';
import { recordStream, referenceFigures, STREAM_FROM, STREAM_TO } from '../testing/rollup-stream.ts';
import { ledgerMigrations, PostgresFeedCursors, PostgresLedgerStorage, PostgresRollupStorage } from './index.ts';

const DRAWN = (decision: string) => decision.charCodeAt(29) % 2 === 0;

/** The clock of the rollup. */
let now = STREAM_FROM;
let db: TestDatabase;
let ledger: Ledger;
let storage: PostgresLedgerStorage;
let rollup: PostgresRollupStorage;
const feedOf = (batch: number) =>
  new LedgerFeed({
    database: db.database,
    cursors: new PostgresFeedCursors(db.database),
    consumers: [new Rollup({ storage: rollup, draw: async () => DRAWN, clock: { now: () => now } })],
    clock: systemClock,
    batch,
  });
before(async () => {
  db = await createTestDatabase({ migrations: [ledgerMigrations] });
  storage = new PostgresLedgerStorage(db.database);
  ledger = new Ledger({ storage });
  rollup = new PostgresRollupStorage(db.database);
  await ledger.maintain();
});
after(() => db.close());

rollupStorageContract('PostgresRollupStorage', async () => ({ storage: rollup, database: db.database }));

const QUERY = { from: STREAM_FROM, to: STREAM_TO };
const shapes = [
  { ...QUERY, bucket: 'total' as const, detail: 'full' as const },
  { ...QUERY, bucket: 'month' as const, perTask: true },
  { ...QUERY, bucket: 'week' as const, perVersion: true },
  { ...QUERY, bucket: 'day' as const, perTask: true, perVersion: true, detail: 'full' as const },
  { from: STREAM_FROM + 5 * 3_600_000, to: STREAM_FROM + 90 * 3_600_000, bucket: 'hour' as const, task: 'task-a' },
  {
    from: STREAM_FROM + 5 * 3_600_000,
    to: STREAM_TO - 7 * 3_600_000,
    bucket: 'total' as const,
    task: 'task-b',
    detail: 'full' as const,
  },
];

test('figures are what counting the rows one by one gives, over every window and grouping', async () => {
  const entries = await recordStream(ledger, 'ws_figures');
  await feedOf(37).catchUp();
  const reader = new LedgerFigures(rollup);
  for (const query of shapes) {
    const { figures, evidence } = await reader.read('ws_figures', query);
    assert.deepEqual(figures, referenceFigures(entries, query, DRAWN), JSON.stringify(query));
    assert.equal(evidence.ledgerSize, (await storage.head('ws_figures')).size);
  }
  assert.ok((await reader.read('ws_figures', shapes[0]!)).figures[0]!.audited > 0);
});

test('dropped and rebuilt in other batches, every figure is identical', async () => {
  await recordStream(ledger, 'ws_rebuild');
  await recordStream(ledger, 'ws_bystander');
  await feedOf(500).catchUp();
  const reader = new LedgerFigures(rollup);
  const everything = (workspace: string) => Promise.all(shapes.map((query) => reader.read(workspace, query)));
  const before = await everything('ws_rebuild');
  const bystander = await everything('ws_bystander');
  await db.asOwner(`DELETE FROM ledger.rollup WHERE workspace_id = 'ws_rebuild' AND n > 1`);
  await feedOf(11).rebuild('rollup', 'ws_rebuild');
  assert.deepEqual(await everything('ws_rebuild'), before);
  assert.deepEqual(await everything('ws_bystander'), bystander);
});

test('erasing personal data changes no figure, now or rebuilt: that a person spoke outlives who it was', async () => {
  const workspace = 'ws_erased';
  const entries = await recordStream(ledger, workspace);
  await feedOf(500).catchUp(workspace);
  const reader = new LedgerFigures(rollup);
  const everything = async () => {
    const all = await Promise.all(shapes.map((query) => reader.read(workspace, query)));
    return all.map(({ figures }) => figures);
  };
  const before = await everything();
  const decisions = entries.filter(({ kind }) => kind === 'decision');
  await ledger.appendAll(
    decisions.map(({ id }) => ({
      kind: 'erasure' as const,
      workspace,
      id: newId('era', STREAM_TO),
      decision: id,
      reason: 'asked for',
      principal: 'key_1',
    })),
  );
  await feedOf(500).catchUp(workspace);
  assert.deepEqual(await everything(), before);
  await feedOf(500).rebuild('rollup', workspace);
  assert.deepEqual(await everything(), before);
});

test('the latest hours by minute and by ten seconds agree with their hours, whenever they were counted', async () => {
  const workspace = 'ws_minutes';
  const noon = STREAM_FROM + 12 * 3_600_000;
  const window = { from: noon - 3 * 3_600_000, to: noon };
  const entries = await recordStream(ledger, workspace, { from: window.from - 20 * 3_600_000, to: noon - 600_000 });
  const fine = (['minute', 'ten_seconds'] as const).flatMap((bucket) => [
    { ...window, bucket, perTask: true, perVersion: true },
    { from: noon - 3_600_000, to: noon - 60_000, bucket },
  ]);
  const reader = new LedgerFigures(rollup);
  now = noon;
  await feedOf(37).catchUp(workspace);
  const read = async () => {
    for (const query of fine) {
      const { figures } = await reader.read(workspace, query);
      assert.ok(figures.length > 1, JSON.stringify(query));
      assert.deepEqual(figures, referenceFigures(entries, query, DRAWN), JSON.stringify(query));
    }
    const decisions = async (bucket: 'minute' | 'ten_seconds' | 'hour') => {
      const { figures } = await reader.read(workspace, { ...window, bucket });
      return figures.reduce((sum, one) => sum + one.decisions, 0);
    };
    assert.equal(await decisions('minute'), await decisions('hour'));
    assert.equal(await decisions('ten_seconds'), await decisions('hour'));
  };
  await read();
  await feedOf(11).rebuild('rollup', workspace);
  await read();
  // Counted a day later they are past; the hours stay.
  now = noon + 86_400_000;
  await feedOf(500).rebuild('rollup', workspace);
  assert.deepEqual((await reader.read(workspace, fine[0]!)).figures, []);
  assert.ok((await reader.read(workspace, { ...window, bucket: 'hour' })).figures.length > 0);
  await assert.rejects(reader.read(workspace, { ...window, bucket: 'minute', detail: 'full' }), RangeError);
  now = STREAM_FROM;
});

test('an empty workspace and an empty window have no figures', async () => {
  const reader = new LedgerFigures(rollup);
  const nothing = await reader.read('ws_nobody', shapes[0]!);
  assert.deepEqual(nothing, { figures: [], evidence: { from: STREAM_FROM, to: STREAM_TO, ledgerSize: 0 } });
  const inverted = await reader.read('ws_figures', { from: STREAM_TO, to: STREAM_FROM, bucket: 'day' });
  assert.deepEqual(inverted.figures, []);
});

test('counters of another workspace are out of reach without a filter', async () => {
  for (const table of ['ledger.rollup', 'ledger.rollup_known']) {
    const { rows } = await db.database.inWorkspace('ws_figures', (tx) =>
      sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM ${sql.table(table)}`.execute(tx),
    );
    assert.deepEqual(rows, [{ workspace_id: 'ws_figures' }], table);
  }
});
