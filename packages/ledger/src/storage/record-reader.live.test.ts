import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { Ledger } from '../ledger.ts';
import { recordStream, STREAM_FROM, STREAM_TO } from '../testing/rollup-stream.ts';
import { ScanningRecordReader } from '../testing/scanning-record-reader.ts';
import { ledgerMigrations, PostgresLedgerStorage, PostgresRecordReader } from './index.ts';

const WS = 'ws_records';
let db: TestDatabase;
let storage: PostgresLedgerStorage;
let reader: PostgresRecordReader;
let slow: ScanningRecordReader;
let size: number;

before(async () => {
  db = await createTestDatabase({ migrations: [ledgerMigrations] });
  storage = new PostgresLedgerStorage(db.database);
  reader = new PostgresRecordReader(db.database);
  slow = new ScanningRecordReader(storage);
  await storage.ensurePartitions(STREAM_FROM, STREAM_TO);
  const ledger = new Ledger({ storage });
  await recordStream(ledger, WS);
  await recordStream(ledger, 'ws_bystander');
  size = (await storage.head(WS)).size;
});
after(() => db.close());

test('the first decision, of all tasks and of one', async () => {
  for (const which of [{}, { task: 'task-a' }, { task: 'task-b' }, { task: 'task-none' }]) {
    assert.equal(await reader.firstDecision(WS, which), await slow.firstDecision(WS, which), JSON.stringify(which));
  }
  assert.equal(await reader.firstDecision('ws_nobody', {}), null);
});

test('the rows of neighbouring commits, in the order of the log', async () => {
  const commits = await storage.commits(WS, 3, 9);
  const rows = await reader.ofCommits(WS, commits);
  assert.deepEqual(rows, await slow.ofCommits(WS, commits));
  assert.equal(
    rows.length,
    commits.reduce((sum, { entries }) => sum + entries, 0),
  );
  assert.deepEqual(await reader.ofCommits(WS, []), []);
});

test('decisions of a task and a window, page by page, and up to a size of the log', async () => {
  const spans = [
    { task: 'task-a', from: STREAM_FROM, to: STREAM_TO, size },
    { task: 'task-b', from: STREAM_FROM + 86_400_000, to: STREAM_TO - 86_400_000, size: size - 5 },
  ];
  for (const span of spans) {
    const all = await slow.decisions(WS, span, { after: '', limit: 10_000, payload: true });
    assert.ok(all.length > 50);
    assert.equal(await reader.countDecisions(WS, span), all.length);
    const paged: typeof all = [];
    for (let from = ''; ; from = paged.at(-1)!.id) {
      const page = await reader.decisions(WS, span, { after: from, limit: 37, payload: true });
      paged.push(...page);
      if (page.length < 37) break;
    }
    assert.deepEqual(paged, all);
    const bare = await reader.decisions(WS, span, { after: '', limit: 5, payload: false });
    assert.deepEqual(
      bare.map(({ payload, erased }) => [payload, erased]),
      Array.from({ length: 5 }, () => [null, false]),
    );
    const range = { first: all[0]!.id, last: all.at(-1)!.id, size: span.size };
    const verdicts = await slow.verdicts(WS, range);
    assert.ok(verdicts.some(({ seconds }) => seconds !== null) && verdicts.length > 10);
    assert.deepEqual(await reader.verdicts(WS, range), verdicts);
  }
});
