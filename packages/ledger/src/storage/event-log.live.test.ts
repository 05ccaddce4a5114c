import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { systemClock } from '@understudy/kernel';
import { EventLog } from '../event-log.ts';
import { LedgerEventSink } from '../event-sink.ts';
import { Ledger } from '../ledger.ts';
import { exampleDecision, exampleLabel } from '../testing/example-entries.ts';
import { verifyLedger } from '../verification/verify-ledger.ts';
import { ledgerMigrations, PostgresFeedCursors, PostgresLedgerStorage } from './index.ts';

let opened: TestDatabase;
before(async () => {
  opened = await createTestDatabase({ migrations: [ledgerMigrations] });
});
after(() => opened.close());

test('events come in order, a page at a time, each once, and none of another workspace', async () => {
  const storage = new PostgresLedgerStorage(opened.database);
  const ledger = new Ledger({ storage });
  const sink = new LedgerEventSink(ledger, systemClock);
  await ledger.maintain();
  const log = new EventLog({ database: opened.database, cursors: new PostgresFeedCursors(opened.database) });
  assert.deepEqual(await log.read('ws_events', null, 10), []);
  const decisions = Array.from({ length: 7 }, (_, i) => exampleDecision('ws_events', Date.now() + i));
  await ledger.appendAll(decisions.slice(0, 5));
  await ledger.append(decisions[5]!);
  await ledger.append(decisions[6]!);
  await ledger.append(exampleDecision('ws_other', Date.now()));
  await ledger.append(exampleLabel('ws_events', Date.now() + 10, decisions[0]!.id, { source: 'reviewer' }));
  const promoted = { type: 'model.promoted', subject: 'spam/7', data: { version: '7' } } as const;
  await opened.database.inWorkspace('ws_events', (tx) => sink.record(tx, 'ws_events', [promoted]));
  const undone = opened.database.inWorkspace('ws_events', async (tx) => {
    await sink.record(tx, 'ws_events', [promoted]);
    throw new Error('undone');
  });
  await assert.rejects(undone, /undone/);
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page = await log.read('ws_events', after, 2);
    if (page.length === 0) break;
    assert.ok(page.length <= 2);
    for (const { id, type, subject } of page) {
      assert.notEqual(id, after);
      seen.push(`${type} ${subject}`);
    }
    after = page.at(-1)!.id;
  }
  assert.deepEqual(seen, [
    ...decisions.map(({ id }) => `decision.made ${id}`),
    `decision.reviewed ${decisions[0]!.id}`,
    `label.recorded ${decisions[0]!.id}`,
    'model.promoted spam/7',
  ]);
  assert.equal((await verifyLedger(storage, 'ws_events')).ok, true);

  for (const wrong of ['evt_', 'evt_1', '12', 'evt_1_1x', `evt_${'9'.repeat(16)}_0`]) {
    await assert.rejects(log.read('ws_events', wrong, 2), { code: 'invalid_cursor' });
  }
});
