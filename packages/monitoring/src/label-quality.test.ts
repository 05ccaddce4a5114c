import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LabelCounts } from '@understudy/ledger';
import { labelQuality } from './label-quality.ts';

const OPTIONS = { confidence: 0.95, interval: 'fixed', minProbability: 0.1 } as const;

const automated = (label: string, decisions: number) => ({ label, probability: 0.1, decisions, drawn: decisions / 10 });
const cell = (lane: 'audited' | 'reviewed', answered: string | null, truth: string, decisions: number) => ({
  lane,
  outcome: lane === 'audited' ? ('automated' as const) : ('review' as const),
  answered,
  truth,
  probability: lane === 'audited' ? 0.1 : null,
  decisions,
});

const counts: LabelCounts = {
  automated: [automated('ok', 8_000), automated('toxic', 1_000)],
  review: [
    { label: 'ok', decisions: 500 },
    { label: 'toxic', decisions: 300 },
    { label: null, decisions: 50 },
  ],
  truth: [
    cell('audited', 'ok', 'ok', 780),
    cell('audited', 'ok', 'toxic', 20),
    cell('audited', 'toxic', 'toxic', 95),
    cell('audited', 'toxic', 'ok', 5),
    cell('reviewed', 'ok', 'ok', 400),
    cell('reviewed', 'ok', 'toxic', 100),
    cell('reviewed', 'toxic', 'toxic', 240),
    cell('reviewed', 'toxic', 'ok', 60),
    // The model said nothing: no word to judge.
    cell('reviewed', null, 'toxic', 50),
  ],
};

test('recall counts what automation let through, ten times each, and what reviews caught once', () => {
  const toxic = labelQuality(counts, 'toxic', OPTIONS);
  // Found: 1,000 × 0.95 + 240. Missed: 8,000 × 20/800 + 100.
  const found = 950 + 240;
  assert.equal(toxic.precision.estimate, found / 1_300);
  assert.equal(toxic.recall.estimate, found / (found + 200 + 100));
  assert.equal(toxic.f1.estimate, (2 * found) / (1_300 + found + 300));
  assert.ok(Math.abs(toxic.automatedPrecision.estimate! - 0.95) < 1e-12);
  assert.deepEqual([toxic.answered, toxic.automated], [1_300, 1_000]);
  assert.equal(toxic.known, 20 + 100 + 100 + 300);
  for (const figure of [toxic.precision, toxic.recall, toxic.f1]) {
    assert.ok(figure.low < figure.estimate! && figure.estimate! < figure.high && figure.high - figure.low < 0.25);
  }
});

test('without an audit of automated answers, figures that need one are unknown', () => {
  const blind = { ...counts, truth: counts.truth.filter(({ lane }) => lane === 'reviewed') };
  const toxic = labelQuality(blind, 'toxic', OPTIONS);
  assert.deepEqual([toxic.precision.estimate, toxic.recall.estimate, toxic.f1.estimate], [null, null, null]);
  // Nothing is known of the 1,000; the 300 reviewed ones bound it all the same.
  assert.ok(toxic.precision.low >= 240 / 1_300 - 1e-9 && toxic.precision.high <= 1_240 / 1_300 + 1e-9);
});

test('a label that was only ever the truth has recall 0 and no precision', () => {
  const spam = labelQuality(
    { automated: [], review: [{ label: 'ok', decisions: 10 }], truth: [cell('reviewed', 'ok', 'spam', 10)] },
    'spam',
    OPTIONS,
  );
  assert.deepEqual([spam.precision.estimate, spam.recall.estimate, spam.recall.low, spam.recall.high], [null, 0, 0, 0]);
  assert.deepEqual([spam.precision.low, spam.precision.high], [0, 1]);
});
