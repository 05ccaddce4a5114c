import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Corpus } from './corpus.ts';
import { featureSpace } from './corpus-data.ts';
import { ModelFileError } from './errors.ts';
import { decodeModelFile } from './model-file.ts';
import { explainNetwork } from './network-explanation.ts';
import { decodeNetworkModel, encodeNetworkModel, type NetworkModel, quantiseRows } from './network-model.ts';
import { NetworkScorer, networkScorerBytes } from './network-scorer.ts';
import { DEFAULT_NGRAMS } from './ngrams.ts';
import { TextVectoriser } from './vectoriser.ts';

const TEXTS = ['where is my parcel', 'my card was stolen', 'the card was declined', 'parcel lost in the post', ''];

/** A network with arbitrary, reproducible weights. */
function network(labels: number, members = 3, hidden = 32): NetworkModel {
  const corpus = new Corpus(DEFAULT_NGRAMS);
  for (const text of TEXTS) corpus.add(text);
  const options = { minRows: 1, maxFeatures: 10_000, wordWeight: 0.7, charWeight: 0.7 };
  const { ngrams, hashes, idf, wordWeight, charWeight } = featureSpace(corpus.data(), options);
  let state = 1;
  const next = () => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) / 2 ** 23 - 1;
  };
  const floats = (length: number, scale: number) => Float32Array.from({ length }, () => next() * scale);
  return {
    labels: Array.from({ length: labels }, (_, k) => `label ${k}`),
    space: { ngrams, hashes, idf, wordWeight, charWeight },
    temperature: 1.3,
    hidden,
    members,
    embeddings: Int8Array.from({ length: members * hashes.length * hidden }, () => next() * 127),
    embeddingScales: Float32Array.from({ length: members * hashes.length }, () => 0.01 + Math.abs(next()) * 0.02),
    hiddenBias: floats(members * hidden, 0.3),
    output: floats(members * hidden * labels, 1),
    labelBias: floats(labels, 1),
  };
}

/** The formula of NetworkModel, written out. */
function reference(model: NetworkModel, text: string, label: number, share = 1): number {
  const vectoriser = new TextVectoriser(model.space);
  const count = vectoriser.vectorise(text);
  const features = model.space.hashes.length;
  let score = model.labelBias[label]!;
  for (let unit = 0; unit < model.members * model.hidden; unit++) {
    const member = Math.floor(unit / model.hidden);
    let sum = model.hiddenBias[unit]!;
    for (let e = 0; e < count; e++) {
      const row = member * features + vectoriser.columns[e]!;
      const weight = model.embeddings[row * model.hidden + (unit % model.hidden)]! * model.embeddingScales[row]!;
      sum += share * vectoriser.values[e]! * weight;
    }
    score += Math.max(0, sum) * model.output[unit * model.labels.length + label]!;
  }
  return score;
}

const joined = (model: NetworkModel) => Uint8Array.from(Buffer.concat(encodeNetworkModel(model, { seed: 1 })));

for (const labels of [2, 5, 77]) {
  test(`scores ${labels} labels as the formula says`, () => {
    const model = network(labels);
    const scorer = new NetworkScorer(model);
    for (const text of [...TEXTS, 'nothing known 123', 'card '.repeat(12_000)]) {
      scorer.score(text);
      for (const k of [0, labels - 1]) {
        const expected = reference(model, text, k);
        assert.ok(Math.abs(scorer.scores[k]! - expected) < 1e-4 * (1 + Math.abs(expected)), `${text} ${k}`);
      }
    }
  });
}

test('a text with more n-grams than the scratch space holds is scored in pieces', () => {
  const long = Array.from({ length: 9000 }, (_, i) => `w${(i * 7919) % 100_003}`).join(' ');
  const corpus = new Corpus(DEFAULT_NGRAMS);
  corpus.add(long);
  const options = { minRows: 1, maxFeatures: 1 << 20, wordWeight: 0.7, charWeight: 0.7 };
  const { ngrams, hashes, idf, wordWeight, charWeight } = featureSpace(corpus.data(), options);
  assert.ok(hashes.length > 16_384, 'the text is long enough to mean something');
  const rows = hashes.length;
  const model: NetworkModel = {
    ...network(2, 1, 16),
    space: { ngrams, hashes, idf, wordWeight, charWeight },
    embeddings: Int8Array.from({ length: rows * 16 }, (_, i) => ((i * 31) % 255) - 127),
    embeddingScales: new Float32Array(rows).fill(0.05),
  };
  const scorer = new NetworkScorer(model);
  scorer.score(long);
  assert.ok(Math.abs(scorer.scores[1]! - reference(model, long, 1)) < 1e-3);
});

test('the same text gives the same bits, whatever came before', () => {
  const scorer = new NetworkScorer(network(7));
  const first = new Float32Array(7);
  scorer.predict(TEXTS[0]!, first, 0);
  const all = new Float32Array(7 * TEXTS.length);
  for (const [i, text] of TEXTS.toReversed().entries()) scorer.predict(text, all, i * 7);
  assert.deepEqual(all.slice(-7), first);
  assert.ok(Math.abs(first.reduce((sum, p) => sum + p, 0) - 1) < 1e-6);
});

