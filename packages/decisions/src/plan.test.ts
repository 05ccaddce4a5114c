import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import { FakeClock } from '@understudy/kernel/testing';
import { decisionsErrors } from './errors.ts';
import { LivePlans } from './plan.ts';
import type { LivePlan, PlanSource, ServingVersion } from './ports.ts';
import { withDefaults } from './task.ts';

const planOf = (version: string | null): LivePlan => ({
  task: {
    id: 'task_1',
    workspace: 'ws_1',
    slug: 't',
    definition: withDefaults('t', { kind: 'text_classification', labels: [{ name: 'a' }] }),
    revision: 1,
    version: 1,
    createdAt: 0,
    updatedAt: 0,
  },
  certificate: null,
  champion:
    version === null ? null : { model: 't', version, format: 'f', artifact: { key: 'k', sha256: 's', bytes: 1 } },
  labelSet: new Set(['a']),
});

/** Answers each load when told to. */
class HeldSource implements PlanSource {
  readonly loads: { current: string | null; answer(version: string): void; fail(error: Error): void }[] = [];

  load(_workspace: string, _slug: string, current: ServingVersion | null): Promise<LivePlan> {
    return new Promise((resolve, reject) => {
      this.loads.push({
        current: current?.version ?? null,
        answer: (version) => resolve(planOf(version)),
        fail: reject,
      });
    });
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

let clock: FakeClock;
let source: HeldSource;
let plans: LivePlans;
beforeEach(() => {
  clock = new FakeClock();
  source = new HeldSource();
  plans = new LivePlans(source, clock);
});

const get = () => plans.get('ws_1', 't');
const versionOf = (plan: LivePlan | Promise<LivePlan>) => {
  assert.ok(!(plan instanceof Promise), 'expected a plan at once');
  return plan.champion?.version;
};

async function loaded(version: string): Promise<void> {
  const first = get();
  source.loads.at(-1)!.answer(version);
  await first;
}

test('requests that come together share one load', async () => {
  const asked = Array.from({ length: 100 }, get);
  assert.equal(source.loads.length, 1);
  source.loads[0]!.answer('1');
  for (const plan of await Promise.all(asked)) assert.equal(plan.champion?.version, '1');
});

test('a fresh plan comes at once and costs no load', async () => {
  await loaded('1');
  clock.advance(499);
  assert.equal(versionOf(get()), '1');
  assert.equal(source.loads.length, 1);
});

test('an ageing plan still serves while one load renews it', async () => {
  await loaded('1');
  clock.advance(600);
  assert.deepEqual([versionOf(get()), versionOf(get())], ['1', '1']);
  assert.equal(source.loads.length, 2);
  assert.equal(source.loads[1]!.current, '1');
  source.loads[1]!.answer('2');
  await turn();
  assert.equal(versionOf(get()), '2');
});

test('a promotion is served after 1.5 seconds at the latest', async () => {
  await loaded('1');
  clock.advance(1500);
  const waiting = get();
  assert.ok(waiting instanceof Promise);
  source.loads[1]!.answer('2');
  assert.equal((await waiting).champion?.version, '2');
});

test('a plan is as old as the beginning of its reading', async () => {
  const first = get();
  clock.advance(1600); // the champion took its time to load
  source.loads[0]!.answer('1');
  await first;
  assert.ok(get() instanceof Promise);
  assert.equal(source.loads.length, 2);
});

test('a failed renewal is tried again; the plan serves until it is too old', async () => {
  await loaded('1');
  clock.advance(600);
  assert.equal(versionOf(get()), '1');
  source.loads[1]!.fail(new Error('the database is away'));
  await turn();
  assert.equal(versionOf(get()), '1');
  source.loads[2]!.fail(new Error('the database is away'));
  await turn();
  clock.advance(1000);
  const waiting = get();
  source.loads[3]!.fail(new Error('the database is away'));
  await assert.rejects(Promise.resolve(waiting), /away/);
  await loaded('2');
  assert.equal(versionOf(get()), '2');
});

test('a failed first load is not kept', async () => {
  const first = get();
  source.loads[0]!.fail(new Error('the database is away'));
  await assert.rejects(Promise.resolve(first), /away/);
  await loaded('1');
  assert.equal(versionOf(get()), '1');
});

test('a task that is gone is not served any longer', async () => {
  await loaded('1');
  clock.advance(600);
  get();
  source.loads[1]!.fail(decisionsErrors.task_not_found('gone'));
  await turn();
  assert.ok(get() instanceof Promise);
});

test('what was forgotten is read again, also while an older reading is under way', async () => {
  const old = get();
  plans.forget('ws_1', 't');
  const fresh = get();
  assert.equal(source.loads.length, 2);
  source.loads[1]!.answer('2');
  assert.equal((await fresh).champion?.version, '2');
  source.loads[0]!.answer('1');
  assert.equal((await old).champion?.version, '1'); // asked before the edit
  assert.equal(versionOf(get()), '2');
});

test('an older reading that ends first does not stand in for the newer one', async () => {
  const old = get();
  plans.forget('ws_1', 't');
  const fresh = get();
  source.loads[0]!.answer('1');
  await old;
  assert.ok(get() instanceof Promise);
  source.loads[1]!.answer('2');
  assert.equal((await fresh).champion?.version, '2');
  assert.equal(versionOf(get()), '2');
});

test('a promotion is read at once, while the champion in use goes on serving for a second at most', async () => {
  await loaded('1');
  clock.advance(600);
  get(); // a reading from before the promotion
  plans.renew('ws_1', 't');
  assert.equal(source.loads.length, 3);
  source.loads[1]!.answer('1');
  await turn();
  clock.advance(900);
  assert.equal(versionOf(get()), '1');
  source.loads[2]!.answer('2');
  await turn();
  assert.equal((await get()).champion?.version, '2');
  plans.renew('ws_1', 't');
  clock.advance(1000);
  assert.ok(get() instanceof Promise, 'the new champion takes too long: requests wait for it');
  const loads = source.loads.length;
  plans.renew('ws_1', 'unknown');
  assert.equal(source.loads.length, loads, 'what nobody asks for is not read');
});

test('a clock that is set back does not keep a plan alive', async () => {
  await loaded('1');
  clock.advance(-3_600_000);
  assert.ok(get() instanceof Promise);
});

test('of more tasks than there is room for, the oldest make room', async () => {
  let loads = 0;
  const small = new LivePlans({ load: async () => planOf(String(++loads)) }, clock, 2);
  for (const slug of ['a', 'b', 'c']) await small.get('ws_1', slug);
  await small.get('ws_1', 'c');
  assert.equal(loads, 3);
  await small.get('ws_1', 'a');
  assert.equal(loads, 4);
});

test('a plan read after an instant is not the one in use, nor the one whose reading had begun', async () => {
  await loaded('1');
  clock.advance(600);
  get();
  assert.equal(source.loads.length, 2);
  clock.advance(1);
  const instant = clock.now();
  const asked = Array.from({ length: 10 }, () => plans.readAfter('ws_1', 't', instant));
  source.loads[1]!.answer('2');
  await turn();
  assert.equal(source.loads.length, 3, 'all share one load, begun after the instant');
  source.loads[2]!.answer('3');
  for (const plan of await Promise.all(asked)) assert.equal(plan.champion?.version, '3');
  assert.equal((await plans.readAfter('ws_1', 't', instant)).champion?.version, '3');
  assert.equal(source.loads.length, 3);
});

test('a plan read after an instant says so when the task is gone', async () => {
  await loaded('1');
  clock.advance(1);
  const asked = plans.readAfter('ws_1', 't', clock.now());
  source.loads[1]!.fail(decisionsErrors.task_not_found('no task t'));
  await assert.rejects(asked, { code: 'task_not_found' });
});
