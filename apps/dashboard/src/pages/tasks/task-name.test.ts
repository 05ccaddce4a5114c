import assert from 'node:assert/strict';
import { test } from 'node:test';
import { slugOf, slugProblem } from './task-name.ts';

test('a name for addresses is made out of any title', () => {
  assert.equal(slugOf('Comment moderation!'), 'comment-moderation');
  assert.equal(slugOf('  Größe & Maß 2 '), 'grosse-mass-2');
  assert.equal(slugOf('2nd level: inquiries'), 'nd-level-inquiries');
  assert.equal(slugOf('日本'), '');
  assert.equal(slugOf(`${'a'.repeat(62)} b`), 'a'.repeat(62));
});

test('what is made can be used; what cannot be used is told', () => {
  for (const title of ['Comment moderation!', 'Größe', 'a', 'A-']) assert.equal(slugProblem(slugOf(title)), null);
  for (const slug of ['', '-a', 'A', '1a', 'a b', 'a'.repeat(64)]) assert.notEqual(slugProblem(slug), null);
});