test('the estimate of memory covers what a scorer holds', () => {
  const model = network(77, 4, 128);
  assert.ok(networkScorerBytes(model) >= new NetworkScorer(model).memoryBytes);
});

test('explanations add up to the score and match the integral taken numerically', () => {
  const model = network(5);
  const scorer = new NetworkScorer(model);
  const text = 'My CARD was  declined in the shop';
  const all = explainNetwork(scorer, text, 3, { maxFeatures: 1000 });
  const sum = all.features.reduce((total, feature) => total + feature.weight, all.bias);
  assert.ok(Math.abs(sum + all.remainder - all.score) < 1e-9);
  assert.equal(all.remainder, 0);
  scorer.score(text);
  assert.ok(Math.abs(scorer.scores[3]! - all.score) < 1e-5 * (1 + Math.abs(all.score)), 'the score that is served');
  assert.ok(Math.abs(all.bias - reference(model, '', 3)) < 1e-6);
  const few = explainNetwork(scorer, text, 3, { maxFeatures: 2 });
  assert.equal(few.features.length, 2);
  assert.deepEqual(few.features, all.features.slice(0, 2));
  const listed = few.features.reduce((total, feature) => total + feature.weight, few.bias);
  assert.ok(Math.abs(listed + few.remainder - few.score) < 1e-9);
  const card = all.features.find((feature) => feature.name === 'word:card');
  assert.ok(card);
  assert.equal(text.slice(...card.span), 'CARD');
  // Midpoint rule over the straight line, gradient by a central difference in that one feature.
  assert.ok(Math.abs(card.weight - integral(model, text, 'card', 3)) < 2e-2);
});

function integral(model: NetworkModel, text: string, word: string, label: number): number {
  const vectoriser = new TextVectoriser(model.space);
  const corpus = new Corpus(DEFAULT_NGRAMS);
  corpus.add(word);
  const column = vectoriser.column(corpus.data().hashes[0]!);
  const count = vectoriser.vectorise(text);
  const features = model.space.hashes.length;
  const steps = 400;
  let total = 0;
  for (let step = 0; step < steps; step++) {
    const share = (step + 0.5) / steps;
    for (let unit = 0; unit < model.members * model.hidden; unit++) {
      const row = (c: number) => Math.floor(unit / model.hidden) * features + c;
      const weight = (c: number) =>
        model.embeddings[row(c) * model.hidden + (unit % model.hidden)]! * model.embeddingScales[row(c)]!;
      let sum = model.hiddenBias[unit]!;
      let value = 0;
      for (let e = 0; e < count; e++) {
        sum += share * vectoriser.values[e]! * weight(vectoriser.columns[e]!);
        if (vectoriser.columns[e] === column) value = vectoriser.values[e]!;
      }
      if (sum > 0) total += (value * weight(column) * model.output[unit * model.labels.length + label]!) / steps;
    }
  }
  return total;
}

test('a model survives its file', () => {
  const model = network(5);
  assert.deepEqual(decodeNetworkModel(decodeModelFile(joined(model))), model);
});

test('a damaged file is refused or read within bounds, and never anything else', () => {
  const bytes = joined(network(4, 2, 16));
  let state = 7;
  const next = (end: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % end;
  };
  let refused = 0;
  for (let round = 0; round < 400; round++) {
    const damaged = bytes.slice(0, round % 4 === 0 ? next(bytes.length) : bytes.length);
    for (let i = 0; i < 1 + (round % 5); i++)
      damaged[next(Math.min(damaged.length, round % 2 ? 1500 : 1e9))] = next(256);
    try {
      new NetworkScorer(decodeNetworkModel(decodeModelFile(damaged))).score(TEXTS[0]!);
    } catch (error) {
      assert.ok(error instanceof ModelFileError || error instanceof RangeError, String(error));
      refused++;
    }
  }
  assert.ok(refused > 100, `${refused} refused`);
});

test('header fields that do not fit the sections are refused', () => {
  const model = network(4, 2, 16);
  const wrong: Partial<NetworkModel>[] = [
    { hidden: 32 },
    { hidden: 8 },
    { members: 0 },
    { members: 3 },
    { labelBias: new Float32Array(3) },
    { output: new Float32Array(10) },
    { embeddingScales: new Float32Array(10) },
    { temperature: 0 },
    { hiddenBias: Float32Array.of(Number.NaN, ...new Float32Array(31)) },
  ];
  for (const change of wrong) {
    const bytes = joined({ ...model, ...change });
    assert.throws(
      () => decodeNetworkModel(decodeModelFile(bytes)),
      ModelFileError,
      JSON.stringify(Object.keys(change)),
    );
  }
});

test('quantiseRows keeps every weight within half a step', () => {
  const weights = Float32Array.from({ length: 5 * 16 }, (_, i) => (i < 16 ? 0 : Math.sin(i) * 10 ** ((i >> 4) - 3)));
  const bytes = new Int8Array(weights.length);
  const scales = new Float32Array(5);
  quantiseRows(weights, 16, bytes, scales);
  assert.equal(scales[0], 0);
  for (let i = 0; i < weights.length; i++) {
    const scale = scales[i >> 4]!;
    assert.ok(Math.abs(bytes[i]! * scale - weights[i]!) <= scale * 0.5001);
  }
});
