import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DEFAULT_NGRAMS, type FeatureSpace, NgramExtractor } from '@understudy/text';
import { base64Of, Embedder, wordsOf } from './embedding.ts';

const texts = [
  'the invoice was charged twice, please refund the payment',
  'I was charged two times: refund my invoice',
  'the courier left the parcel on the doorstep',
];

/** A space that knows every n-gram of these texts, all of one weight. */
function spaceOf(known: readonly string[]): FeatureSpace {
  const extractor = new NgramExtractor(DEFAULT_NGRAMS);
  const hashes = new Set<number>();
  for (const text of known) {
    const count = extractor.extract(text);
    for (let i = 0; i < count; i++) hashes.add(extractor.hashes[i]!);
  }
  const sorted = Uint32Array.from([...hashes].sort((a, b) => a - b));
  return {
    ngrams: DEFAULT_NGRAMS,
    hashes: sorted,
    idf: new Float32Array(sorted.length).fill(1),
    wordWeight: 1,
    charWeight: 1,
  };
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);
const embedder = new Embedder(spaceOf(texts));

test('length 1, deterministic, and of the length asked for', () => {
  for (const dimensions of [8, 256, 3072]) {
    const vector = embedder.embed(texts[0]!, dimensions);
    assert.equal(vector.length, dimensions);
    assert.ok(Math.abs(dot(vector, vector) - 1) < 1e-5);
    assert.deepEqual(new Embedder(spaceOf(texts)).embed(texts[0]!, dimensions), vector);
  }
});

test('texts about the same are nearer than texts about something else', () => {
  const [a, b, c] = texts.map((text) => embedder.embed(text, 256)) as [Float32Array, Float32Array, Float32Array];
  assert.ok(dot(a, b) > dot(a, c) + 0.1, `${dot(a, b)} ${dot(a, c)}`);
});

test('a text of which nothing is known is the zero vector', () => {
  assert.ok(embedder.embed('漢字', 64).every((value) => value === 0));
});

test('base64 is little-endian float32', () => {
  assert.equal(base64Of(Float32Array.of(1, -2)), Buffer.from('0000803f000000c0', 'hex').toString('base64'));
});

test('words', () => {
  assert.deepEqual([wordsOf(''), wordsOf(' a  b\nc '), wordsOf('Grüße 👋')], [0, 3, 2]);
});
