import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  anytimeErrorInterval,
  bettingInterval,
  clopperPearson,
  countByProbability,
  fixedSequence,
  hajekError,
  logEvidenceBelow,
  weightedErrorInterval,
  weightedErrorIntervalOfCounts,
} from './index.ts';
import { uniform } from './simulation.ts';

test('the betting interval covers the mean, and is not much longer than the exact one for rare events', () => {
  const random = uniform(1);
  let missed = 0;
  for (let run = 0; run < 400; run++) {
    const values = Array.from({ length: 300 }, () => (random() < 0.04 ? 1 : random() * 0.1));
    const mean = 0.04 + 0.96 * 0.05;
    const { low, high } = bettingInterval(values, 0.9);
    if (mean < low || mean > high) missed++;
  }
  assert.ok(missed <= 400 * 0.1, `${missed} of 400 missed`);
  const wrong = Array.from({ length: 2000 }, (_, i) => (i % 40 === 7 ? 1 : 0));
  const betting = bettingInterval(wrong, 0.95);
  const exact = clopperPearson(50, 2000, 0.95);
  assert.ok(betting.high - betting.low < 1.6 * (exact.high - exact.low), JSON.stringify([betting, exact]));
  assert.deepEqual(bettingInterval([], 0.95), { low: 0, high: 1 });
  assert.throws(() => bettingInterval([2], 0.95), RangeError);
});

/** Decisions of which those with a high score are drawn rarely, and are wrong rarely. */
function stream(random: () => number, count: number) {
  const rows: { wrong: boolean; probability: number }[] = [];
  for (let i = 0; i < count; i++) {
    const hard = random() < 0.2;
    const wrong = random() < (hard ? 0.15 : 0.02);
    const probability = hard ? 0.5 : 0.05;
    if (random() < probability) rows.push({ wrong, probability });
  }
  return rows;
}
const TRUE_ERROR = 0.2 * 0.15 + 0.8 * 0.02;

test('with unequal probabilities the interval covers the error of all decisions, not of the labelled ones', () => {
  const random = uniform(2);
  let missed = 0;
  let naiveMissed = 0;
  for (let run = 0; run < 300; run++) {
    const rows = stream(random, 3000);
    const { low, high } = weightedErrorInterval(rows, 0.9);
    if (TRUE_ERROR < low || TRUE_ERROR > high) missed++;
    const naive = clopperPearson(rows.filter(({ wrong }) => wrong).length, rows.length, 0.9);
    if (TRUE_ERROR < naive.low || TRUE_ERROR > naive.high) naiveMissed++;
  }
  assert.ok(missed <= 30, `${missed} of 300 missed`);
  assert.ok(naiveMissed > 250, 'unweighted, the same rows promise something else');
  const estimate = hajekError(countByProbability(stream(random, 200_000)))!;
  assert.ok(Math.abs(estimate.error - TRUE_ERROR) < 0.005, `${estimate.error}`);
  assert.ok(Math.abs(estimate.decisions - 200_000) < 6000);
});

test('equal probabilities: exact', () => {
  const rows = Array.from({ length: 200 }, (_, i) => ({ wrong: i < 6, probability: 0.1 }));
  assert.deepEqual(weightedErrorInterval(rows, 0.95), clopperPearson(6, 200, 0.95));
  assert.deepEqual(weightedErrorIntervalOfCounts([], 0.95), { low: 0, high: 1 });
  assert.equal(hajekError([]), null);
});

test('looked at after every label, the anytime interval misses no more often than it says', () => {
  const random = uniform(3);
  let missed = 0;
  for (let run = 0; run < 150; run++) {
    const counts = [
      { probability: 0.1, right: 0, wrong: 0 },
      { probability: 1, right: 0, wrong: 0 },
    ];
    let out = false;
    for (let i = 0; i < 400 && !out; i++) {
      const cell = counts[random() < 0.5 ? 0 : 1]!;
      // Labelled rows of a stream whose error is 10 % in every stratum.
      if (random() < 0.1) cell.wrong++;
      else cell.right++;
      if (i % 5 !== 0) continue;
      const { low, high } = anytimeErrorInterval(counts, 0.1, 0.9);
      out = 0.1 < low || 0.1 > high;
    }
    if (out) missed++;
  }
  assert.ok(missed <= 15, `${missed} of 150`);
  assert.throws(() => anytimeErrorInterval([{ probability: 0.01, right: 1, wrong: 0 }], 0.1, 0.9), RangeError);
});

test('evidence grows with right rows and falls with wrong ones', () => {
  const at = (right: number, wrong: number) => logEvidenceBelow([{ probability: 1, right, wrong }], 0.05, 1);
  assert.ok(at(130, 0) > Math.log(20));
  assert.ok(at(50, 0) < Math.log(20));
  assert.ok(at(100, 3) < at(100, 0));
  assert.equal(at(0, 0), 0);
});

test('a fixed sequence stops at the first that is not rejected', () => {
  assert.equal(fixedSequence([0.01, 0.05, 0.06, 0.001], 0.05), 2);
  assert.equal(fixedSequence([Number.NaN], 0.05), 0);
  assert.equal(fixedSequence([], 0.05), 0);
});
