import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { NgramExtractor } from './ngrams.ts';
import { normaliseWithOffsets } from './normalise.ts';

/** The n-grams of a text as strings, located; what the hashes stand for. */
function ngrams(text: string, options = { wordMax: 2, charMin: 2, charMax: 3 }) {
  const extractor = new NgramExtractor(options);
  const located = normaliseWithOffsets(text);
  extractor.locate(located);
  const of = (i: number) => {
    let name = '';
    for (let p = extractor.from[i]!; p < extractor.to[i]!; p++) {
      name += p < 0 || p >= located.length ? ' ' : String.fromCodePoint(located.codePoints[p]!);
    }
    return name;
  };
  const all = Array.from({ length: extractor.count }, (_, i) => of(i));
  return { words: all.slice(0, extractor.wordCount), characters: all.slice(extractor.wordCount), extractor };
}

test('words and word pairs, characters within padded chunks', () => {
  const { words, characters } = ngrams('Lost card!');
  assert.deepEqual(words, ['lost', 'lost card', 'card']);
  assert.deepEqual(characters.slice(0, 4), [' l', ' lo', 'lo', 'los']);
  assert.ok(characters.includes('d!') && characters.includes('d! ') && !characters.includes('t c'));
});

test('emoji and characters of scripts without spaces are words', () => {
  assert.deepEqual(ngrams('ok👍🏽👍').words, ['ok', 'ok👍', '👍', '👍🏽', '🏽', '🏽👍', '👍']);
  assert.deepEqual(ngrams('日本語').words, ['日', '日本', '本', '本語', '語']);
  assert.ok(ngrams('สวัสดี').words.length >= 5);
  assert.deepEqual(ngrams('مرحبا بالعالم').words, ['مرحبا', 'مرحبا بالعالم', 'بالعالم']);
});

test('the same n-gram has the same hash wherever it stands, and different ones differ', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (text) => {
      const { words, characters, extractor } = ngrams(text, { wordMax: 2, charMin: 2, charMax: 5 });
      const seen = new Map<number, string>();
      // White space between the words of a pair is not part of its identity, nor is punctuation.
      const keys = [...words.map(() => ''), ...characters.map((name) => `c:${name}`)];
      for (const [i, key] of keys.entries()) {
        if (key === '') continue;
        const hash = extractor.hashes[i]!;
        assert.equal(seen.get(hash) ?? key, key);
        seen.set(hash, key);
        assert.notEqual(hash, 0);
      }
      assert.equal(seen.size, new Set(keys.filter((key) => key)).size);
    }),
    { seed: 9, numRuns: 300 },
  );
});

test('extracting equals locating, and scratch space of a long text leaves no trace in a short one', () => {
  const extractor = new NgramExtractor();
  const fresh = new NgramExtractor();
  extractor.extract('long '.repeat(20_000));
  for (const text of ['', 'a', 'short one', '日本 👍']) {
    const count = extractor.extract(text);
    assert.equal(fresh.locate(normaliseWithOffsets(text)), count);
    assert.deepEqual(extractor.hashes.slice(0, count), fresh.hashes.slice(0, count));
  }
});

test('work on a text of many megabytes is bounded', () => {
  const extractor = new NgramExtractor();
  for (const text of ['x'.repeat(8_000_000), 'ab '.repeat(3_000_000), '日'.repeat(4_000_000)]) {
    assert.ok(extractor.extract(text) < 1_500_000);
  }
});
