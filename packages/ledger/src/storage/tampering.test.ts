import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { newId } from '@understudy/kernel';
import type { LedgerEntry } from '../entry.ts';
import { Ledger } from '../ledger.ts';
import { leafOfText } from '../merkle.ts';
import { payloadHash } from '../seal.ts';
import { exampleDecision, exampleLabel, exampleReview } from '../testing/example-entries.ts';
import type { DamageKind } from '../verification/damage.ts';
import { exportLedger, verifyExport } from '../verification/export.ts';
import { verifyLedger } from '../verification/verify-ledger.ts';
import { ledgerMigrations, PostgresLedgerStorage } from './index.ts';

// HONESTY.md, test H7: someone with every right on the database changes one thing.
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

let workspaces = 0;

/** Seven commits of six decisions, and one of labels. */
async function wholeLedger(): Promise<{ workspace: string; ids: string[] }> {
  const workspace = `ws_h7_${++workspaces}`;
  const ids: string[] = [];
  for (let commit = 0; commit < 7; commit++) {
    const payload = { input: { text: `item of ${commit}` }, subject: 'someone', external_id: `external-${commit}` };
    const entries: LedgerEntry[] = Array.from({ length: 6 }, (_, i) =>
      (i % 2 === 0 ? exampleDecision : exampleReview)(workspace, Date.now(), { payload }),
    );
    ids.push(...entries.map(({ id }) => id));
    await ledger.appendAll(entries);
  }
  await ledger.appendAll([
    exampleLabel(workspace, Date.now(), ids[8]!, { note: 'surely' }),
    exampleLabel(workspace, Date.now(), ids[9]!),
  ]);
  assert.ok((await verifyLedger(storage, workspace)).ok);
  return { workspace, ids };
}

const D = 'UPDATE ledger.decisions SET';
const A = 'UPDATE ledger.annotations SET';
const C = 'UPDATE ledger.commits SET';

