import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { createTestDatabase, type TestDatabase } from '@understudy/database-postgres/testing';
import { type AuditTrail, type Certificate, Certificates, isDrawn } from '@understudy/decisions';
import { decisionsMigrations, PostgresAuditKeys, PostgresCertificateStore } from '@understudy/decisions/storage';
import { systemClock } from '@understudy/kernel';
import { Ledger, LedgerEventSink, LedgerFeed } from '@understudy/ledger';
import { ledgerMigrations, PostgresFeedCursors, PostgresLedgerStorage } from '@understudy/ledger/storage';
import { exampleDecision, exampleLabel } from '@understudy/ledger/testing';
import { sql } from 'kysely';
import { ErrorMonitor } from '../error-monitor.ts';
import { monitoringStoresContract } from '../testing/index.ts';
import { monitoringMigrations, PostgresAlertStore, PostgresAuditWatchStore } from './index.ts';

const BUDGET = { maxError: 0.05, confidence: 0.95 };

/** Of every task that answers without a certificate. */
let budget: { maxError: number; confidence: number } | null = BUDGET;
let db: TestDatabase;
let ledger: Ledger;
let alerts: PostgresAlertStore;
let certificates: Certificates;
const watches = new PostgresAuditWatchStore();
const keys = new PostgresAuditKeys();
const store = new PostgresCertificateStore();
const recorded: string[] = [];

before(async () => {
  db = await createTestDatabase({ migrations: [ledgerMigrations, decisionsMigrations, monitoringMigrations] });
  ledger = new Ledger({ storage: new PostgresLedgerStorage(db.database) });
  alerts = new PostgresAlertStore(db.database);
  certificates = new Certificates({
    database: db.database,
    store,
    audit: {
      record: async (_tx, { action, principal }) => {
        recorded.push(`${action} by ${principal.kind} ${principal.id}`);
      },
    } satisfies AuditTrail,
    clock: systemClock,
    events: new LedgerEventSink(ledger, systemClock),
  });
});
after(() => db.close());

monitoringStoresContract('The stores in PostgreSQL', async () => ({ alerts, watches, database: db.database }));

const feedOf = (batch: number) =>
  new LedgerFeed({
    database: db.database,
    cursors: new PostgresFeedCursors(db.database),
    consumers: [
      new ErrorMonitor({
        store: watches,
        alerts,
        certificates: {
          find: (tx, workspace, id) => store.find(tx, workspace, id),
          suspend: (tx, workspace, id, suspension) => certificates.suspendIn(tx, workspace, id, suspension),
        },
        budgets: { find: async () => budget },
        draw: async (tx, workspace) => {
          const key = await keys.of(tx, workspace);
          return (decision, probability) => isDrawn(key, decision, probability);
        },
        clock: systemClock,
      }),
    ],
    clock: systemClock,
    batch,
  });

const certify = (workspace: string): Promise<Certificate> =>
  certificates.issue(
    {
      workspace,
      taskId: `tsk_${workspace}`,
      taskRevision: 1,
      model: 'comment-moderation',
      version: '7',
      dataset: 'sha256:0',
      rowsDigest: '0',
      ...BUDGET,
      status: 'certified',
      threshold: 0.9,
      score: { kind: 'top_probability' },
      evidence: { labelled: 500, accepted: 400, errors: 8, pValue: 0.01, method: 'test' },
      expectedCoverage: 0.8,
      needed: null,
      assumptions: [],
    },
    { id: 'key_1', requestId: 'req_1' },
  );

/** Automated decisions under a certificate, and an audit verdict on each that the lane drew; every nth is wrong. */
async function serve(
  workspace: string,
  certificate: Certificate | null,
  decisions: number,
  wrongEvery: number,
  at = Date.now(),
): Promise<{ drawn: string[]; wrong: string[] }> {
  const key = await db.database.inWorkspace(workspace, (tx) => keys.of(tx, workspace));
  const drawn: string[] = [];
  const wrong: string[] = [];
  const task = { id: `tsk_${workspace}`, slug: 'comment-moderation', revision: 1 };
  for (let i = 0; i < decisions; i++) {
    const decision = exampleDecision(workspace, at, {
      task,
      ...(certificate === null ? { automation: 'uncertified' as const } : { certificate: certificate.id }),
      audit: { probability: 0.5 },
    });
    await ledger.append(decision);
    const isAudited = isDrawn(key, decision.id, 0.5);
    if (isAudited) drawn.push(decision.id);
    const isWrong = isAudited && drawn.length % wrongEvery === 0;
    if (isWrong) wrong.push(decision.id);
    // A verdict on what was not drawn (somebody looked at it for another reason) must not enter.
    const label = exampleLabel(workspace, at, decision.id, {
      label: isWrong || !isAudited ? 'ok' : 'spam',
      source: 'audit',
      probability: 0.5,
    });
    await ledger.append(label);
  }
  return { drawn, wrong };
}

