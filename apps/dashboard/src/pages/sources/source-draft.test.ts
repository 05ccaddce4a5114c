import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Source } from '@understudy/client';
import { draftOf, draftProblem, emptyDraft, requestOf } from './source-draft.ts';

const source: Source = {
  id: 'src_1',
  source: 'comments',
  bus: 'main',
  topic: 'comments',
  group: 'understudy-comments',
  task: 'moderation',
  format: 'cloudevents',
  mapping: {
    input: { text: '$.data.body' },
    external_id: '$.data.id',
    attributes: { country: '$.data.country' },
  },
  reply_to: { bus: 'rabbit', topic: 'answers', from_message: true },
  state: 'running',
  problem: null,
  failing_since: null,
  lag: 3,
  workers: 1,
  counts: { messages: 9, decided: 8, unprocessable: 1, duplicates: 0 },
  last_message_at: null,
  created_at: '2026-11-21T09:00:00Z',
  updated_at: '2026-11-21T09:00:00Z',
};

test('a source that is opened and saved unchanged stays what it was', () => {
  const { bus, topic, group, task, format, mapping, reply_to } = source;
  assert.deepEqual(requestOf(draftOf(source)), { bus, topic, group, task, format, mapping, reply_to });
});

test('what is empty is not sent, and spaces around are none of it', () => {
  const draft = { ...emptyDraft, topic: ' items ', task: 'moderation', attributes: [{ name: '', path: '' }] };
  assert.deepEqual(requestOf(draft), {
    bus: 'postgres',
    topic: 'items',
    task: 'moderation',
    format: 'json',
    mapping: { input: { text: '$.text' } },
  });
});

test('what is missing is said in words', () => {
  const draft = { ...emptyDraft, topic: 'items', task: 'moderation' };
  assert.equal(draftProblem(draft), null);
  assert.match(draftProblem({ ...draft, topic: ' ' })!, /topic/);
  assert.match(draftProblem({ ...draft, text: '' })!, /text/);
  assert.match(draftProblem({ ...draft, attributes: [{ name: 'country', path: '' }] })!, /attribute/);
  assert.match(draftProblem({ ...draft, replies: true })!, /answers/);
  assert.equal(draftProblem({ ...draft, replies: true, fromMessage: true }), null);
});
