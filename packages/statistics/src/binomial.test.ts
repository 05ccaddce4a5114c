import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import {
  binomialTail,
  binomialUpperTail,
  clopperPearson,
  clopperPearsonUpper,
  exactMcNemar,
  incompleteBeta,
  inverseIncompleteBeta,
  logGamma,
  normalCdf,
  normalQuantile,
  wilson,
} from './index.ts';

const near = (actual: number, expected: number, relative = 1e-6) =>
  assert.ok(Math.abs(actual - expected) <= relative * Math.abs(expected), `${actual} is not ${expected}`);

test('values as R gives them', () => {
  near(binomialTail(100, 3, 0.05), 0.2578387);
  near(binomialTail(59, 0, 0.05), 0.04849453);
  near(binomialTail(1000, 40, 0.05), 0.081, 2e-2);
  near(incompleteBeta(0.3, 2, 5), 0.579825);
  near(logGamma(0.5), Math.log(Math.sqrt(Math.PI)), 1e-12);
  near(normalQuantile(0.975), 1.959963984540054, 1e-9);
  near(normalQuantile(1e-6), -4.753424308822899, 1e-9);
  near(normalCdf(-5), 2.866516e-7);
  near(clopperPearson(5, 100, 0.95).low, 0.01643188);
  near(clopperPearson(5, 100, 0.95).high, 0.1128349);
  near(wilson(5, 100).low, 0.02154368);
  near(wilson(5, 100).high, 0.1117505);
  near(exactMcNemar(10, 3), 0.09228516);
  near(clopperPearsonUpper(0, 59, 0.95), 1 - 0.05 ** (1 / 59));
});

test('the tail is the sum of its terms', () => {
  const exact = (n: number, k: number, p: number) => {
    let sum = 0;
    let term = (1 - p) ** n;
    for (let i = 0; i <= k; i++) {
      sum += term;
      term *= ((n - i) / (i + 1)) * (p / (1 - p));
    }
    return sum;
  };
  fc.assert(
    // Up to 150: beyond, the first of these terms leaves the range of doubles at p = 0.99, and the sum loses its digits.
    fc.property(fc.integer({ min: 1, max: 150 }), fc.nat(150), fc.integer({ min: 1, max: 99 }), (n, k, percent) => {
      const p = percent / 100;
      const used = Math.min(k, n - 1);
      assert.ok(Math.abs(binomialTail(n, used, p) - exact(n, used, p)) < 1e-10);
      assert.ok(Math.abs(binomialUpperTail(n, used + 1, p) + binomialTail(n, used, p) - 1) < 1e-10);
    }),
  );
});

test('large counts keep their digits', () => {
  // Far in the tail the ratio of neighbouring tails is that of a geometric series: no digit was lost to cancellation.
  const ratio = binomialTail(1_000_000, 45_000, 0.05) / binomialTail(1_000_000, 44_999, 0.05);
  near(ratio, (955_001 * 0.05) / (45_000 * 0.95), 1e-3);
  near(binomialTail(1_000_000, 50_000, 0.05), 0.50119, 1e-4);
});

test('quantiles invert, and the interval holds its coverage for every p', () => {
  for (const [p, a, b] of [
    [0.025, 5, 96],
    [0.975, 1, 1000],
    [0.5, 300, 2],
  ] as const) {
    near(incompleteBeta(inverseIncompleteBeta(p, a, b), a, b), p, 1e-9);
  }
  const n = 60;
  const intervals = Array.from({ length: n + 1 }, (_, k) => clopperPearson(k, n, 0.9));
  for (let p = 0.005; p < 1; p += 0.005) {
    let covered = 0;
    for (const [k, { low, high }] of intervals.entries()) {
      if (low <= p && p <= high) covered += binomialTail(n, k, p) - binomialTail(n, k - 1, p);
    }
    assert.ok(covered >= 0.9 - 1e-9, `${covered} at ${p}`);
  }
});

test('nothing is known without trials, and nonsense is refused', () => {
  assert.deepEqual(clopperPearson(0, 0, 0.95), { low: 0, high: 1 });
  assert.deepEqual(wilson(0, 0), { low: 0, high: 1 });
  assert.equal(exactMcNemar(0, 0), 1);
  for (const bad of [
    () => clopperPearson(3, 2, 0.95),
    () => clopperPearson(0.5, 2, 0.95),
    () => clopperPearson(1, 2, 1),
    () => clopperPearson(1, 2, Number.NaN),
    () => binomialTail(10, 1, Number.NaN),
    () => binomialTail(-1, 1, 0.5),
    () => normalQuantile(0),
    () => logGamma(-1),
  ]) {
    assert.throws(bad, RangeError);
  }
});
