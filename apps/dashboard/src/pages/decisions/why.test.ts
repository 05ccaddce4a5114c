import assert from 'node:assert/strict';
import { test } from 'node:test';
import { whyOf } from './why.ts';

const facts = {
  outcome: 'review',
  label: null,
  suggestion: { label: 'spam', confidence: 0.71 },
  confidence: 0.71,
  threshold: 0.912,
  automation: 'certified',
  review: { item: 'itm_1', reason: 'below_threshold' },
  decided_by: { rung: 'own_model', model: 'comments', version: '7' },
  certificate: null,
} as const;

test('every reason of the API is told in words', () => {
  for (const reason of [
    'below_threshold',
    'not_certified',
    'automation_off',
    'no_model',
    'model_unavailable',
    'audit',
  ]) {
    const { title, text } = whyOf({ ...facts, review: { item: null, reason } });
    assert.equal(title, 'Why was this not automated?');
    assert.ok(reason === 'audit' || !text.includes(reason), `${reason} is not said in words: ${text}`);
  }
  assert.match(whyOf(facts).text, /“spam”.*71\.0\s%.*91\.2\s%/);
  assert.match(whyOf({ ...facts, review: { item: null, reason: 'not_certified' } }).text, /version 7/);
  assert.match(whyOf({ ...facts, review: { item: null, reason: 'something_new' } }).text, /something_new/);
});

test('automated answers say what is proved about them, and what is not', () => {
  const automated = {
    ...facts,
    outcome: 'automated',
    label: 'spam',
    suggestion: null,
    review: null,
    confidence: 0.97,
  } as const;
  assert.match(whyOf(automated).text, /proved/);
  assert.match(whyOf({ ...automated, automation: 'uncertified' }).text, /Nothing is proved/);
});
