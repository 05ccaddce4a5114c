import assert from 'node:assert/strict';
import { test } from 'node:test';
import { modelRuntimeContract } from '@understudy/inference/testing';
import { Corpus, DEFAULT_NGRAMS, encodeNetworkModel, featureSpace } from '@understudy/text';
import { runtime } from './index.ts';

const TEXTS = ['where is my parcel', 'my card was stolen', 'the card was declined', 'where is the courier'];
const LABELS = ['delivery', 'card', 'other'];
const LIMIT = { maxMemoryBytes: 64 << 20 };

/** A network whose weights are arbitrary but always the same. */
function artifact(): Uint8Array {
  const corpus = new Corpus(DEFAULT_NGRAMS);
  for (const text of TEXTS) corpus.add(text);
  const { ngrams, hashes, idf, wordWeight, charWeight } = featureSpace(corpus.data(), {
    minRows: 1,
    maxFeatures: 1000,
    wordWeight: 0.7,
    charWeight: 0.7,
  });
  const wave = (length: number, scale: number) => Float32Array.from({ length }, (_, i) => Math.sin(i * 1.7) * scale);
  const [hidden, members, labels] = [16, 2, LABELS];
  const model = {
    labels,
    space: { ngrams, hashes, idf, wordWeight, charWeight },
    temperature: 0.8,
    hidden,
    members,
    embeddings: Int8Array.from({ length: members * hashes.length * hidden }, (_, i) => ((i * 53) % 255) - 127),
    embeddingScales: new Float32Array(members * hashes.length).fill(0.01),
    hiddenBias: wave(members * hidden, 0.1),
    output: wave(members * hidden * labels.length, 0.5),
    labelBias: wave(labels.length, 0.2),
  };
  return Uint8Array.from(Buffer.concat(encodeNetworkModel(model, {})));
}

modelRuntimeContract('NeuralRuntime', () => ({ runtime, artifact: artifact(), labels: LABELS }));

test('an explanation names its method and label and adds up', async () => {
  const model = await runtime.load(artifact(), LIMIT);
  const explanation = await model.explain({ text: 'Where is my CARD?' }, 1, { maxFeatures: 5 });
  assert.equal(explanation.method, 'integrated_gradients');
  assert.equal(explanation.label, 'card');
  assert.equal(explanation.features.length, 5);
  const sum = explanation.features.reduce((total, feature) => total + feature.weight, explanation.bias);
  assert.ok(Math.abs(sum + explanation.remainder - explanation.score) < 1e-5);
  assert.throws(() => model.explain({ text: 'x' }, 3, { maxFeatures: 5 }), RangeError);
});

test('a file that is too large, cut short or of another format is refused', () => {
  const bytes = artifact();
  const invalid = { code: 'model_artifact_invalid' };
  assert.throws(() => runtime.load(bytes, { maxMemoryBytes: bytes.length - 1 }), invalid);
  assert.throws(() => runtime.load(bytes, { maxMemoryBytes: bytes.length + 1000 }), invalid);
  assert.throws(() => runtime.load(bytes.subarray(0, bytes.length - 100), LIMIT), invalid);
  assert.throws(() => runtime.load(new Uint8Array(0), LIMIT), invalid);
  const other = Buffer.from(bytes);
  other.write('understudy-linear0/1', other.indexOf('understudy-network/1'));
  assert.throws(() => runtime.load(other, LIMIT), invalid);
});