/** `$1` is the workspace, `$2` one decision (commit 3, position 2), `$3` its neighbour. */
const changes: [what: string, statements: string[], kind: DamageKind][] = [
  ['a record', [`${D} record = replace(record, '0.987', '0.887') WHERE id = $2`], 'altered'],
  ['a payload', [`${D} payload = replace(payload, 'item', 'idem') WHERE id = $2`], 'altered'],
  ['a salt', [`${D} salt = repeat('0', 32) WHERE id = $2`], 'altered'],
  ['a leaf', [`${D} leaf = sha256('x') WHERE id = $2`], 'altered'],
  ['the column label', [`${D} label = 'ok' WHERE id = $2`], 'altered'],
  ['the column automated', [`${D} automated = NOT automated WHERE id = $2`], 'altered'],
  ['the column task', [`${D} task = 'other' WHERE id = $2`], 'altered'],
  ['the column model_version', [`${D} model_version = NULL WHERE id = $2`], 'altered'],
  ['the column subject', [`${D} subject = 'nobody' WHERE id = $2`], 'altered'],
  ['the column external_id', [`${D} external_id = NULL WHERE id = $2`], 'altered'],
  ['the column created_at', [`${D} created_at = created_at - interval '1 hour' WHERE id = $2`], 'altered'],
  [
    'a record with its hash',
    [
      `${D} record = replace(record, '0.987', '0.887'), leaf = sha256('\\x00'::bytea || convert_to(replace(record, '0.987', '0.887'), 'UTF8')) WHERE id = $2`,
    ],
    'altered',
  ],
  [
    'two rows’ contents',
    [
      `${D} record = o.record, payload = o.payload, salt = o.salt, leaf = o.leaf FROM ledger.decisions o WHERE decisions.id IN ($2, $3) AND o.id IN ($2, $3) AND o.id <> decisions.id`,
    ],
    'altered',
  ],
  [
    'two rows’ places',
    [`${D} position = CASE id WHEN $2 THEN position + 1 ELSE position - 1 END WHERE id IN ($2, $3)`],
    'reordered',
  ],
  ['a row’s commit', [`${D} commit_seq = commit_seq + 1 WHERE id = $2`], 'removed'],
  ['a row’s commit, far away', [`${D} commit_seq = 4000000000 WHERE id = $2`], 'inserted'],
  ['a row', ['DELETE FROM ledger.decisions WHERE id = $2'], 'removed'],
  [
    'a payload taken out without an erasure',
    [`${D} payload = NULL, salt = NULL, subject = NULL, external_id = NULL WHERE id = $2`],
    'payload_removed',
  ],
  ['a whole commit’s rows', ['DELETE FROM ledger.decisions WHERE workspace_id = $1 AND commit_seq = 3'], 'removed'],
  ['a label', ['DELETE FROM ledger.annotations WHERE workspace_id = $1 AND position = 1'], 'removed'],
  ['a label’s text', [`${A} label = 'spam' WHERE workspace_id = $1 AND position = 1`], 'altered'],
  ['a label’s decision', [`${A} decision_id = $2 WHERE workspace_id = $1 AND position = 1`], 'altered'],
  ['a label’s source', [`${A} source = 'reviewer' WHERE workspace_id = $1 AND position = 1`], 'altered'],
  ['a commit', ['DELETE FROM ledger.commits WHERE workspace_id = $1 AND seq = 3'], 'commit_removed'],
  [
    'a commit with its rows',
    [
      'DELETE FROM ledger.commits WHERE workspace_id = $1 AND seq = 3',
      'DELETE FROM ledger.decisions WHERE workspace_id = $1 AND commit_seq = 3',
    ],
    'commit_removed',
  ],
  ['a root', [`${C} root = sha256('x') WHERE workspace_id = $1 AND seq = 3`], 'commit_forged'],
  ['a commit’s head', [`${C} head = sha256('x') WHERE workspace_id = $1 AND seq = 3`], 'commit_forged'],
  ['a commit’s previous head', [`${C} prev_head = sha256('x') WHERE workspace_id = $1 AND seq = 3`], 'commit_forged'],
  [
    'a commit’s subtrees',
    [`${C} nodes = sha256('x') || substr(nodes, 33) WHERE workspace_id = $1 AND seq = 3`],
    'commit_forged',
  ],
  [
    'a commit’s time',
    [`${C} committed_at = committed_at - interval '1 day' WHERE workspace_id = $1 AND seq = 3`],
    'commit_forged',
  ],
  ['a commit’s size', [`${C} entries = entries + 1 WHERE workspace_id = $1 AND seq = 3`], 'removed'],
  [
    'two commits',
    [
      `${C} seq = CASE seq WHEN 3 THEN -4 ELSE -3 END WHERE workspace_id = $1 AND seq IN (3, 4)`,
      `${C} seq = -seq WHERE workspace_id = $1 AND seq < 0`,
    ],
    'commit_forged',
  ],
  ['the head', [`UPDATE ledger.heads SET head = sha256('x') WHERE workspace_id = $1`], 'head_forged'],
  ['the peaks', [`UPDATE ledger.heads SET peaks = peaks || sha256('x') WHERE workspace_id = $1`], 'head_forged'],
  ['the head’s count', ['UPDATE ledger.heads SET entries = entries + 1 WHERE workspace_id = $1'], 'head_forged'],
  ['the head, gone', ['DELETE FROM ledger.heads WHERE workspace_id = $1'], 'inserted'],
];

for (const [what, statements, kind] of changes) {
  test(`H7: ${what} changed: found as ${kind}`, async () => {
    const { workspace, ids } = await wholeLedger();
    const values = [workspace, ids[20], ids[21]];
    for (const statement of statements) {
      // PostgreSQL wants to know the type of each parameter, also of those that a statement does not use.
      const used = `WITH used AS (SELECT $1::text, $2::text, $3::text) ${statement}`;
      await db.asOwner(used, values);
    }
    const report = await verifyLedger(storage, workspace);
    assert.ok(!report.ok);
    assert.ok(report.damage[kind], `${kind} is not among ${JSON.stringify(report.found)}`);
    const first = report.found.find((damage) => damage.kind === kind)!;
    if (kind === 'altered' && first.id !== null && statements[0]!.startsWith(D)) {
      assert.ok(values.includes(first.id), 'the row itself is named');
    }
    const other = (await wholeLedger()).workspace;
    assert.ok((await verifyLedger(storage, other)).ok, 'nobody else’s ledger is blamed');
    const exported = await verifyExport(exportLedger(storage, workspace)).catch(() => undefined);
    assert.ok(!exported?.ok, 'an export of it does not verify either');
  });
}

