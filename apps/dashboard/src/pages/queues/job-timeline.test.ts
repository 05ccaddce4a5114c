import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { JobSummary } from '@understudy/client';
import { jobTimeline } from './job-timeline.ts';

const job: JobSummary = {
  id: 'job_1',
  task: 'comments',
  status: 'queued',
  priority: 5,
  attempts: 0,
  progress: { done: 0, total: 1, unit: 'items', eta_seconds: null },
  error: null,
  not_before: null,
  created_at: '2026-11-21T09:00:00Z',
  started_at: null,
  finished_at: null,
};
const titles = (facts: Partial<JobSummary>) => jobTimeline({ ...job, ...facts }).map(({ title }) => title);

test('what happened stands in order, what is to come has no time', () => {
  assert.deepEqual(titles({}), ['Accepted', 'A worker takes it up', 'Done']);
  assert.deepEqual(titles({ not_before: '2026-11-22T09:00:00Z' })[1], 'Due');
  assert.deepEqual(
    titles({ error: { code: 'model_unavailable', detail: 'no model' }, attempts: 1 })[1],
    'To be tried again',
  );
  const started = { status: 'running', started_at: '2026-11-21T09:00:01Z', attempts: 1 } as const;
  assert.deepEqual(titles(started), ['Accepted', 'Taken up by a worker', 'Done']);
  for (const [status, last] of [
    ['succeeded', 'Done'],
    ['failed', 'Given up'],
    ['cancelled', 'Cancelled'],
  ] as const) {
    const entries = jobTimeline({ ...job, ...started, status, finished_at: '2026-11-21T09:00:02Z' });
    assert.equal(entries.at(-1)!.title, last);
    assert.ok(entries.every(({ at }) => at != null));
  }
});
