import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { systemClock } from '@understudy/kernel';
import { DecisionHistory } from '../decision-history.ts';
import { echoWatch } from '../echo.ts';
import { LedgerFeed } from '../feed.ts';
import { Ledger } from '../ledger.ts';
import { exampleReview } from '../testing/example-entries.ts';
import { ledgerMigrations, PostgresEchoStore, PostgresFeedCursors, PostgresLedgerStorage } from './index.ts';

let opened: TestDatabase;
before(async () => {
  opened = await createTestDatabase({ migrations: [ledgerMigrations] });
  await new PostgresLedgerStorage(opened.database).ensurePartitions(Date.now(), Date.now());
});
after(() => opened.close());

test('the evidence follows the labels, and is the same after a rebuild', async () => {
  const workspace = 'ws_echo';
  const storage = new PostgresLedgerStorage(opened.database);
  const ledger = new Ledger({ storage });
  const echoes = new PostgresEchoStore(opened.database);
  const feed = new LedgerFeed({
    database: opened.database,
    cursors: new PostgresFeedCursors(opened.database),
    consumers: [echoWatch(echoes)],
    clock: systemClock,
  });
  const history = new DecisionHistory({ storage, ledger, echoes, rules: { allows: async () => true } });
  const suggestion = { label: 'ok', confidence: 0.5 };
  const decisions = Array.from({ length: 120 }, (_, i) =>
    exampleReview(workspace, Date.now() + i, { suggestion, confidence: 0.5 }),
  );
  await ledger.appendAll(decisions);
  const label = (n: number, name: string, principal: string) =>
    history.addLabel(workspace, decisions[n]!.id, { label: name, source: 'application', principal, person: 'u' });
  for (let n = 0; n < 100; n++) await label(n, 'ok', 'key_copier');
  for (let n = 0; n < 100; n++) await label(n, n % 3 === 0 ? 'spam' : 'ok', 'key_person');
  await feed.catchUp(workspace);

  const before = await echoes.list(workspace);
  assert.deepEqual(
    before.map(({ principal, labels, agreed, alwaysAgrees }) => [principal, labels, agreed, alwaysAgrees]),
    [
      ['key_copier', 100, 100, true],
      ['key_person', 100, 66, false],
    ],
  );
  assert.equal((await label(110, 'ok', 'key_copier')).echo, true);
  assert.equal((await label(110, 'spam', 'key_copier')).echo, false);
  assert.equal((await label(110, 'ok', 'key_person')).echo, false);
  assert.equal((await echoes.of('ws_other', 'key_copier')).alwaysAgrees, false);

  await feed.catchUp(workspace);
  const now = await echoes.list(workspace);
  await feed.rebuild('echo', workspace);
  assert.deepEqual(await echoes.list(workspace), now);
});
