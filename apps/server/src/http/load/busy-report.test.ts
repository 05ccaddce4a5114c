import assert from 'node:assert/strict';
import { test } from 'node:test';
import { busyReport, ReportedGateway } from './busy-report.ts';
import { GatewayPace } from './gateway-pace.ts';

const NEVER = Number.NEGATIVE_INFINITY;

test('a gateway is the same to another process, whatever its clock says', () => {
  const gateway = { lastRequestAt: 990, lastShedAt: NEVER, waitingRows: 7, writing: () => 3 };
  const report = busyReport(gateway, { now: () => 1_000, lag: () => 2 });
  assert.deepEqual(report, { requestAgo: 10, shedAgo: null, waitingRows: 7, writingMs: 3, lagMs: 2 });
  const reported = new ReportedGateway(() => 50);
  reported.hear(structuredClone(report));
  const { lastRequestAt, lastShedAt, waitingRows } = reported;
  assert.deepEqual([lastRequestAt, lastShedAt, waitingRows, reported.writing(), reported.lag()], [40, NEVER, 7, 3, 2]);
});

test('the worst between two looks counts, once', () => {
  const reported = new ReportedGateway(() => 0);
  const report = { requestAgo: 0, shedAgo: null, waitingRows: 0, writingMs: 2, lagMs: 0 };
  reported.hear({ ...report, writingMs: 90, lagMs: 30 });
  reported.hear(report);
  assert.deepEqual([reported.writing(), reported.lag()], [90, 30]);
  assert.deepEqual([reported.writing(), reported.lag()], [0, 0]);
});

test('a gateway that no longer reports is quiet: background work takes all again', () => {
  let now = 0;
  const reported = new ReportedGateway(() => now);
  const pace = new GatewayPace(reported, reported);
  reported.hear({ requestAgo: 0, shedAgo: null, waitingRows: 0, writingMs: 2, lagMs: 0 });
  assert.ok(pace.share() < 1);
  now = 600;
  assert.equal(pace.share(), 1);
});
