import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Certificate } from './certificate.ts';
import { covers } from './certificate.ts';
import { costOf } from './cost.ts';
import { rank, settle, toPerson } from './outcome.ts';
import { type Task, withDefaults } from './task.ts';

const answer = (scores: Record<string, number>) => ({
  labels: Object.keys(scores),
  probabilities: Float32Array.from(Object.values(scores)),
  microseconds: 1,
});
const all = (scores: Record<string, number>) => rank(answer(scores), new Set(Object.keys(scores)));
const task = (automation: Task['definition']['automation']): Task => ({
  id: 'task_1',
  workspace: 'ws_1',
  slug: 't',
  definition: withDefaults('t', { kind: 'text_classification', labels: [{ name: 'a' }, { name: 'b' }], automation }),
  revision: 1,
  version: 1,
  createdAt: 0,
  updatedAt: 0,
});

const rule = (automation: Task['definition']['automation'], certificate: Certificate | null = null) => ({
  task: task(automation),
  certificate,
  labelSet: new Set(['a', 'b']),
});
const certificate: Certificate = {
  id: 'crt_1',
  workspace: 'ws_1',
  taskId: 'task_1',
  taskRevision: 1,
  model: 't',
  version: '7',
  dataset: 'sha256:1',
  rowsDigest: '',
  maxError: 0.05,
  confidence: 0.95,
  status: 'certified',
  threshold: 0.9,
  score: { kind: 'top_probability' },
  evidence: { labelled: 100, accepted: 90, errors: 0, pValue: 0.01, method: 'test' },
  expectedCoverage: 0.9,
  needed: null,
  assumptions: [],
  issuedAt: 0,
  suspension: null,
};

test('the best five labels come first, equals in the order of the model', () => {
  const ranked = all({ a: 0.05, b: 0.4, c: 0.05, d: 0.2, e: 0.05, f: 0.2, g: 0.05 });
  assert.deepEqual(
    ranked.map(({ label }) => label),
    ['b', 'd', 'f', 'a', 'c'],
  );
  assert.deepEqual(ranked[0], { label: 'b', score: 0.4 });
});

test('scores that only differ beyond a millionth are equal', () => {
  assert.deepEqual(
    all({ a: 0.25, b: 0.25000009 }).map(({ label }) => label),
    ['a', 'b'],
  );
});

test('a score that is no number is no candidate', () => {
  assert.deepEqual(all({ a: Number.NaN, b: 0.7, c: Number.NaN, d: Number.POSITIVE_INFINITY, e: 0.2 }), [
    { label: 'b', score: 0.7 },
    { label: 'e', score: 0.2 },
  ]);
  assert.deepEqual(all({ a: Number.NaN }), []);
});

test('a label that the task no longer has is never an answer', () => {
  assert.deepEqual(rank(answer({ gone: 0.9, a: 0.1 }), new Set(['a', 'new'])), [{ label: 'a', score: 0.1 }]);
});

test('without a certificate and without `uncertified` everything goes to a person, with a suggestion', () => {
  const outcome = settle(rule({ mode: 'certified' }), answer({ a: 0.999, b: 0.001 }));
  assert.deepEqual(
    [outcome.outcome, outcome.label, outcome.reason, outcome.suggestion],
    ['review', null, 'not_certified', { label: 'a', confidence: 0.999 }],
  );
  assert.equal(settle(rule({ mode: 'off' }), answer({ a: 1, b: 0 })).reason, 'automation_off');
});

test('under a certificate the certified threshold decides, and nothing else', () => {
  const at = settle(rule({ mode: 'certified' }, certificate), answer({ a: 0.9, b: 0.1 }));
  assert.deepEqual([at.outcome, at.label, at.confidence, at.threshold], ['automated', 'a', 0.9, 0.9]);
  const below = settle(rule({ mode: 'certified' }, certificate), answer({ a: 0.899999, b: 0.1 }));
  assert.deepEqual(
    [below.outcome, below.label, below.reason, below.threshold],
    ['review', null, 'below_threshold', 0.9],
  );
  // A task that is switched off is not automated by its certificate.
  assert.equal(settle(rule({ mode: 'off' }, certificate), answer({ a: 1, b: 0 })).reason, 'automation_off');
});

test('a certificate covers the version, the labels and the budget that it names, and no other', () => {
  const served = task({ mode: 'certified' });
  const champion = { model: 't', version: '7' };
  assert.equal(covers(certificate, served, champion), true);
  assert.equal(covers(certificate, served, null), false);
  for (const other of [
    { status: 'suspended' as const },
    { status: 'superseded' as const },
    { version: '8' },
    { model: 'u' },
    { taskId: 'task_2' },
    { taskRevision: 2 },
    { maxError: 0.02 },
    { confidence: 0.9 },
    { threshold: null },
    { threshold: Number.NaN },
  ]) {
    assert.equal(covers({ ...certificate, ...other }, served, champion), false, JSON.stringify(other));
  }
});

test('`uncertified` automates at its own threshold and above', () => {
  const wish = rule({ mode: 'uncertified', min_confidence: 0.95 });
  // 0.95 as a 32-bit float lies just below 0.95; the rounded score is what counts and what is recorded.
  const at = settle(wish, answer({ a: 0.95, b: 0.05 }));
  assert.deepEqual([at.outcome, at.label, at.confidence, at.threshold], ['automated', 'a', 0.95, 0.95]);
  assert.equal(at.suggestion, null);
  const below = settle(wish, answer({ a: 0.949999, b: 0.05 }));
  assert.deepEqual([below.outcome, below.label, below.reason], ['review', null, 'below_threshold']);
});

test('a model that knows no label of the task leaves the item to a person, without a guess', () => {
  const outcome = settle(rule({ mode: 'uncertified', min_confidence: 0 }), answer({ gone: 1 }));
  assert.deepEqual(outcome, toPerson('no_model', null, []));
  assert.deepEqual([outcome.label, outcome.suggestion, outcome.confidence], [null, null, null]);
});

test('cost is rounded half up to a billionth, and keeps its places', () => {
  assert.deepEqual(costOf(0, 1, 'EUR'), { amount: '0.000000000', currency: 'EUR' });
  assert.equal(costOf(50, 0.05, 'EUR').amount, '0.000000001'); // 0.69 billionths
  assert.equal(costOf(1.8, 1, 'EUR').amount, '0.000000001'); // exactly half a billionth
  assert.equal(costOf(1.7, 1, 'EUR').amount, '0.000000000');
  assert.equal(costOf(3_600_000_000, 1.25, 'EUR').amount, '1.250000000');
  assert.equal(costOf(3_599_999_999_999, 0.001, 'USD').amount, '1.000000000');
});
