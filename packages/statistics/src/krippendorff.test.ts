import assert from 'node:assert/strict';
import { test } from 'node:test';
import { krippendorffAlpha } from './krippendorff.ts';

test('agrees with the worked example of Krippendorff 2011: four coders, missing answers, nominal α = 0.743', () => {
  const coders = [
    ['1', '2', '3', '3', '2', '1', '4', '1', '2', '', '', ''],
    ['1', '2', '3', '3', '2', '2', '4', '1', '2', '5', '', '3'],
    ['', '3', '3', '3', '2', '3', '4', '2', '2', '5', '1', ''],
    ['1', '2', '3', '3', '2', '4', '4', '1', '2', '5', '1', ''],
  ];
  const units = coders[0]!.map((_, unit) => coders.map((coder) => coder[unit]!).filter((value) => value !== ''));
  assert.equal(krippendorffAlpha(units)?.toFixed(3), '0.743');
});

test('is 1 where everybody agrees, 0 where answers are as by chance, below 0 where they avoid each other', () => {
  assert.equal(
    krippendorffAlpha([
      ['a', 'a'],
      ['b', 'b', 'b'],
    ]),
    1,
  );
  const chance = Array.from({ length: 400 }, (_, i) => [i % 2 ? 'a' : 'b', i % 4 < 2 ? 'a' : 'b']);
  assert.ok(Math.abs(krippendorffAlpha(chance)!) < 0.01);
  assert.ok(
    krippendorffAlpha([
      ['a', 'b'],
      ['a', 'b'],
      ['b', 'a'],
    ])! < 0,
  );
});

test('is not defined without two answers to compare, nor with one category only', () => {
  assert.equal(krippendorffAlpha([]), null);
  assert.equal(krippendorffAlpha([['a'], ['b']]), null);
  assert.equal(
    krippendorffAlpha([
      ['a', 'a'],
      ['a', 'a'],
    ]),
    null,
  );
});
