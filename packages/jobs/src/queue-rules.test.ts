import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { choose, isolation, lastServed, turnOrder, type Waiting } from './queue-rules.ts';
import { backoffMs, DEFAULT_RETRY, RetryBudget } from './retry.ts';

const waiting = fc
  .array(
    fc.record({
      workspace: fc.constantFrom('a', 'b', 'c', 'd'),
      task: fc.constantFrom('t', 'u'),
      priority: fc.integer({ min: 0, max: 9 }),
      readyAt: fc.integer({ min: 0, max: 20 }),
      weight: fc.constantFrom(1, 1, 1, 5, 200),
    }),
    { maxLength: 60 },
  )
  .map((jobs): Waiting[] => jobs.map((job, i) => ({ ...job, id: `job_${String(i).padStart(3, '0')}` })));
const limits = fc.record({
  limit: fc.integer({ min: 1, max: 300 }),
  concurrency: fc.integer({ min: 1, max: 300 }),
  after: fc.constantFrom('', 'a', 'b', 'z'),
});

test('nobody gets more than one job ahead of a workspace that still waits and may be served', () => {
  fc.assert(
    fc.property(waiting, limits, (jobs, given) => {
      const now = 10;
      const chosen = choose(jobs, new Map(), now, { ...given, concurrency: 1_000_000 });
      const weightOf = (workspace: string, of: readonly Waiting[]) =>
        of.filter((job) => job.workspace === workspace).reduce((sum, { weight }) => sum + weight, 0);
      const left = jobs.filter((job) => job.readyAt <= now && !chosen.includes(job));
      for (const behind of new Set(left.map(({ workspace }) => workspace))) {
        for (const ahead of new Set(chosen.map(({ workspace }) => workspace))) {
          const lead = weightOf(ahead, chosen) - weightOf(behind, chosen);
          const last = chosen.filter(({ workspace }) => workspace === ahead).at(-1)!.weight;
          assert.ok(lead <= last, `${ahead} is ${lead} ahead of ${behind}`);
        }
      }
    }),
  );
});

test('never before its time, never over a task’s room but for the last job, never idle while somebody may be served', () => {
  fc.assert(
    fc.property(waiting, limits, fc.integer({ min: 0, max: 300 }), (jobs, given, busy) => {
      const running = new Map([['a/t', busy]]);
      const chosen = choose(jobs, running, 10, given);
      assert.ok(chosen.every(({ readyAt }) => readyAt <= 10));
      assert.equal(new Set(chosen).size, chosen.length);
      const inTask = (job: Waiting) => `${job.workspace}/${job.task}`;
      const total = (of: readonly Waiting[]) => of.reduce((sum, { weight }) => sum + weight, 0);
      for (const [task, some] of Map.groupBy(chosen, inTask)) {
        assert.ok((running.get(task) ?? 0) + total(some.slice(0, -1)) < given.concurrency);
      }
      if (total(chosen) >= given.limit) return assert.ok(total(chosen.slice(0, -1)) < given.limit);
      for (const job of jobs) {
        if (job.readyAt > 10 || chosen.includes(job)) continue;
        const used = (running.get(inTask(job)) ?? 0) + total(chosen.filter((other) => inTask(other) === inTask(job)));
        assert.ok(used >= given.concurrency, `${job.id} could have been served`);
      }
    }),
  );
});

test('within a workspace the higher priority, then the earlier', () => {
  const job = (id: string, priority: number, readyAt: number): Waiting => ({
    workspace: 'a',
    task: 't',
    id,
    priority,
    readyAt,
    weight: 1,
  });
  const jobs = [job('late', 5, 9), job('early', 5, 1), job('urgent', 9, 9), job('future', 9, 11)];
  const order = choose(jobs, new Map(), 10, { limit: 10, concurrency: 10, after: '' });
  assert.deepEqual(
    order.map(({ id }) => id),
    ['urgent', 'early', 'late'],
  );
});

test('turns go round', () => {
  assert.deepEqual(turnOrder(['c', 'a', 'b', 'a'], 'a'), ['b', 'c', 'a']);
  assert.equal(lastServed(['c', 'a'], 'b'), 'a');
  assert.equal(lastServed(['c', 'b'], ''), 'c');
  assert.equal(lastServed([], 'b'), '');
});

test('what was lost before is tried in ever smaller company, at last alone', () => {
  assert.deepEqual(
    [0, 1, 2, 3, 4, 9].map((lost) => isolation(lost, 200)),
    [200, 12, 3, 1, 1, 1],
  );
});

test('pauses double up to a bound, with full jitter', () => {
  const pause = (attempt: number, random: number) => backoffMs(DEFAULT_RETRY, attempt, () => random);
  assert.deepEqual(
    [1, 2, 3, 9, 40].map((attempt) => pause(attempt, 0.999_999)),
    [1000, 2000, 4000, 256_000, 300_000],
  );
  assert.equal(pause(3, 0.5), 2000);
  assert.equal(pause(3, 0), 50);
});

test('a clock that goes back earns no retries', () => {
  const budget = new RetryBudget(1_000_000, 0);
  assert.equal(budget.spend(0), false);
  assert.equal(budget.spend(4_000), false);
  assert.equal(budget.spend(6_000), true);
  assert.equal(budget.spend(6_000), false);
});
