import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Corpus } from './corpus.ts';
import { DEFAULT_NGRAMS } from './ngrams.ts';
import { TextVectoriser } from './vectoriser.ts';

const TEXTS = ['where is my card', 'where is my refund refund', 'Card 👍🏽 lost', '私のカード', '', 'card card card'];
const OPTIONS = { minRows: 1, maxFeatures: 100_000, wordWeight: 1, charWeight: 0.5 };

function corpusOf(texts: string[]): Corpus {
  const corpus = new Corpus(DEFAULT_NGRAMS);
  for (const text of texts) corpus.add(text);
  return corpus;
}

test('training and serving give the same vectors, bit for bit', () => {
  const corpus = corpusOf(TEXTS);
  const space = corpus.space(OPTIONS);
  const matrix = corpus.matrix(space);
  const vectoriser = new TextVectoriser(space);
  for (const [row, text] of TEXTS.entries()) {
    const length = vectoriser.vectorise(text);
    const [from, to] = [matrix.offsets[row]!, matrix.offsets[row + 1]!];
    assert.deepEqual(vectoriser.columns.slice(0, length), matrix.columns.slice(from, to), text);
    assert.deepEqual(vectoriser.values.slice(0, length), matrix.values.slice(from, to), text);
  }
});

test('the word part and the character part have their own lengths', () => {
  const vectoriser = new TextVectoriser(corpusOf(TEXTS).space(OPTIONS));
  const length = vectoriser.vectorise('where is the card');
  const norm = (from: number, to: number) => Math.hypot(...vectoriser.values.subarray(from, to));
  assert.ok(Math.abs(norm(0, vectoriser.wordLength) - 1) < 1e-6);
  assert.ok(Math.abs(norm(vectoriser.wordLength, length) - 0.5) < 1e-6);
  assert.equal(vectoriser.vectorise('ЖЖЖ'), 0);
  assert.equal(vectoriser.vectorise(''), 0);
});

test('a space of some rows knows nothing of the others', () => {
  const corpus = corpusOf(TEXTS);
  const some = corpus.space(OPTIONS, Int32Array.of(0, 1));
  const alone = corpusOf(TEXTS.slice(0, 2)).space(OPTIONS);
  assert.deepEqual(some.hashes, alone.hashes);
  assert.deepEqual(some.idf, alone.idf);
});

test('rare features are pruned, frequent ones kept, in an order that does not depend on the rows’ order', () => {
  const corpus = corpusOf(TEXTS);
  const all = corpus.space(OPTIONS);
  const twice = corpus.space({ ...OPTIONS, minRows: 2 });
  const few = corpus.space({ ...OPTIONS, maxFeatures: 5 });
  assert.ok(twice.hashes.length < all.hashes.length && twice.hashes.length > 0);
  assert.deepEqual(few.hashes, all.hashes.slice(0, 5));
  assert.ok(few.idf.every((value) => value <= Math.min(...all.idf.slice(5))));
  assert.deepEqual(corpusOf([...TEXTS].reverse()).space(OPTIONS).hashes, all.hashes);
});
