import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorCatalogues } from './error-catalogue.ts';
import { statusOf } from './status.ts';

test('every code of every room has a status, and every status a code', () => {
  const codes = new Set(errorCatalogues.flatMap(({ catalogue }) => Object.keys(catalogue)));
  assert.deepEqual([...codes].filter((code) => !(code in statusOf)).sort(), []);
  assert.deepEqual(
    Object.keys(statusOf)
      .filter((code) => !codes.has(code))
      .sort(),
    [],
  );
});

test('a code that several rooms declare means the same everywhere', () => {
  const seen = new Map<string, { room: string; title: string; retryable: boolean }>();
  for (const { room, catalogue } of errorCatalogues) {
    for (const [code, { title, retryable }] of Object.entries(catalogue)) {
      const before = seen.get(code);
      if (before === undefined) seen.set(code, { room, title, retryable });
      else assert.equal(retryable, before.retryable, `${code}: ${room} and ${before.room} disagree`);
    }
  }
});

test('what says it is retryable has a status that clients retry, and the reverse', () => {
  for (const { catalogue } of errorCatalogues) {
    for (const [code, { retryable }] of Object.entries(catalogue)) {
      const status = statusOf[code]!;
      if (status === 503 || status === 429) assert.ok(retryable, code);
      if (status === 401 || status === 403 || status === 404 || status === 422) assert.ok(!retryable, code);
    }
  }
});
