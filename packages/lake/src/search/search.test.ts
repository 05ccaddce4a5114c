import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { placesOf, SignatureBuilder } from './signature.ts';
import { foldText, holdsAll, termsOf } from './text-terms.ts';

const may = (bits: Buffer, places: readonly number[]) =>
  places.every((place) => {
    const at = place & (bits.length * 8 - 1);
    return (bits[at >> 3]! & (1 << (at & 7))) !== 0;
  });

test('a signature never hides a text that holds the term', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme', maxLength: 40 }), { minLength: 1, maxLength: 20 }),
      fc.nat(),
      fc.nat(),
      fc.nat(8),
      (texts, which, start, length) => {
        const builder = new SignatureBuilder();
        for (const text of texts) builder.add(text);
        const bits = builder.finish();
        const folded = foldText(texts[which % texts.length]!);
        const from = folded.length === 0 ? 0 : start % folded.length;
        const term = folded.slice(from, from + length);
        assert.ok(term === '' || may(bits, placesOf(term)));
      },
    ),
  );
});

test('a signature of ordinary texts is small, and mostly refuses a word that none of them holds', () => {
  const builder = new SignatureBuilder();
  for (let n = 0; n < 1000; n++) builder.add(`please check the transfer number ${n} of my account`);
  const bits = builder.finish();
  assert.ok(bits.length <= 8192, `${bits.length}`);
  const words = ['watches', 'platypus', 'refund', 'café', '時計は高い', '😀👍🏽'];
  assert.deepEqual(
    words.filter((word) => may(bits, placesOf(word))),
    [],
  );
});

test('terms are words and quoted phrases, folded', () => {
  assert.deepEqual(termsOf('  Cheap  "Big  WATCH" cheap "'), ['cheap', 'big watch', '"']);
  assert.deepEqual(termsOf('say"hi" 5%'), ['say"hi"', '5%']);
  assert.ok(holdsAll([foldText('One two'), foldText('three')], termsOf('two THREE')));
  assert.ok(!holdsAll([foldText('One two')], termsOf('two three')));
});