test('H7: an inserted row is found, well made or not', async () => {
  const { workspace, ids } = await wholeLedger();
  const copy = (id: string, position: number, record: string) =>
    db.asOwner(
      `INSERT INTO ledger.decisions (commit_seq, created_at, position, automated, workspace_id, id, task, label,
         model_version, external_id, subject, salt, leaf, record, payload)
       SELECT commit_seq, created_at, $3::int, automated, workspace_id, $2, task, label, model_version, external_id, subject,
         salt, $4::bytea, $5::text, payload FROM ledger.decisions WHERE id = $1`,
      [ids[20], id, position, Buffer.from(leafOfText(record), 'latin1'), record],
    );
  const [row] = await db.asOwner<{ record: string; salt: string; payload: string }>(
    'SELECT record, salt, payload FROM ledger.decisions WHERE id = $1',
    [ids[20]],
  );
  // At least 16 away: the ids of one millisecond count up, so that the next ones are taken.
  const id = `${ids[20]!.slice(0, -1)}${ids[20]!.at(-1)! > 'f' ? '0' : 'z'}`;
  const record = row!.record.replace(ids[20]!, id);
  assert.equal(JSON.parse(record).payload_hash, payloadHash(row!.salt, row!.payload));
  await copy(id, 6, record);
  const beyond = await verifyLedger(storage, workspace);
  assert.deepEqual(beyond.damage, { inserted: 1 });
  assert.equal(beyond.found[0]!.id, id);
  await db.asOwner('DELETE FROM ledger.decisions WHERE id = $1', [id]);
  await copy('zzz_not_an_entry_at_all', 2, record);
  assert.deepEqual((await verifyLedger(storage, workspace)).damage, { inserted: 1 });
  await db.asOwner('DELETE FROM ledger.decisions WHERE id = $1', ['zzz_not_an_entry_at_all']);
  await copy(newId('dec', Date.now() + 1000), 2, record);
  const later = await verifyLedger(storage, workspace);
  assert.ok(later.damage.inserted === 1 || later.damage.altered === 1, JSON.stringify(later.found));
});

test('H7: a log cut back to an earlier state needs a head kept outside, and is found by it', async () => {
  const { workspace } = await wholeLedger();
  const { size, head } = await storage.head(workspace);
  const [earlier] = await storage.commits(workspace, 5, 6);
  const [at5] = await storage.commits(workspace, 4, 5);
  await db.asOwner('DELETE FROM ledger.decisions WHERE workspace_id = $1 AND commit_seq >= 4', [workspace]);
  await db.asOwner('DELETE FROM ledger.annotations WHERE workspace_id = $1', [workspace]);
  await db.asOwner('DELETE FROM ledger.commits WHERE workspace_id = $1 AND seq >= 4', [workspace]);
  assert.ok(earlier !== undefined && at5 !== undefined);
  await db.asOwner(
    `UPDATE ledger.heads SET size = 4, entries = 24, decisions = 24, head = $2::bytea,
       peaks = (SELECT substr(nodes, 65, 32) FROM ledger.commits WHERE workspace_id = $1 AND seq = 3) WHERE workspace_id = $1`,
    [workspace, at5.prevHead],
  );
  assert.ok((await verifyLedger(storage, workspace)).ok, 'a shorter log is a log');
  const report = await verifyLedger(storage, workspace, { trusted: { size, head: head.toString('hex') } });
  assert.deepEqual(report.damage, { head_forged: 1 });
});
