import assert from 'node:assert/strict';
import { test } from 'node:test';
import { defineErrors, silentLogger } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import { Registry } from 'prom-client';
import { type FigureSource, QueueGauges } from './queue-gauges.ts';

function gaugesOf(...sources: FigureSource[]) {
  const registry = new Registry();
  const clock = new FakeClock();
  const gauges = new QueueGauges({ registry, sources, clock, logger: silentLogger });
  const shown = async () =>
    (await registry.metrics()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return { gauges, clock, shown };
}

test('figures are shown as they were sampled last, and not at all before and long after', async () => {
  let queued = 3;
  const jobs = { name: 'jobs', sample: async () => ({ understudy_jobs_queued: queued, understudy_jobs_running: 0 }) };
  const { gauges, clock, shown } = gaugesOf(jobs);
  assert.deepEqual(await shown(), []);
  await gauges.sample();
  queued = 5;
  assert.deepEqual(await shown(), ['understudy_jobs_queued 3', 'understudy_jobs_running 0']);
  await gauges.sample();
  assert.deepEqual(await shown(), ['understudy_jobs_queued 5', 'understudy_jobs_running 0']);
  clock.advance(40_000);
  assert.deepEqual(await shown(), []);
});

test('a figure may have a label', async () => {
  const letters = {
    name: 'dead letters',
    sample: async () => ({
      'understudy_dead_letters{kind="failed"}': 2,
      'understudy_dead_letters{kind="unprocessable"}': 7,
    }),
  };
  const { gauges, shown } = gaugesOf(letters);
  await gauges.sample();
  assert.deepEqual(await shown(), [
    'understudy_dead_letters{kind="failed"} 2',
    'understudy_dead_letters{kind="unprocessable"} 7',
  ]);
});

test('one source that cannot answer keeps no other from being shown', async () => {
  const { away } = defineErrors({ away: { title: 'Away', description: 'Away.', retryable: true } });
  const broken = { name: 'broken', sample: () => Promise.reject(away('it is away')) };
  const fine = { name: 'fine', sample: async () => ({ understudy_source_lag: 1 }) };
  const { gauges, shown } = gaugesOf(broken, fine);
  await gauges.sample();
  assert.deepEqual(await shown(), ['understudy_source_lag 1']);
});

test('a name that nobody has described is refused', async () => {
  const wrong = { name: 'wrong', sample: async () => ({ understudy_misspelt: 1 }) };
  await assert.rejects(gaugesOf(wrong).gauges.sample(), /understudy_misspelt is not a figure/);
});
