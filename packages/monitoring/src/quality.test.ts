import assert from 'node:assert/strict';
import { test } from 'node:test';
import { FakeClock } from '@understudy/kernel/testing';
import { bandOf, type CountSet, type Figures, latencyBin } from '@understudy/ledger';
import type { CheckQuality } from '@understudy/statistics';
import { auditedError } from './audited-error.ts';
import { correctAuditedError } from './corrected-error.ts';
import { presentOverview, presentQuality } from './http/present.ts';
import { Quality } from './quality.ts';
import {
  exampleAlert,
  exampleFigures,
  exampleTask,
  MemoryAlertStore,
  MemoryTaskDirectory,
  NO_CHECKS,
  ScriptedFigures,
} from './testing/index.ts';

const WORKSPACE = 'ws_1';
const NOW = Date.UTC(2026, 5, 15, 12, 20);
const DAY_MS = 86_400_000;

const summary = (task = { id: 'task_1', slug: 'comment-moderation' }): Partial<Figures> => ({
  task,
  decisions: 1_000,
  automated: 800,
  review: 200,
  drawn: 80,
  audited: 60,
  reviewed: 150,
  automatedCounts: [{ probability: 0.1, decisions: 800, drawn: 80 }],
  reviewCounts: [
    { suggested: true, decisions: 180 },
    { suggested: false, decisions: 20 },
  ],
  truth: [
    { lane: 'audited', outcome: 'automated', right: true, probability: 0.1, decisions: 57 },
    { lane: 'audited', outcome: 'automated', right: false, probability: 0.1, decisions: 3 },
    { lane: 'reviewed', outcome: 'review', right: true, probability: null, decisions: 100 },
    { lane: 'reviewed', outcome: 'review', right: false, probability: null, decisions: 40 },
    { lane: 'reviewed', outcome: 'review', right: null, probability: null, decisions: 10 },
  ],
  labels: { reviewer: 150, audit: 60 },
  seconds: { reviewer: 900.5, audit: 300, unmeasured: { reviewer: 0, audit: 0 } },
});

const full: Partial<Figures> = {
  ...summary(),
  byLabel: {
    automated: [{ label: 'ok', probability: 0.1, decisions: 800, drawn: 80 }],
    review: [
      { label: 'spam', decisions: 180 },
      { label: null, decisions: 20 },
    ],
    truth: [
      { lane: 'audited', outcome: 'automated', answered: 'ok', truth: 'ok', probability: 0.1, decisions: 57 },
      { lane: 'audited', outcome: 'automated', answered: 'ok', truth: 'spam', probability: 0.1, decisions: 3 },
      { lane: 'reviewed', outcome: 'review', answered: 'spam', truth: 'spam', probability: null, decisions: 100 },
      { lane: 'reviewed', outcome: 'review', answered: 'spam', truth: 'ok', probability: null, decisions: 40 },
      { lane: 'reviewed', outcome: 'review', answered: null, truth: 'ok', probability: null, decisions: 10 },
    ],
  },
  shape: {
    bands: [
      {
        band: bandOf(0.95),
        automated: [{ probability: 0.1, decisions: 800, drawn: 80 }],
        review: [],
        truth: [],
      },
    ],
    reasons: [
      { reason: 'below_threshold', automated: [], review: [{ suggested: true, decisions: 180 }], truth: [] },
      { reason: 'no_model', automated: [], review: [{ suggested: false, decisions: 20 }], truth: [] },
    ],
    latency: [
      { bin: latencyBin(1_000), decisions: 990 },
      { bin: latencyBin(80_000), decisions: 10 },
    ],
  },
};

function qualityOf(
  answer: (query: { detail?: string; bucket: string; from: number }) => Figures[],
  checks: CheckQuality = NO_CHECKS,
) {
  const figures = new ScriptedFigures(answer);
  const alerts = new MemoryAlertStore();
  const tasks = new MemoryTaskDirectory([exampleTask(), exampleTask({ id: 'task_2', slug: 'a-quiet-one' })]);
  const ports = { figures, tasks, checks: { of: async () => checks }, alerts, clock: new FakeClock(NOW) };
  return { figures, alerts, quality: new Quality(ports) };
}

