import assert from 'node:assert/strict';
import { test } from 'node:test';
import { idTime, isId, newId } from './ids.ts';

test('ids carry their time and sort in the order they were made', () => {
  const time = Date.UTC(2026, 5, 1, 12);
  const ids = Array.from({ length: 1000 }, () => newId('dec', time));
  assert.deepEqual([...ids].sort(), ids);
  assert.equal(new Set(ids).size, ids.length);
  assert.equal(idTime(ids[0]!), time);
  assert.ok(newId('dec', time + 1) > ids.at(-1)!);
});

test('isId refuses other prefixes and other alphabets', () => {
  const id = newId('job', 1);
  assert.ok(isId('job', id));
  assert.ok(!isId('dec', id));
  assert.ok(!isId('job', `${id}x`));
  assert.ok(!isId('job', id.toUpperCase()));
  assert.ok(!isId('job', 'job_zzzzzzzzzzzzzzzzzzzzzzzzzz'));
  assert.ok(!isId('job', 'job_../../../../etc/passwd....'));
});