test('errors above the budget suspend the certificate and open one alert with the evidence', async () => {
  const workspace = 'ws_alarm';
  const certificate = await certify(workspace);
  const { drawn, wrong } = await serve(workspace, certificate, 120, 3);
  await feedOf(20).catchUp(workspace);
  const now = await certificates.find(workspace, certificate.id);
  assert.equal(now?.status, 'suspended');
  const [alert, ...others] = await alerts.list(workspace, {}, { limit: 10 });
  assert.equal(others.length, 0);
  assert.deepEqual(
    [alert?.kind, alert?.severity, alert?.subject, alert?.task],
    ['error_budget_exceeded', 'critical', certificate.id, 'comment-moderation'],
  );
  const evidence = alert!.evidence as {
    e_value: number;
    limit: number;
    audited: number;
    wrong: number;
    decisions: string[];
  };
  assert.ok(evidence.e_value >= 20, `e = ${evidence.e_value}`);
  assert.equal(evidence.limit, 20);
  assert.ok(evidence.audited <= drawn.length && evidence.audited > 0);
  assert.equal(evidence.decisions.length, evidence.wrong);
  assert.ok(evidence.decisions.every((id) => wrong.includes(id)));
  assert.deepEqual(now?.suspension?.evidence, alert!.evidence);
  assert.deepEqual(recorded, ['certificate.issued by api_key key_1', 'certificate.suspended by system monitor']);
});

test('within the budget nothing happens; labels of undrawn decisions never enter', async () => {
  const workspace = 'ws_calm';
  const certificate = await certify(workspace);
  const { drawn } = await serve(workspace, certificate, 100, 1000);
  await feedOf(500).catchUp(workspace);
  assert.equal((await certificates.find(workspace, certificate.id))?.status, 'certified');
  assert.deepEqual(await alerts.list(workspace, {}, { limit: 10 }), []);
  const state = await db.database.inWorkspace(workspace, (tx) => watches.state(tx, workspace, certificate.id));
  assert.deepEqual([state?.process.observed, state?.wrong], [drawn.length, 0]);
});

test('dropped and rebuilt in other batches, the e-process is identical, corrections included', async () => {
  const workspace = 'ws_again';
  const certificate = await certify(workspace);
  const { drawn, wrong } = await serve(workspace, certificate, 60, 12);
  await feedOf(7).catchUp(workspace);
  // A second look at two verdicts: one error was none, one right answer was wrong.
  const corrected = [
    { decision: wrong[0]!, label: 'spam' },
    { decision: drawn.find((id) => !wrong.includes(id))!, label: 'toxic' },
  ];
  for (const fields of corrected) {
    const { decision, label } = fields;
    await ledger.append(exampleLabel(workspace, Date.now() + 60_000, decision, { label, source: 'reviewer' }));
  }
  await feedOf(7).catchUp(workspace);
  const read = () =>
    db.database.inWorkspace(workspace, async (tx) => ({
      state: await watches.state(tx, workspace, certificate.id),
      outcomes: await watches.all(tx, workspace, certificate.id),
    }));
  const before = await read();
  assert.equal(before.state?.process.observed, drawn.length);
  assert.equal(before.state?.wrong, wrong.length);
  assert.equal(before.outcomes.find(({ decision }) => decision === wrong[0])?.wrong, false);
  await feedOf(13).rebuild('monitor', workspace);
  assert.deepEqual(await read(), before);
});

test('a version that answers without a certificate is watched too: an alert, and nothing is suspended', async () => {
  const workspace = 'ws_uncertified';
  // The task has a certificate besides, which these answers say nothing about.
  const certificate = await certify(workspace);
  const { drawn } = await serve(workspace, null, 80, 3);
  budget = { maxError: 0.6, confidence: 0.95 };
  await feedOf(20).catchUp(workspace);
  assert.deepEqual(await alerts.list(workspace, {}, { limit: 10 }), []);
  // A stricter budget asks the same answers again.
  budget = BUDGET;
  const again = await serve(workspace, null, 10, 3);
  await feedOf(20).catchUp(workspace);
  const [alert, ...others] = await alerts.list(workspace, {}, { limit: 10 });
  assert.equal(others.length, 0);
  const evidence = alert!.evidence;
  assert.deepEqual(
    [alert?.kind, alert?.severity, alert?.task, evidence.certificate, evidence.max_error, evidence.model_version],
    ['uncertified_error', 'critical', 'comment-moderation', null, 0.05, '7'],
  );
  assert.ok((evidence.e_value as number) >= 20);
  assert.ok((evidence.audited as number) <= drawn.length + again.drawn.length);
  assert.equal((await certificates.find(workspace, certificate.id))?.status, 'certified');
  // A task that is gone is not watched.
  budget = null;
  await serve(workspace, null, 10, 3);
  await feedOf(20).catchUp(workspace);
  assert.equal((await alerts.list(workspace, {}, { limit: 10 })).length, 1);
  budget = BUDGET;
});

test('tables show a workspace its own rows only, and alerts cannot be deleted', async () => {
  for (const table of ['watches', 'audit_outcomes', 'alerts']) {
    const { rows } = await db.database.inWorkspace('ws_alarm', (tx) =>
      sql<{ workspace_id: string }>`SELECT DISTINCT workspace_id FROM ${sql.table(`monitoring.${table}`)}`.execute(tx),
    );
    assert.deepEqual(rows, [{ workspace_id: 'ws_alarm' }], table);
  }
  await assert.rejects(
    db.database.inWorkspace('ws_alarm', (tx) => sql`DELETE FROM monitoring.alerts`.execute(tx)),
    /permission denied/,
  );
});
