import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@understudy/kernel/testing';
import { exampleDecision, exampleLabel, exampleReview } from '@understudy/ledger/testing';
import { presentReport } from './http/present.ts';
import { exampleHistory, exampleTask, HISTORY, LedgerWorld } from './testing/index.ts';

const WS = 'ws_value';
const NOW = Date.UTC(2031, 1, 20, 9, 30);
const world = (tasks = [exampleTask('moderation')]) => new LedgerWorld({ tasks, clock: new FakeClock(NOW) });
const hour = 3_600_000;

test('an empty ledger is reported without a figure that flatters', async () => {
  const report = presentReport(await world().value.report(WS, {}));
  assert.deepEqual([report.decisions, report.automation_rate, report.savings.rate], [0, null, null]);
  assert.equal(report.error_rate.note, 'Nothing was automated.');
  assert.match(report.notes.join(' '), /ledger is empty/);
  assert.deepEqual([report.from, report.to], ['2031-02-20T09:00:00.000Z', '2031-02-20T10:00:00.000Z']);
});

test('costs, baseline and savings by hand: ten items, one audited, one waiting', async () => {
  const task = exampleTask('moderation', { infrastructurePerMonth: '0.00', costOfError: '0.00' });
  const { value, record, catchUp } = bound(world([task]));
  const at = NOW - 5 * hour;
  const own = { task: { id: task.id, slug: task.slug, revision: 1 }, cost: { amount: '0.000004', currency: 'EUR' } };
  const automated = Array.from({ length: 8 }, () => exampleDecision(WS, at, { ...own, audit: { probability: 0.5 } }));
  const [answered, waiting] = [exampleReview(WS, at, own), exampleReview(WS, at, own)];
  await record([...automated, answered!, waiting!]);
  await record([
    exampleLabel(WS, at + hour, automated[0]!.id, { source: 'audit', label: 'spam', seconds: 30, probability: 0.5 }),
    exampleLabel(WS, at + hour, answered!.id, { source: 'reviewer', label: 'ok', seconds: 45, probability: 1 }),
  ]);
  await catchUp(WS);
  const report = presentReport(await value.report(WS, { task: 'moderation' }));
  assert.deepEqual([report.decisions, report.automated, report.automation_rate], [10, 8, 0.8]);
  assert.equal(report.human_touch_rate, 0.3);
  // 10 × 1.5 min at 24.00 an hour; 45 s measured and one waiting item of 1.5 min; 30 s of audit.
  assert.deepEqual(report.baseline, { minutes: 15, cost: '6.00' });
  assert.deepEqual(
    [report.cost.reviewer_minutes, report.cost.reviewer, report.cost.audit_minutes, report.cost.audit],
    [2.25, '0.90', 0.5, '0.20'],
  );
  assert.deepEqual([report.cost.model, report.cost.total], ['0.00004', '1.10004']);
  assert.deepEqual([report.savings.amount, report.savings.rate], ['4.89996', 0.81666]);
  // One audit is no evidence: the rate is not given, the interval neither.
  assert.deepEqual([report.error_rate.estimate, report.savings.low, report.savings.high], [null, null, null]);
  assert.match(report.error_rate.note!, /Too little evidence: 1 .* 30 are needed/);
  assert.match(report.notes.join('\n'), /1 decisions wait for a person/);
  assert.equal(report.evidence.rows, 12);
});

test('errors that cost money are priced with the ends of their interval, and without evidence not at all', async () => {
  const task = exampleTask('moderation', { costOfError: '2.00', infrastructurePerMonth: '0.00' });
  const { value, record, catchUp } = bound(world([task]));
  const at = NOW - 5 * hour;
  const own = { task: { id: task.id, slug: task.slug, revision: 1 }, audit: { probability: 0.5 } };
  const decisions = Array.from({ length: 100 }, () => exampleDecision(WS, at, own));
  await record(decisions);
  await catchUp(WS);
  const before = presentReport(await value.report(WS, {}));
  assert.deepEqual([before.cost.errors, before.cost.total, before.savings.amount], [null, null, null]);
  assert.match(before.savings.note!, /too few automated decisions were audited/);
  await record(
    decisions
      .slice(0, 50)
      .map(({ id }, n) =>
        exampleLabel(WS, at + hour, id, { source: 'audit', label: n < 2 ? 'ok' : 'spam', seconds: 6 }),
      ),
  );
  await catchUp(WS);
  const report = presentReport(await value.report(WS, {}));
  assert.deepEqual([report.error_rate.estimate, report.error_rate.wrong], [0.04, 2]);
  // Clopper–Pearson of 2 in 50.
  assert.deepEqual([report.error_rate.low, report.error_rate.high], [0.004881, 0.137138]);
  assert.equal(report.cost.errors, '8.00');
  const { low, rate, high } = report.savings;
  assert.ok(low! < rate! && rate! < high!, JSON.stringify(report.savings));
});

