import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { systemClock } from '@understudy/kernel';
import { LabelledDecisions } from '@understudy/lake';
import { lakeMigrations, PostgresExampleStore, PostgresLabelledDecisionStore } from '@understudy/lake/storage';
import { DecisionHistory, Ledger, LedgerFeed } from '@understudy/ledger';
import { ledgerMigrations, PostgresFeedCursors, PostgresLedgerStorage } from '@understudy/ledger/storage';
import { exampleDecision, exampleLabel, exampleReview } from '@understudy/ledger/testing';
import { examplesFeed } from './examples-feed.ts';

const workspace = 'ws_examples';
let opened: TestDatabase;
let ledger: Ledger;
let history: DecisionHistory;
let feed: LedgerFeed;
before(async () => {
  opened = await createTestDatabase({ migrations: [ledgerMigrations, lakeMigrations] });
  const storage = new PostgresLedgerStorage(opened.database);
  await storage.ensurePartitions(Date.now(), Date.now());
  ledger = new Ledger({ storage });
  history = new DecisionHistory({ storage, ledger, rules: { allows: async () => true } });
  const labelled = new LabelledDecisions({ store: new PostgresLabelledDecisionStore(), clock: systemClock });
  feed = new LedgerFeed({
    database: opened.database,
    cursors: new PostgresFeedCursors(opened.database),
    consumers: [examplesFeed(labelled)],
    clock: systemClock,
  });
});
after(() => opened.close());

async function rows() {
  await feed.catchUp(workspace);
  const store = new PostgresExampleStore(opened.database);
  const { rows: all } = await store.list(workspace, exampleDecision(workspace, 0).task.id, { limit: 100 });
  return new Map(all.map((row) => [row.decision, row]));
}

test('verdicts become rows, echoes and appeals do not, an erasure takes the row out, a rebuild finds the same', async () => {
  const now = Date.now();
  const reviewed = exampleReview(workspace, now);
  const audited = exampleDecision(workspace, now + 1, { audit: { probability: 0.02 } });
  const echoed = exampleDecision(workspace, now + 2);
  const appealed = exampleDecision(workspace, now + 3);
  const erased = exampleReview(workspace, now + 4);
  await ledger.appendAll([reviewed, audited, echoed, appealed, erased]);
  await ledger.appendAll([
    exampleLabel(workspace, now + 10, reviewed.id, { source: 'reviewer', probability: 1 }),
    exampleLabel(workspace, now + 11, audited.id, { source: 'audit', probability: 0.02, label: 'toxic' }),
    exampleLabel(workspace, now + 12, echoed.id, { label: 'spam', echo: true }),
    exampleLabel(workspace, now + 13, appealed.id, { source: 'appeal' }),
    exampleLabel(workspace, now + 14, erased.id, { source: 'reviewer', probability: 1 }),
  ]);
  const before = await rows();
  assert.deepEqual([...before.keys()].sort(), [reviewed.id, audited.id, erased.id].sort());
  const audit = before.get(audited.id)!;
  assert.deepEqual([audit.source, audit.probability, audit.label], ['audit', 0.02, 'toxic']);

  // The appeal was heard: the reviewer's word counts, and nobody knows with which probability it came.
  await ledger.append(exampleLabel(workspace, now + 20, appealed.id, { source: 'reviewer', probability: null }));
  await history.erase(workspace, [erased.id], { reason: 'asked for', principal: 'key_1' });
  const after = await rows();
  assert.deepEqual([...after.keys()].sort(), [reviewed.id, audited.id, appealed.id].sort());
  assert.equal(after.get(appealed.id)!.probability, null);

  const content = (found: typeof after) => [...found.values()].map((row) => row.content_hash).sort();
  await feed.rebuild('examples', workspace);
  assert.deepEqual(content(await rows()), content(after));
});
