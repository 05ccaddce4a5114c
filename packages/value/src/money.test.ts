import assert from 'node:assert/strict';
import { test } from 'node:test';
import { billionthsOf, divide, formatMoney, itemCost, portion, ratio, timeCost } from './money.ts';

test('decimal strings are read exactly, digits after the ninth dropped', () => {
  assert.equal(billionthsOf('24.00'), 24_000_000_000n);
  assert.equal(billionthsOf('0.000000004'), 4n);
  assert.equal(billionthsOf('1.0000000019'), 1_000_000_001n);
  assert.equal(billionthsOf(1.5), 1_500_000_000n);
  assert.equal(billionthsOf(1e-7), 100n);
});

test('what is no price is refused', () => {
  for (const price of ['-1', '', '1e3', 'NaN', '1,5', ' 1', '.5']) {
    assert.throws(() => billionthsOf(price), { code: 'invalid_price' }, price);
  }
  for (const price of [Number.NaN, Number.POSITIVE_INFINITY, -0.5]) {
    assert.throws(() => billionthsOf(price), { code: 'invalid_price' }, String(price));
  }
});

test('money is written with two to six places', () => {
  const cases: [bigint, string][] = [
    [0n, '0.00'],
    [4_000n, '0.000004'],
    [499n, '0.00'],
    [500n, '0.000001'],
    [1_100_000_000n, '1.10'],
    [-1_234_567_890_000n, '-1234.56789'],
    [-400n, '0.00'],
  ];
  for (const [amount, text] of cases) assert.equal(formatMoney(amount), text);
});

test('division rounds half away from zero', () => {
  assert.deepEqual([divide(5n, 2n), divide(-5n, 2n), divide(4n, 3n), divide(-4n, 3n)], [3n, -3n, 1n, -1n]);
});

test('time and items cost what they take', () => {
  const hour = billionthsOf('24.00');
  assert.equal(formatMoney(timeCost(45_000n, hour)), '0.30');
  assert.equal(formatMoney(itemCost(10n, billionthsOf(1.5), hour)), '6.00');
  assert.equal(formatMoney(portion(billionthsOf('100.00'), 0.04)), '4.00');
  assert.equal(ratio(billionthsOf('1.00'), billionthsOf('3.00')), 0.333333333333);
});
