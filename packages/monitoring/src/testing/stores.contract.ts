import assert from 'node:assert/strict';
import { before, beforeEach, describe, test } from 'node:test';
import { type Database, newId } from '@understudy/kernel';
import type { Alert } from '../alert.ts';
import type { AlertStore, AuditOutcome, AuditWatchStore, WatchState } from '../ports.ts';

const AT = Date.UTC(2026, 2, 1, 12, 30, 15, 250);

export function exampleAlert(workspace: string, fields: Partial<Alert> = {}): Alert {
  return {
    id: newId('alr', AT),
    workspace,
    taskId: 'task_1',
    task: 'comment-moderation',
    kind: 'error_budget_exceeded',
    subject: 'crt_1',
    severity: 'critical',
    summary: 'Audits show that the error is above the budget.',
    evidence: { audited: 12, decisions: ['dec_1'] },
    openedAt: AT,
    resolvedAt: null,
    resolution: null,
    acknowledged: null,
    ...fields,
  };
}

interface Opened {
  alerts: AlertStore;
  watches: AuditWatchStore;
  database: Database;
}

/** What every {@link AlertStore} and every {@link AuditWatchStore} does. */
export function monitoringStoresContract(name: string, open: () => Promise<Opened>): void {
  describe(`${name} keep the monitoring contracts`, () => {
    let alerts: AlertStore;
    let watches: AuditWatchStore;
    let database: Database;
    let workspace: string;
    before(async () => {
      ({ alerts, watches, database } = await open());
    });
    beforeEach(() => {
      workspace = newId('ws', AT);
    });
    const inTx = <T>(work: Parameters<typeof database.inWorkspace<T>>[1]) => database.inWorkspace(workspace, work);

    test('an alert is read as it was opened, and one a kind and subject is open', async () => {
      const alert = exampleAlert(workspace);
      assert.deepEqual(await inTx((tx) => alerts.open(tx, alert)), alert);
      assert.equal(await inTx((tx) => alerts.open(tx, exampleAlert(workspace))), null);
      assert.deepEqual(await alerts.find(workspace, alert.id), alert);
      assert.equal(await alerts.find(newId('ws', AT), alert.id), null);
      const other = exampleAlert(workspace, { subject: 'crt_2' });
      assert.deepEqual(await inTx((tx) => alerts.open(tx, other)), other);
    });

    test('raising again brings summary and evidence up to date and keeps the rest', async () => {
      const first = exampleAlert(workspace, { kind: 'audit_backlog', subject: 'task_1' });
      await alerts.raise(first);
      const again = await alerts.raise({ ...first, id: newId('alr', AT + 1), summary: 'More.', evidence: { n: 2 } });
      assert.deepEqual(again, { ...first, summary: 'More.', evidence: { n: 2 } });
      const resolution = { at: AT + 5, reason: 'Done.' };
      const resolved = await alerts.resolve(workspace, { kind: 'audit_backlog', subject: 'task_1' }, resolution);
      assert.deepEqual([resolved?.resolvedAt, resolved?.resolution], [AT + 5, 'Done.']);
      assert.equal(await alerts.resolve(workspace, { kind: 'audit_backlog', subject: 'task_1' }, resolution), null);
      const anew = await alerts.raise({ ...first, id: newId('alr', AT + 9) });
      assert.notEqual(anew.id, first.id);
    });

    test('lists go from the newest, page by page, by task and by state', async () => {
      const all: Alert[] = [];
      for (let i = 0; i < 5; i++) {
        const task = i % 2 === 0 ? 'a' : 'b';
        const alert = exampleAlert(workspace, { id: newId('alr', AT + i), subject: `crt_${i}`, task, taskId: task });
        await alerts.raise(alert);
        all.unshift(alert);
      }
      await alerts.resolve(workspace, { kind: 'error_budget_exceeded', subject: 'crt_4' }, { at: AT, reason: 'x' });
      const ids = async (filter: Parameters<AlertStore['list']>[1], limit = 10, after?: string) =>
        (await alerts.list(workspace, filter, { limit, after })).map(({ subject }) => subject);
      assert.deepEqual(await ids({}, 2), ['crt_4', 'crt_3']);
      assert.deepEqual(await ids({}, 2, all[1]!.id), ['crt_2', 'crt_1']);
      assert.deepEqual(await ids({ task: 'a' }), ['crt_4', 'crt_2', 'crt_0']);
      assert.deepEqual(await ids({ task: 'a', open: true }), ['crt_2', 'crt_0']);
      assert.deepEqual(await ids({ open: false }), ['crt_4']);
      assert.deepEqual(
        (await alerts.allOpen(workspace)).map(({ subject }) => subject),
        ['crt_0', 'crt_1', 'crt_2', 'crt_3'],
      );
      assert.deepEqual(
        await alerts.countOpen(workspace),
        new Map([
          ['a', 2],
          ['b', 2],
        ]),
      );
    });

    test('the first to acknowledge stays named; a foreign or missing alert is not there', async () => {
      const alert = await alerts.raise(exampleAlert(workspace));
      const first = { at: AT + 1, by: 'key_1', note: 'on it' };
      assert.deepEqual((await alerts.acknowledge(workspace, alert.id, first))?.acknowledged, first);
      const second = await alerts.acknowledge(workspace, alert.id, { at: AT + 2, by: 'key_2', note: null });
      assert.deepEqual(second?.acknowledged, first);
      assert.equal(await alerts.acknowledge(newId('ws', AT), alert.id, first), null);
    });

    test('outcomes keep their order when they are corrected, and belong to one workspace', async () => {
      const outcome = (n: number, wrong: boolean): AuditOutcome => ({
        decision: `dec_${workspace}_${n}`,
        labelId: `lab_${n}`,
        wrong,
        probability: 0.02,
        at: AT + n,
      });
      await inTx(async (tx) => {
        for (const n of [3, 1, 2]) await watches.saveOutcome(tx, workspace, 'crt_1', outcome(n, n !== 1));
        await watches.saveOutcome(tx, workspace, 'crt_2', outcome(9, true));
        await watches.saveOutcome(tx, workspace, 'crt_1', { ...outcome(3, false), labelId: 'lab_8' });
      });
      const all = await inTx((tx) => watches.all(tx, workspace, 'crt_1'));
      assert.deepEqual(all, [{ ...outcome(3, false), labelId: 'lab_8' }, outcome(1, false), outcome(2, true)]);
      assert.deepEqual(await inTx((tx) => watches.wrongOnes(tx, workspace, 'crt_1', 5)), [outcome(2, true).decision]);
      const found = await inTx((tx) => watches.outcomes(tx, workspace, [outcome(9, true).decision, 'dec_missing']));
      assert.deepEqual(found, new Map([[outcome(9, true).decision, { ...outcome(9, true), certificate: 'crt_2' }]]));
      const foreign = newId('ws', AT);
      const elsewhere = await database.inWorkspace(foreign, (tx) =>
        watches.outcomes(tx, foreign, [outcome(9, true).decision]),
      );
      assert.equal(elsewhere.size, 0);
    });

    test('a state is read as it was saved last; clearing forgets both', async () => {
      const state: WatchState = {
        taskId: 'task_1',
        task: 'a',
        process: { maxError: 0.05, minProbability: 0.02, observed: 3, capitals: [0.1, 1e200, 0] },
        wrong: 1,
        firstAt: AT,
        lastAt: AT + 5,
      };
      await inTx(async (tx) => {
        await watches.saveState(tx, workspace, 'crt_1', { ...state, wrong: 0 });
        await watches.saveState(tx, workspace, 'crt_1', state);
      });
      assert.deepEqual(await inTx((tx) => watches.state(tx, workspace, 'crt_1')), state);
      assert.equal(await inTx((tx) => watches.state(tx, workspace, 'crt_2')), null);
      await inTx((tx) => watches.clear(tx, workspace));
      assert.equal(await inTx((tx) => watches.state(tx, workspace, 'crt_1')), null);
    });
  });
}
