import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { EventLog } from '../event-log.ts';
import { Ledger } from '../ledger.ts';
import { exampleDecision, exampleLabel } from '../testing/example-entries.ts';
import { ledgerMigrations, PostgresFeedCursors, PostgresLedgerStorage } from './index.ts';

let opened: TestDatabase;
before(async () => {
  opened = await createTestDatabase({ migrations: [ledgerMigrations] });
});
after(() => opened.close());

test('events come in order, a page at a time, each once, and none of another workspace', async () => {
  const ledger = new Ledger({ storage: new PostgresLedgerStorage(opened.database) });
  await ledger.maintain();
  const log = new EventLog({ database: opened.database, cursors: new PostgresFeedCursors(opened.database) });
  assert.deepEqual(await log.read('ws_events', null, 10), []);
  const decisions = Array.from({ length: 7 }, (_, i) => exampleDecision('ws_events', Date.now() + i));
  await ledger.appendAll(decisions.slice(0, 5));
  await ledger.append(decisions[5]!);
  await ledger.append(decisions[6]!);
  await ledger.append(exampleDecision('ws_other', Date.now()));
  await ledger.append(exampleLabel('ws_events', Date.now() + 10, decisions[0]!.id, { source: 'reviewer' }));
  const seen: string[] = [];
  let after: string | null = null;
  for (;;) {
    const page = await log.read('ws_events', after, 2);
    if (page.length === 0) break;
    assert.ok(page.length <= 2);
    for (const { id, entry } of page) {
      assert.notEqual(id, after);
      seen.push(
        entry.kind === 'label' ? `label of ${entry.decision.id}` : entry.kind === 'decision' ? entry.decision.id : '',
      );
    }
    after = page.at(-1)!.id;
  }
  assert.deepEqual(seen, [...decisions.map(({ id }) => id), `label of ${decisions[0]!.id}`]);
  for (const wrong of ['evt_', 'evt_1', '12', 'evt_1_1x', `evt_${'9'.repeat(16)}_0`]) {
    await assert.rejects(log.read('ws_events', wrong, 2), { code: 'invalid_cursor' });
  }
});
