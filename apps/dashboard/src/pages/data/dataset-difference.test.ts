import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { DatasetVersion } from '@understudy/client';
import { difference, shortId } from './dataset-difference.ts';

const version = (rows: number, labels: Record<string, number>): DatasetVersion => ({
  id: `sha256:${'a'.repeat(64)}`,
  rows,
  labels: Object.entries(labels).map(([name, count]) => ({ name, rows: count })),
  groups: rows,
  conflicts: 0,
  sources: [{ name: 'import', rows }],
  created_at: '2026-11-21T07:00:00.000Z',
});

test('labels that came, went and stayed; the largest change first', () => {
  const { labels, totals } = difference(version(30, { spam: 20, ok: 10 }), version(45, { ok: 12, ads: 33 }));
  assert.deepEqual(labels, [
    { name: 'ads', before: 0, after: 33 },
    { name: 'spam', before: 20, after: 0 },
    { name: 'ok', before: 10, after: 12 },
  ]);
  assert.deepEqual(totals[0], { name: 'Examples', before: 30, after: 45 });
});

test('an id in short', () => {
  assert.equal(shortId(`sha256:${'0123456789abcdef'.repeat(4)}`), '0123456789ab');
});