test('mixed currencies have no common total, but one each', async () => {
  const tasks = [exampleTask('a-euro'), exampleTask('b-dollar', { currency: 'USD' })];
  const { value, record, catchUp } = bound(world(tasks));
  await record(exampleHistory(WS, tasks, 3));
  await catchUp(WS);
  const report = presentReport(await value.report(WS, {}));
  assert.deepEqual([report.currency, report.cost.total, report.savings.rate], [null, null, null]);
  assert.match(report.savings.note!, /EUR, USD/);
  assert.deepEqual(
    report.currencies.map(({ currency, total }) => [currency, total !== null]),
    [
      ['EUR', true],
      ['USD', true],
    ],
  );
});

test('a task that changed its currency says so instead of adding dollars to euros', async () => {
  const tasks = [exampleTask('a-euro')];
  const { value, record, catchUp } = bound(world(tasks));
  await record(exampleHistory(WS, [exampleTask('a-euro', { currency: 'USD' })], 3));
  await catchUp(WS);
  const report = presentReport(await value.report(WS, {}));
  assert.deepEqual([report.currency, report.cost.total], ['EUR', null]);
  assert.match(report.savings.note!, /charged in USD, the task is priced in EUR/);
});

test('decisions of deleted tasks are counted apart and priced by nobody', async () => {
  const [kept, gone] = [exampleTask('kept'), exampleTask('gone')];
  const { value, record, catchUp } = bound(world([kept]));
  await record(exampleHistory(WS, [kept, gone], 5));
  await catchUp(WS);
  const report = presentReport(await value.report(WS, {}));
  assert.equal(report.decisions + report.evidence.decisions_without_task, HISTORY.decisions);
  assert.ok(report.evidence.decisions_without_task > 500);
  assert.deepEqual(
    report.tasks.map(({ task }) => task),
    ['kept'],
  );
});

test('stretches of time add up to the total', async () => {
  const tasks = [exampleTask('one'), exampleTask('two')];
  const { value, record, catchUp } = bound(world(tasks));
  await record(exampleHistory(WS, tasks, 9));
  await catchUp(WS);
  for (const bucket of ['hour', 'day', 'week', 'month'] as const) {
    const report = presentReport(await value.report(WS, { bucket }));
    const sum = (of: (one: (typeof report.buckets)[number]) => number) =>
      report.buckets.reduce((total, one) => total + of(one), 0);
    assert.equal(
      sum(({ decisions }) => decisions),
      report.decisions,
    );
    assert.equal(
      sum(({ error_rate: { audited } }) => audited),
      report.error_rate.audited,
    );
    assert.ok(Math.abs(sum(({ baseline }) => Number(baseline.cost)) - Number(report.baseline.cost)) < 0.001);
  }
});

test('windows: empty, reversed, impossible and too finely cut ones are refused with the reason', async () => {
  const { value } = world();
  const refused = (asked: Parameters<typeof value.report>[1], code: string) =>
    assert.rejects(value.report(WS, asked), { code });
  await refused({ from: NOW, to: NOW }, 'invalid_window');
  await refused({ from: NOW, to: NOW - hour }, 'invalid_window');
  await refused({ from: NOW + hour * 2 }, 'invalid_window');
  await refused({ from: Date.UTC(1066, 0, 1) }, 'invalid_window');
  await refused({ to: 8.64e15 }, 'invalid_window');
  await refused({ from: Date.UTC(2020, 0, 1), to: NOW, bucket: 'hour' }, 'too_many_buckets');
  const future = await value.report(WS, { from: NOW, to: NOW + 10 * hour });
  assert.equal(future.total.counts.decisions, 0);
});

test('prices that are no prices are refused, whoever let them in', async () => {
  for (const economics of [
    { costPerHour: '-1.00' },
    { minutesPerItem: -1 },
    { minutesPerItem: Number.NaN },
    { costOfError: 'much' },
  ]) {
    const { value } = world([exampleTask('moderation', economics)]);
    await assert.rejects(value.report(WS, { task: 'moderation' }), { code: 'invalid_price' });
  }
});

function bound(one: LedgerWorld) {
  return { value: one.value, record: one.record.bind(one), catchUp: one.catchUp.bind(one) };
}