test('a task’s quality: rates, audited error, labels, confusions, latency, in one answer', async () => {
  const { quality, figures } = qualityOf(() => [exampleFigures(full)]);
  const report = presentQuality(await quality.task(WORKSPACE, 'comment-moderation', { by: 'reason' }));
  assert.deepEqual([report.from, report.to], ['2026-05-16T12:20:00.000Z', '2026-06-15T12:20:00.000Z']);
  assert.equal(figures.asked.length, 1);
  assert.equal(figures.asked[0]?.taskId, 'task_1');
  const { total } = report;
  assert.deepEqual(
    [total.automation_rate, total.human_touch_rate, total.answered, total.waiting],
    [0.8, 0.28, 150, 70],
  );
  assert.deepEqual(
    [total.audited_error.estimate, total.audited_error.audited, total.audited_error.wrong, total.audited_error.pending],
    [0.05, 60, 3, 20],
  );
  assert.equal(total.suggestion_error.estimate, 40 / 140);
  assert.deepEqual(
    report.groups.map(({ key, decisions }) => [key, decisions]),
    [
      ['(automated)', 800],
      ['below_threshold', 180],
      ['no_model', 20],
    ],
  );
  assert.deepEqual(
    report.labels.map(({ label }) => label),
    ['ok', 'spam'],
  );
  assert.deepEqual(report.confusion, [
    { answered: 'ok', truth: 'spam', lane: 'audited', rows: 3, decisions: 40 },
    { answered: 'spam', truth: 'ok', lane: 'reviewed', rows: 40, decisions: 40 },
  ]);
  assert.deepEqual(report.confidence_distribution, [{ low: 0.94, high: 0.96, automated: 800, review: 0 }]);
  assert.ok(Math.abs(report.latency_ms.p50! - 1) < 0.05 && Math.abs(report.latency_ms.p99! - 1) < 0.05);
  assert.deepEqual([report.seconds.reviewer, report.evidence.ledger_size], [900.5, 7]);
});

test('groups over time and versions are read as summaries beside the details', async () => {
  const { quality, figures } = qualityOf(({ detail }) =>
    detail === 'full'
      ? [exampleFigures(full)]
      : [exampleFigures({ ...summary(), from: NOW - DAY_MS, to: NOW, modelVersion: null })],
  );
  const days = await quality.task(WORKSPACE, 'comment-moderation', { by: 'day' });
  assert.deepEqual(
    days.groups.map(({ key }) => key),
    [new Date(NOW - DAY_MS).toISOString()],
  );
  const versions = await quality.task(WORKSPACE, 'comment-moderation', { by: 'model_version' });
  assert.deepEqual(
    versions.groups.map(({ key }) => key),
    ['(no model)'],
  );
  assert.deepEqual(
    figures.asked.map(({ bucket, detail, perVersion }) => [bucket, detail ?? 'summary', perVersion ?? false]),
    [
      ['total', 'full', false],
      ['day', 'summary', false],
      ['total', 'full', false],
      ['total', 'summary', true],
    ],
  );
});

test('a task without any decision has figures that say so', async () => {
  const { quality } = qualityOf(() => []);
  const report = presentQuality(await quality.task(WORKSPACE, 'a-quiet-one', {}));
  assert.deepEqual(
    [report.total.decisions, report.total.automation_rate, report.total.audited_error.estimate],
    [0, null, null],
  );
  assert.deepEqual([report.labels, report.latency_ms.p50, report.throughput_per_hour], [[], null, 0]);
});

test('the overview shows every task, their total over time, queue and open alerts', async () => {
  const first = NOW - 2 * DAY_MS;
  const { quality, alerts } = qualityOf(({ bucket }) =>
    bucket === 'total'
      ? [exampleFigures({ ...summary(), review: 300, reviewed: 150 })]
      : [
          exampleFigures({ ...summary(), from: first, to: first + DAY_MS }),
          exampleFigures({ ...summary(), from: first + DAY_MS, to: NOW }),
          exampleFigures({ ...summary({ id: 'task_deleted', slug: 'gone' }), from: first + DAY_MS, to: NOW }),
        ],
  );
  await alerts.raise(exampleAlert(WORKSPACE));
  const overview = presentOverview(await quality.overview(WORKSPACE, {}));
  assert.deepEqual(
    overview.tasks.map(({ task, total, series }) => [task, total.decisions, series.length]),
    [
      ['a-quiet-one', 0, 0],
      ['comment-moderation', 2_000, 2],
    ],
  );
  const [quiet, busy] = overview.tasks;
  assert.deepEqual([quiet?.within_budget, busy?.within_budget, busy?.open_alerts], [null, null, 1]);
  assert.deepEqual(busy?.queue, { waiting: 170, review: 150, audit: 20 });
  // What a deleted task decided happened all the same.
  assert.equal(overview.total.decisions, 3_000);
  assert.deepEqual(
    overview.series.map(({ decisions }) => decisions),
    [1_000, 2_000],
  );
});

test('a window that is empty, turned round or cut too fine is refused', async () => {
  const { quality } = qualityOf(() => []);
  const invalid = { code: 'invalid_window' };
  const at = (time: number) => new Date(time).toISOString();
  await assert.rejects(quality.overview(WORKSPACE, { from: at(NOW), to: at(NOW) }), invalid);
  await assert.rejects(quality.overview(WORKSPACE, { from: at(NOW), to: at(NOW - 1) }), invalid);
  await assert.rejects(quality.overview(WORKSPACE, { from: at(NOW - 90 * DAY_MS), bucket: 'hour' }), invalid);
  await assert.rejects(quality.task(WORKSPACE, 'a-quiet-one', { from: at(0), by: 'day' }), invalid);
  await quality.task(WORKSPACE, 'a-quiet-one', { from: at(0) });
});

