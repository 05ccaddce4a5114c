import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { Corpus } from './corpus.ts';
import { explainLinear } from './linear-explanation.ts';
import { decodeLinearModel, encodeLinearModel, type LinearModel, paddedLabels } from './linear-model.ts';
import { LinearScorer } from './linear-scorer.ts';
import { decodeModelFile } from './model-file.ts';
import { DEFAULT_NGRAMS } from './ngrams.ts';

const TEXTS = ['where is my card', 'Refund my money please', '私のカードはどこ', 'card 👍🏽 lost', 'ﬁne Straße café'];

function modelOf(labels: number): LinearModel {
  const corpus = new Corpus(DEFAULT_NGRAMS);
  for (const text of TEXTS) corpus.add(text);
  const { ids: _, ...space } = corpus.space({ minRows: 1, maxFeatures: 1e5, wordWeight: 1, charWeight: 1 });
  const stride = paddedLabels(labels);
  const weights = new Float32Array((space.hashes.length + 1) * stride);
  for (let i = 0; i < weights.length; i++) if (i % stride < labels) weights[i] = Math.sin(i * 12.9898);
  return { labels: Array.from({ length: labels }, (_, k) => `label ${k}`), space, weights, temperature: 2 };
}

test('a file gives back the model that was written', () => {
  const model = modelOf(5);
  const bytes = Buffer.concat(encodeLinearModel(model, { note: 'x' }));
  assert.deepEqual(decodeLinearModel(decodeModelFile(bytes)), model);
});

test('scores are the sums that they claim to be, for label counts around the SIMD width', () => {
  for (const labels of [2, 3, 4, 5, 16, 17, 33, 77]) {
    const model = modelOf(labels);
    const scorer = new LinearScorer(model);
    scorer.score('where is my lost card');
    const scores = scorer.scores.slice(0, labels);
    const { columns, values, length } = scorer.vectoriser;
    for (let k = 0; k < labels; k++) {
      let sum = scorer.weight(model.space.hashes.length, k);
      for (let e = 0; e < length; e++) sum += values[e]! * scorer.weight(columns[e]!, k);
      assert.ok(Math.abs(sum - scores[k]!) < 1e-5);
    }
  }
});

test('a text with more n-grams than the scratch space takes at once is scored whole', () => {
  const corpus = new Corpus(DEFAULT_NGRAMS);
  const text = Array.from({ length: 4000 }, (_, i) => `w${(i * 7919) % 99_991}`).join(' ');
  corpus.add(text);
  const { ids: _, ...space } = corpus.space({ minRows: 1, maxFeatures: 1e6, wordWeight: 1, charWeight: 1 });
  assert.ok(space.hashes.length > 20_000);
  const weights = new Float32Array((space.hashes.length + 1) * 4).fill(0.5);
  const scorer = new LinearScorer({ labels: ['a', 'b'], space, weights, temperature: 1 });
  scorer.score(text);
  const { values, length } = scorer.vectoriser;
  const sum = values.subarray(0, length).reduce((total, value) => total + value * 0.5, 0.5);
  assert.ok(Math.abs(scorer.scores[0]! - sum) < 1e-2 * Math.abs(sum));
});

test('contributions add up to the score exactly, and agree with what is predicted', () => {
  const scorer = new LinearScorer(modelOf(3));
  fc.assert(
    fc.property(
      fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom(...TEXTS)),
      fc.nat(50),
      (text, maxFeatures) => {
        const why = explainLinear(scorer, text, 1, { maxFeatures });
        const sum = why.features.reduce((total, { weight }) => total + weight, why.bias);
        assert.equal(why.score - sum, why.remainder);
        scorer.score(text);
        assert.ok(Math.abs(scorer.scores[1]! - why.score) < 1e-4);
      },
    ),
    { seed: 4 },
  );
});

test('spans point at the very characters of the input, whatever was normalised', () => {
  const scorer = new LinearScorer(modelOf(3));
  const text = 'Where’s   MY\tCARD? 👍🏽 Ｃａｒｄ ﬁne, カード';
  const { features } = explainLinear(scorer, text, 0, { maxFeatures: 1000 });
  const spanOf = (name: string) => {
    const feature = features.find((one) => one.name === name);
    assert.ok(feature, `${name} is listed`);
    return text.slice(...feature.span);
  };
  assert.equal(spanOf('word:my card'), 'MY\tCARD');
  assert.equal(spanOf('word:card'), 'CARD');
  assert.equal(spanOf('word:👍'), '👍');
  assert.equal(spanOf('word:fine'), 'ﬁne');
  assert.equal(spanOf('word:カ'), 'カ');
  assert.equal(spanOf('chars:␣whe'), 'Whe');
});
