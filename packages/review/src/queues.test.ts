import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Principal } from '@understudy/kernel';
import { forecast, Queues } from './queues.ts';
import { exampleItem, exampleTask, fixedTasks, MemoryReviewStore } from './testing/index.ts';

const DAY = 86_400_000;
const now = Date.UTC(2026, 3, 8);
const waiting = { depth: 120, claimed: 0, oldestAt: now - DAY };
const pace = (over: object = {}) => ({
  taskId: 'task_1',
  medianSeconds: 30,
  verdictSeconds: 7 * 3600,
  arrived: 7 * 60,
  since: now - 7 * DAY,
  ...over,
});

test('says when nothing will wait, from what reviewers did and what comes', () => {
  // 60 minutes a day, of which 30 go to what arrives; 60 minutes wait.
  const outlook = forecast(waiting, [pace()], now);
  assert.deepEqual(
    [outlook.minutesWaiting, outlook.reviewerMinutesPerDay, outlook.arrivingPerDay, outlook.outlook],
    [60, 60, 60, 'shrinking'],
  );
  assert.equal(outlook.expectedEmptyAt, now + 2 * DAY);
});

test('does not guess: growing, unknown and empty are said as such', () => {
  const of = (depth: number, ...paces: ReturnType<typeof pace>[]) => {
    const { outlook, expectedEmptyAt } = forecast({ ...waiting, depth }, paces, now);
    return [outlook, expectedEmptyAt];
  };
  assert.deepEqual(of(120, pace({ arrived: 7 * 200 })), ['growing', null]);
  assert.deepEqual(of(120), ['unknown', null]);
  assert.deepEqual(of(120, pace({ medianSeconds: null, verdictSeconds: 0 })), ['unknown', null]);
  assert.deepEqual(of(0, pace()), ['empty', now]);
});

test('lists queues fullest first and leaves out tasks that are gone', async () => {
  const store = new MemoryReviewStore();
  const items = [
    exampleItem(),
    exampleItem({ task: 'mails', taskId: 'task_2' }),
    exampleItem({ task: 'mails', taskId: 'task_2' }),
    exampleItem({ task: 'gone', taskId: 'task_3' }),
  ];
  await store.apply(
    null as never,
    'ws_1',
    items.map((item) => ({ change: 'add', item })),
  );
  const tasks = fixedTasks(
    exampleTask(),
    exampleTask({ id: 'task_2', slug: 'mails', auditRate: 0, hideSuggestions: 0 }),
  );
  const queues = new Queues({ store, tasks, clock: { now: () => store.now } });
  const anna: Principal = { kind: 'api_key', workspace: 'ws_1', id: 'anna', scopes: new Set() };
  const { queues: found, total } = await queues.list(anna, null);
  assert.deepEqual(
    found.map(({ rules, depth, suggestionsHidden }) => [rules.slug, depth, suggestionsHidden]),
    [
      ['mails', 2, 0],
      ['comments', 1, 1],
    ],
  );
  assert.equal(total.depth, 3);
  assert.equal((await store.find('ws_1', items[3]!.id))?.closedReason, 'task_deleted');
});
