import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ValueReport } from '@understudy/client';
import { fileName, linkTo, reportWindow, windowOf } from './value-window.ts';

test('a period is a window that ends now; all of it has no beginning', () => {
  const now = Date.parse('2026-11-21T08:00:00Z');
  assert.deepEqual(windowOf('7d', undefined, now), { from: '2026-11-14T08:00:00.000Z' });
  assert.deepEqual(windowOf('all', 'sorting', now), { task: 'sorting' });
});

test('what is downloaded is of the hours that are shown', () => {
  const report = {
    task: null,
    from: '2026-11-14T08:00:00.000Z',
    to: '2026-11-21T09:00:00.000Z',
    bucket: 'day',
  } as ValueReport;
  assert.equal(
    linkTo('/v1/value/export', reportWindow(report)),
    '/v1/value/export?from=2026-11-14T08%3A00%3A00.000Z&to=2026-11-21T09%3A00%3A00.000Z&bucket=day',
  );
  assert.equal(fileName(report, 'csv'), 'value-all-2026-11-14-2026-11-21.csv');
  assert.equal(fileName({ ...report, task: 'sorting' }, 'ndjson'), 'value-sorting-2026-11-14-2026-11-21.ndjson');
});
