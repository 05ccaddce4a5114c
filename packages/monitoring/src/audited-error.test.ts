import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CountSet } from '@understudy/ledger';
import { clopperPearson } from '@understudy/statistics';
import { auditedError, type EstimateOptions, knownShare, leastProbability } from './audited-error.ts';

const FIXED: EstimateOptions = { confidence: 0.95, interval: 'fixed', minProbability: 0.02 };
const ANYTIME: EstimateOptions = { ...FIXED, interval: 'anytime' };

const audited = (probability: number, right: number, wrong: number): CountSet['truth'] => [
  { lane: 'audited', outcome: 'automated', right: true, probability, decisions: right },
  { lane: 'audited', outcome: 'automated', right: false, probability, decisions: wrong },
];

test('one probability: the plain share with the exact interval; what is pending is told', () => {
  const set: CountSet = {
    automated: [{ probability: 0.02, decisions: 10_000, drawn: 210 }],
    review: [],
    truth: audited(0.02, 190, 10),
  };
  const error = auditedError(set, FIXED);
  assert.deepEqual([error.estimate, error.audited, error.wrong, error.drawn, error.pending], [0.05, 200, 10, 210, 10]);
  assert.deepEqual({ low: error.low, high: error.high }, clopperPearson(10, 200, 0.95));
  assert.match(error.method, /Clopper–Pearson/);
});

test('unequal probabilities: strata count as often as they occur, not as often as they are audited', () => {
  const set: CountSet = {
    automated: [
      { probability: 0.5, decisions: 1_000, drawn: 500 },
      { probability: 0.05, decisions: 9_000, drawn: 450 },
    ],
    review: [],
    truth: [...audited(0.5, 400, 100), ...audited(0.05, 450, 0)],
  };
  const error = auditedError(set, { ...FIXED, minProbability: 0.05 });
  assert.equal(error.estimate, 0.02);
  assert.ok(error.low < 0.02 && error.high > 0.02 && error.high < 0.2, JSON.stringify(error));
  assert.match(error.method, /1\/π/);
});

test('the interval for every look is wider than that for one, and both hold their estimate', () => {
  const set: CountSet = {
    automated: [{ probability: 0.02, decisions: 50_000, drawn: 1_000 }],
    review: [],
    truth: audited(0.02, 970, 30),
  };
  const [fixed, anytime] = [auditedError(set, FIXED), auditedError(set, ANYTIME)];
  assert.ok(anytime.low < fixed.low && anytime.high > fixed.high);
  assert.ok(anytime.low < 0.03 && 0.03 < anytime.high && anytime.high < 0.06);
});

test('nothing audited: nothing is known, whatever other labels say', () => {
  const set: CountSet = {
    automated: [
      { probability: 0.02, decisions: 100, drawn: 2 },
      { probability: null, decisions: 40, drawn: 0 },
    ],
    review: [],
    truth: [{ lane: 'other', outcome: 'automated', right: false, probability: null, decisions: 50 }],
  };
  const error = auditedError(set, ANYTIME);
  assert.deepEqual([error.estimate, error.low, error.high, error.audited, error.wrong], [null, 0, 1, 0, 0]);
  assert.deepEqual([error.pending, error.unaudited], [2, 40]);
  assert.equal(leastProbability(set.automated), 0.02);
  assert.equal(leastProbability([]), 1);
});

test('a share that is known of all is exact; of some, uncertain for the rest only', () => {
  const all = knownShare(3, 10, 10, FIXED);
  assert.deepEqual([all.estimate, all.low, all.high], [0.3, 0.3, 0.3]);
  const some = knownShare(30, 100, 110, FIXED);
  assert.ok(some.low > 0.27 && some.high < 0.32, JSON.stringify(some));
  assert.deepEqual([knownShare(0, 0, 5, FIXED).estimate, knownShare(0, 0, 5, FIXED).high], [null, 1]);
});
