import assert from 'node:assert/strict';
import { test } from 'node:test';
import { correctedError } from './reviewer-correction.ts';
import { uniform } from './simulation.ts';

test('is the plain error where reviewers never err, and their share taken out where they do', () => {
  const perfect = { caught: 100_000, wrong: 100_000, confirmed: 100_000, right: 100_000 };
  const plain = correctedError({ errors: 50, checked: 1000 }, perfect)!;
  assert.ok(Math.abs(plain.estimate - 0.05) < 1e-3);
  // 4 % wrong, seen by reviewers who call 10 % of the right ones wrong and miss 5 % of the wrong ones.
  const seen = Math.round(100_000 * (0.04 * 0.95 + 0.96 * 0.1));
  const quality = { caught: 95_000, wrong: 100_000, confirmed: 90_000, right: 100_000 };
  const corrected = correctedError({ errors: seen, checked: 100_000 }, quality)!;
  assert.ok(Math.abs(corrected.estimate - 0.04) < 1e-4, String(corrected.estimate));
  assert.ok(corrected.observed > 0.13);
  assert.ok(corrected.low < 0.04 && 0.04 < corrected.high);
});

test('says nothing where there is nothing to say: no checks, or reviewing no better than chance', () => {
  const quality = { caught: 50, wrong: 100, confirmed: 50, right: 100 };
  assert.equal(correctedError({ errors: 5, checked: 100 }, quality), null);
  assert.equal(correctedError({ errors: 0, checked: 0 }, { ...quality, confirmed: 99, caught: 99 }), null);
  assert.throws(() => correctedError({ errors: 3, checked: 2 }, quality), RangeError);
});

test('little evidence about reviewers makes the interval wide, never short of [0, 1]', () => {
  const known = correctedError({ errors: 0, checked: 50 }, { caught: 500, wrong: 500, confirmed: 495, right: 500 })!;
  const unknown = correctedError({ errors: 0, checked: 50 }, { caught: 5, wrong: 5, confirmed: 5, right: 5 })!;
  assert.ok(unknown.high > known.high);
  for (const { low, high, estimate } of [known, unknown])
    assert.ok(0 <= low && low <= estimate && estimate <= high && high <= 1);
});

test('covers the true error at its nominal rate', () => {
  const random = uniform(11);
  const draw = (n: number, p: number) => {
    let k = 0;
    for (let i = 0; i < n; i++) if (random() < p) k++;
    return k;
  };
  const runs = 600;
  for (const [error, sensitivity, specificity] of [
    [0.01, 0.95, 0.97],
    [0.05, 0.9, 0.9],
    [0.2, 0.85, 0.95],
  ] as const) {
    let covered = 0;
    for (let run = 0; run < runs; run++) {
      const errors = draw(500, error * sensitivity + (1 - error) * (1 - specificity));
      const quality = { caught: draw(150, sensitivity), wrong: 150, confirmed: draw(150, specificity), right: 150 };
      const corrected = correctedError({ errors, checked: 500 }, quality)!;
      if (corrected.low <= error && error <= corrected.high) covered++;
    }
    assert.ok(covered / runs > 0.92, `${error}: ${covered / runs}`);
  }
});