test('minutes and ten seconds are for short windows of the latest hours', async () => {
  const { quality, figures } = qualityOf(() => []);
  const invalid = { code: 'invalid_window' };
  const HOUR_MS = 3_600_000;
  const ask = (bucket: 'minute' | 'ten_seconds', from: number, to = NOW) =>
    quality.overview(WORKSPACE, { bucket, from: new Date(from).toISOString(), to: new Date(to).toISOString() });
  assert.equal((await ask('minute', NOW - 6 * HOUR_MS)).bucket, 'minute');
  await ask('ten_seconds', NOW - HOUR_MS);
  await ask('minute', NOW - 12 * HOUR_MS, NOW - 7 * HOUR_MS);
  await quality.overview(WORKSPACE, { bucket: 'ten_seconds' });
  assert.deepEqual(
    figures.asked.flatMap(({ bucket, from }) => (bucket === 'total' ? [] : [[bucket, NOW - from]])),
    [
      ['minute', 6 * HOUR_MS],
      ['ten_seconds', HOUR_MS],
      ['minute', 12 * HOUR_MS],
      ['ten_seconds', HOUR_MS],
    ],
  );
  await assert.rejects(ask('minute', NOW - 6 * HOUR_MS - 1), invalid);
  await assert.rejects(ask('ten_seconds', NOW - HOUR_MS - 1), invalid);
  await assert.rejects(ask('minute', NOW - 12 * HOUR_MS - 1, NOW - 8 * HOUR_MS), invalid);
});

test('a decision that an import answered waits for nobody, and is in no error figure', async () => {
  const imported = { lane: 'imported', outcome: 'review', right: false, probability: null, decisions: 30 } as const;
  const { quality } = qualityOf(() => [
    exampleFigures({ ...summary(), imported: 30, truth: [...summary().truth!, imported] }),
  ]);
  const overview = presentOverview(await quality.overview(WORKSPACE, {}));
  const busy = overview.tasks.find(({ task }) => task === 'comment-moderation');
  assert.deepEqual(busy?.queue, { waiting: 40, review: 20, audit: 20 });
  assert.deepEqual([busy?.total.waiting, busy?.total.answered], [40, 150]);
  assert.equal(busy?.total.suggestion_error.estimate, 40 / 140);
});

test('the audited error is also given without what the reviewers get wrong themselves', async () => {
  const ask = async (checks?: CheckQuality) => {
    const { quality } = qualityOf(() => [exampleFigures(full)], checks);
    return presentQuality(await quality.task(WORKSPACE, 'comment-moderation', { by: 'day' }));
  };
  const unknown = await ask();
  assert.equal(unknown.total.audited_error.corrected, null);
  // 3 of 60 audits called the answer wrong; reviewers call 2 % of right answers wrong: most of it is theirs.
  const { total, groups } = await ask({ caught: 95, wrong: 100, confirmed: 98, right: 100 });
  const { corrected, ...seen } = total.audited_error;
  const { corrected: _, ...before } = unknown.total.audited_error;
  assert.deepEqual(seen, before, 'both are shown');
  assert.ok(Math.abs(corrected!.estimate - (0.05 + 0.98 - 1) / (0.95 + 0.98 - 1)) < 1e-12);
  assert.ok(corrected!.low <= corrected!.estimate && corrected!.estimate <= corrected!.high);
  assert.ok(Math.abs(corrected!.reviewer_error - 0.02) < 1e-12);
  assert.equal(corrected!.based_on, 100);
  assert.equal('corrected' in groups[0]!.audited_error, false);
  assert.equal((await ask({ caught: 50, wrong: 100, confirmed: 50, right: 100 })).total.audited_error.corrected, null);
});

test('audits of unequal probability are corrected as so many rows as they are worth', () => {
  const checks = { caught: 95, wrong: 100, confirmed: 98, right: 100 };
  const corrected = (counts: [probability: number, decisions: number, right: number, wrong: number][]) => {
    const set: CountSet = {
      automated: counts.map(([probability, decisions]) => ({ probability, decisions, drawn: 0 })),
      review: [],
      truth: counts.flatMap(([probability, , right, wrong]) => [
        { lane: 'audited', outcome: 'automated', right: true, probability, decisions: right },
        { lane: 'audited', outcome: 'automated', right: false, probability, decisions: wrong },
      ]),
    };
    const options = { confidence: 0.95, interval: 'fixed', minProbability: 0.1 } as const;
    return correctAuditedError(set, auditedError(set, options), checks, 0.95)!;
  };
  const even = corrected([[0.1, 2_000, 190, 10]]);
  // The same error, from as many audits, most of them where few decisions are.
  const uneven = corrected([
    [0.9, 100, 95, 5],
    [0.1, 1_900, 95, 5],
  ]);
  assert.ok(Math.abs(even.estimate - uneven.estimate) < 1e-9);
  assert.ok(uneven.high - uneven.low > even.high - even.low);
});
