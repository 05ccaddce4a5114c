import assert from 'node:assert/strict';
import { test } from 'node:test';
import { scoreOf, shapeOf } from '@understudy/decisions';
import { uniform } from '@understudy/statistics';
import { fitScore, type TuneRow } from './fit-score.ts';

/** Answers over four labels whose top probability is p; an answer of label 0 is trusted too much by the model. */
function answers(seed: number, count: number) {
  const random = uniform(seed);
  return Array.from({ length: count }, () => {
    const top = Math.floor(random() * 4);
    const p = 0.4 + 0.59 * random();
    const probabilities = Float32Array.from({ length: 4 }, (_, k) => (k === top ? p : (1 - p) / 3));
    const right = random() < (top === 0 ? p * 0.6 : 1 - (1 - p) * 0.5);
    return { probabilities, row: { ...shapeOf(probabilities), right } satisfies TuneRow };
  });
}
const LABELS = ['a', 'b', 'c', 'd'];
const KNOWN = new Set(LABELS);

test('the score is the probability of being right, also for a label that is trusted too much', () => {
  const fitted = fitScore(
    answers(1, 4000).map(({ row }) => row),
    LABELS,
  );
  assert.equal(fitted.kind, 'logistic');
  const fresh = answers(2, 8000);
  for (const label of [0, 1]) {
    const own = fresh.filter(({ row }) => row.top === label);
    const mean =
      own.reduce((sum, { probabilities }) => sum + scoreOf(fitted, LABELS, probabilities, KNOWN)!.score, 0) /
      own.length;
    const right = own.filter(({ row }) => row.right).length / own.length;
    assert.ok(Math.abs(mean - right) < 0.03, `${LABELS[label]}: ${mean} against ${right}`);
  }
});

test('with hardly any mistakes there is nothing to learn: the top probability', () => {
  const rows = answers(3, 60).map(({ row }, i) => ({ ...row, right: i > 4 }));
  assert.deepEqual(fitScore(rows, LABELS), { kind: 'top_probability' });
  assert.deepEqual(fitScore([], LABELS), { kind: 'top_probability' });
});

test('one threshold serves all labels better than the raw probability does', () => {
  const fitted = fitScore(
    answers(4, 3000).map(({ row }) => row),
    LABELS,
  );
  const covered = (score: (probabilities: Float32Array) => number) => {
    const rows = answers(5, 10_000)
      .map(({ probabilities, row }) => ({ score: score(probabilities), right: row.right }))
      .sort((a, b) => b.score - a.score);
    let wrong = 0;
    let best = 0;
    for (const [i, { right }] of rows.entries()) {
      if (!right) wrong++;
      if (wrong <= 0.1 * (i + 1)) best = i + 1;
    }
    return best / rows.length;
  };
  const raw = covered((probabilities) => Math.max(...probabilities));
  const tuned = covered((probabilities) => scoreOf(fitted, LABELS, probabilities, KNOWN)!.score);
  assert.ok(tuned > raw + 0.2, `${tuned} against ${raw}`);
});
