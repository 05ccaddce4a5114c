import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeClock } from '@understudy/kernel/testing';
import type { Figures } from '@understudy/ledger';
import { Backlog } from './backlog.ts';
import {
  exampleAlert,
  exampleFigures,
  exampleTask,
  MemoryAlertStore,
  MemoryTaskDirectory,
  ScriptedFigures,
} from './testing/index.ts';

const WORKSPACE = 'ws_1';
let alerts: MemoryAlertStore;
let tasks: MemoryTaskDirectory;
let clock: FakeClock;
let before: Partial<Figures>;
let lastDay: Partial<Figures>;
let backlog: Backlog;
beforeEach(() => {
  alerts = new MemoryAlertStore();
  tasks = new MemoryTaskDirectory([exampleTask()]);
  clock = new FakeClock();
  before = {};
  lastDay = {};
  const figures = new ScriptedFigures(({ from }) => [exampleFigures(from === 0 ? before : lastDay)]);
  backlog = new Backlog({ figures, tasks, alerts, workspaces: { all: async () => [WORKSPACE] }, clock });
});
const kinds = async () => (await alerts.allOpen(WORKSPACE)).map(({ kind }) => kind);

test('audits that wait for a day while none is answered raise one alert, until one is answered', async () => {
  before = { drawn: 30, audited: 10 };
  await backlog.checkAll();
  before = { drawn: 34, audited: 10 };
  await backlog.checkAll();
  const [alert, ...others] = await alerts.allOpen(WORKSPACE);
  assert.equal(others.length, 0);
  assert.deepEqual([alert?.kind, alert?.severity], ['audit_backlog', 'warning']);
  assert.equal(alert?.evidence.waiting_audits_older_than_a_day, 24);
  lastDay = { given: { audit: 1 } };
  await backlog.checkAll();
  assert.deepEqual(await kinds(), []);
});

test('a queue grows when more comes in than is answered and a day’s work waits from before', async () => {
  before = { review: 500, reviewed: 300 };
  lastDay = { review: 100, drawn: 5, given: { reviewer: 80, audit: 5 } };
  await backlog.checkAll();
  assert.deepEqual(await kinds(), ['review_backlog']);
  lastDay = { review: 90, drawn: 5, given: { reviewer: 80, audit: 5 } };
  await backlog.checkAll();
  assert.deepEqual(await kinds(), [], 'it does not grow by a fifth any more');
  before = { review: 500, reviewed: 490 };
  lastDay = { review: 100, given: { reviewer: 1 } };
  await backlog.checkAll();
  assert.deepEqual(await kinds(), [], 'few wait from before the last day');
});

test('an alert about a suspension is resolved by a newer certificate in force, and by nothing else', async () => {
  await alerts.raise(exampleAlert(WORKSPACE, { subject: 'crt_1' }));
  await backlog.checkAll();
  assert.deepEqual(await kinds(), ['error_budget_exceeded'], 'the same certificate');
  tasks.tasks = [exampleTask({ certificate: { id: 'crt_2', status: 'not_certifiable_yet', version: '8', at: 0 } })];
  await backlog.checkAll();
  assert.deepEqual(await kinds(), ['error_budget_exceeded'], 'nothing in force');
  tasks.tasks = [exampleTask({ certificate: { id: 'crt_2', status: 'certified', version: '8', at: 0 } })];
  await backlog.checkAll();
  assert.deepEqual(await kinds(), []);
  const [resolved] = await alerts.list(WORKSPACE, {}, { limit: 1 });
  assert.match(resolved!.resolution!, /crt_2/);
});

test('alerts of a deleted task are resolved', async () => {
  before = { drawn: 30, audited: 10 };
  await backlog.checkAll();
  tasks.tasks = [];
  await backlog.checkAll();
  assert.deepEqual(await kinds(), []);
});

test('an alert about a version without a certificate lasts while it answers so', async () => {
  tasks.tasks = [exampleTask({ uncertified: '7' })];
  const evidence = { model_version: '7' };
  await alerts.raise(exampleAlert(WORKSPACE, { kind: 'uncertified_error', subject: 'uncertified:task_1:7', evidence }));
  await backlog.checkAll();
  assert.deepEqual(await kinds(), ['uncertified_error']);
  tasks.tasks = [exampleTask({ uncertified: '8' })];
  await backlog.checkAll();
  assert.deepEqual(await kinds(), []);
});

test('an alert about the workspace is left to whoever opened it', async () => {
  await alerts.raise(exampleAlert(WORKSPACE, { taskId: '', task: '', kind: 'webhook_disabled', subject: 'whk_1' }));
  await backlog.checkAll();
  assert.deepEqual(await kinds(), ['webhook_disabled']);
});
