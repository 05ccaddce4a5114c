import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { type SimulationPlan, simulate } from './simulation.ts';

/** Full size: UNDERSTUDY_TEST_SEEDS=10000. A failure prints the plan; UNDERSTUDY_TEST_SEED runs fast-check's seed again. */
const SEEDS = Number(process.env.UNDERSTUDY_TEST_SEEDS ?? 600);
const SEED = process.env.UNDERSTUDY_TEST_SEED;

const share = (most: number) => fc.double({ min: 0, max: most, noNaN: true });
const plans: fc.Arbitrary<SimulationPlan> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  workers: fc.integer({ min: 1, max: 4 }),
  jobs: fc.integer({ min: 1, max: 12 }),
  workspaces: fc.integer({ min: 1, max: 3 }),
  limit: fc.integer({ min: 1, max: 5 }),
  faults: fc.record({
    flaky: share(0.4),
    poison: share(0.2),
    deadly: share(0.1),
    lostBefore: share(0.2),
    lostAfter: share(0.2),
    kill: share(0.05),
    freeze: share(0.05),
    leap: share(0.05),
  }),
});

test(`simulation, ${SEEDS} seeds: nothing lost, nothing twice, nothing out of nowhere, nobody starves`, async () => {
  const seen = { kills: 0, fenced: 0, succeeded: 0, failed: 0, cancelled: 0, repeats: 0 };
  await fc.assert(
    fc.asyncProperty(plans, async (plan) => {
      const result = await simulate(plan);
      assert.deepEqual(result.phantoms, []);
      assert.equal(result.jobs.length, plan.jobs, 'a repeated key made no other job');
      for (const { job, status, effects, letters, repeats } of result.jobs) {
        if (status === 'succeeded') assert.deepEqual([effects, letters], [job.items.length, 0], job.id);
        else if (status === 'failed') {
          assert.equal(effects + letters, job.items.length, job.id);
          assert.ok(letters > 0, job.id);
        } else {
          assert.equal(status, 'cancelled', job.id);
          assert.ok(effects + letters < job.items.length, job.id);
        }
        seen[status as 'succeeded' | 'failed' | 'cancelled']++;
        seen.repeats += repeats;
      }
      assert.ok(result.longestWait <= plan.workspaces, `a workspace waited ${result.longestWait} claims`);
      seen.kills += result.kills;
      seen.fenced += result.fenced;
    }),
    { numRuns: SEEDS, ...(SEED === undefined ? {} : { seed: Number(SEED) }) },
  );
  // The world was as bad as it should be, or nothing was shown.
  for (const [what, count] of Object.entries(seen)) assert.ok(count > 0, `no ${what}`);
});

test('the same plan does the same', async () => {
  const faults = {
    flaky: 0.3,
    poison: 0.1,
    deadly: 0.1,
    lostBefore: 0.1,
    lostAfter: 0.1,
    kill: 0.03,
    freeze: 0.03,
    leap: 0.03,
  };
  const plan = { seed: 7, workers: 3, jobs: 10, workspaces: 3, limit: 4, faults };
  const facts = async () => {
    const { steps, kills, fenced, jobs } = await simulate(plan);
    return [steps, kills, fenced, jobs.map(({ status, effects, letters }) => [status, effects, letters])];
  };
  assert.deepEqual(await facts(), await facts());
});
