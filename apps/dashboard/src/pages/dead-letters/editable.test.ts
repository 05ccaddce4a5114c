import assert from 'node:assert/strict';
import { test } from 'node:test';
import { editableOf, editOf } from './editable.ts';

const job = { kind: 'job', id: 'job_1' } as const;
const source = { kind: 'source', id: 'src_1' } as const;
const text = (data: string) => ({ encoding: 'text', data, bytes: data.length }) as const;

test('of a job’s letter the input is edited, of any other the content', () => {
  const item = text('{"input":{"text":"hi"},"external_id":"c-1"}');
  assert.equal(editableOf({ origin: job, body: item }), '{\n  "text": "hi"\n}');
  assert.equal(editableOf({ origin: source, body: text('{"a":1}') }), '{\n  "a": 1\n}');
  assert.equal(editableOf({ origin: source, body: text('{broken') }), '{broken');
});

test('what is no text, or is gone, is not edited', () => {
  assert.equal(editableOf({ origin: source, body: { encoding: 'base64', data: '/w==', bytes: 1 } }), null);
  assert.equal(editableOf({ origin: source, body: null }), null);
  assert.equal(editableOf({ origin: job, body: text('[]') }), null);
});

test('a job’s input has to be JSON, a message may be any text', () => {
  assert.deepEqual(editOf({ origin: job }, '{"text":"hello"}'), { input: { text: 'hello' }, problem: null });
  assert.match(editOf({ origin: job }, '{"text":').problem!, /not JSON/);
  assert.deepEqual(editOf({ origin: source }, 'plain words'), { input: 'plain words', problem: null });
  assert.match(editOf({ origin: source }, '  ').problem!, /not JSON/);
});
