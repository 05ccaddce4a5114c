import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as numbers from './numbers.ts';

const { bytes, count, microseconds, minutes, money, plural, shortCount } = numbers;
/** The spaces in figures do not break; here they are written as plain ones. */
const plain = (text: string) => text.replaceAll('\u00a0', ' ');
const percent = (value: number | null) => plain(numbers.percent(value));
const percentInterval = (low: number | null, high: number | null) => plain(numbers.percentInterval(low, high));

test('a rate that is not 0 or 1 is never shown as 0 % or 100 %', () => {
  assert.equal(percent(0), '0 %');
  assert.equal(percent(1), '100 %');
  assert.equal(percent(0.00001), '< 0.01 %');
  assert.equal(percent(0.9999), '> 99.9 %');
  assert.equal(percent(0.9142), '91.4 %');
  assert.equal(percent(0.0043), '0.43 %');
  assert.equal(percent(-0.031), '−3.1 %');
  assert.equal(percent(null), '–');
  assert.equal(percent(Number.NaN), '–');
  assert.equal(percentInterval(0.012, 0.034), '1.2 – 3.4 %');
  assert.equal(percentInterval(null, 0.1), '–');
});

test('money keeps what is left of small amounts', () => {
  assert.equal(money('12.4', 'EUR'), '€12.40');
  assert.equal(money('0.000004', 'EUR'), '€0.000004');
  assert.equal(money('1234567.89', 'USD'), '$1,234,568');
  assert.equal(money('0', 'EUR'), '€0.00');
  assert.equal(money('1', 'not a currency'), '1 not a currency');
  assert.equal(money(null, 'EUR'), '–');
});

test('durations and sizes', () => {
  assert.equal(minutes(0.5), '30 s');
  assert.equal(minutes(2.25), '2.3 min');
  assert.equal(minutes(200), '3 h 20 min');
  assert.equal(minutes(120), '2 h');
  assert.equal(minutes(60_000), '1,000 h');
  assert.equal(microseconds(840), '840 µs');
  assert.equal(microseconds(12_400), '12.4 ms');
  assert.equal(microseconds(1_200_000), '1.2 s');
  assert.equal(bytes(0), '0 B');
  assert.equal(bytes(3_400_000), '3.4 MB');
});

test('counts', () => {
  assert.equal(count(12480), '12,480');
  assert.equal(count(undefined), '–');
  assert.equal(shortCount(9999), '9,999');
  assert.equal(shortCount(12_480), '12.5k');
  assert.equal(plural(1, 'item'), '1 item');
  assert.equal(plural(1200, 'reply', 'replies'), '1,200 replies');
});
