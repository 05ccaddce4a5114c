import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { MAX_TEXT_UNITS, Normaliser, normaliseWithOffsets, readWindows } from './normalise.ts';

const normaliser = new Normaliser();

function normalised(text: string): string {
  const { codePoints, length } = normaliser.normalise(text);
  return String.fromCodePoint(...codePoints.subarray(0, length));
}

test('case, width, composition, spacing and invisible characters do not matter', () => {
  assert.equal(normalised('  Hello\t\r\nWORLD  '), 'hello world');
  assert.equal(normalised('Ｆｕｌｌ'), 'full');
  assert.equal(normalised('e\u0301'), normalised('é'));
  assert.equal(normalised('STRASSE'), normalised('Straße'));
  assert.equal(normalised('ΟΔΟΣ'), normalised('οδος'));
  assert.equal(normalised('pass\u200bword\u00ad'), 'password');
  assert.equal(normalised('ﬁne ①'), 'fine 1');
  assert.equal(normalised('a\u0000b\u0007c'), 'a b c');
  assert.equal(normalised('x\ud800y'), 'x y');
  assert.equal(normalised(''), '');
  assert.equal(normalised(' \u200b \n'), '');
});

test('the ASCII path and the Unicode path agree', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
      // A soft hyphen sends the same text down the other path and leaves no trace.
      assert.equal(normalised(text), normalised(`${text}\u00ad`));
    }),
    { seed: 3 },
  );
});

test('offsets give the same text, and each points at where it came from', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const { codePoints, starts, ends, length } = normaliseWithOffsets(text);
      assert.equal(String.fromCodePoint(...codePoints.subarray(0, length)), normalised(text));
      for (let i = 0; i < length; i++) {
        assert.ok(starts[i]! >= 0 && starts[i]! < ends[i]! && ends[i]! <= text.length);
        if (i > 0) assert.ok(starts[i]! >= starts[i - 1]!);
      }
    }),
    { seed: 5, numRuns: 200 },
  );
  const text = 'Ｈé 👍🏽 한국 ﬁx';
  const { codePoints, starts, ends, length } = normaliseWithOffsets(text);
  const at = [...codePoints.subarray(0, length)].indexOf('한'.codePointAt(0)!);
  assert.equal(text.slice(starts[at], ends[at]), '한');
  assert.equal(text.slice(starts[length - 2], ends[length - 2]), 'ﬁ');
});

test('combining marks, Hangul jamo and Indic vowels keep their offsets apart', () => {
  for (const text of ['한국어', 'का की', 'e\u0301a\u0300', 'ｶﾞｷﾞ', 'שָׁלוֹם', 'ก็']) {
    const located = normaliseWithOffsets(text);
    assert.equal(String.fromCodePoint(...located.codePoints.subarray(0, located.length)), normalised(text));
    assert.equal(located.ends[located.length - 1], text.length);
  }
});

test('of a huge text bounded windows are read: its head, its tail and parts between', () => {
  const text = `${'head '.repeat(10)}${'👍 filler '.repeat(400_000)}${'tail '.repeat(10)}`;
  const windows = readWindows(text);
  const total = windows.reduce((sum, [start, end]) => sum + end - start, 0);
  assert.ok(total <= MAX_TEXT_UNITS + windows.length);
  assert.deepEqual([windows[0]![0], windows.at(-1)![1]], [0, text.length]);
  for (const [i, [start, end]] of windows.entries()) {
    assert.ok(start < end && (i === 0 || start >= windows[i - 1]![1]));
    assert.ok(!/^[\udc00-\udfff]/.test(text.slice(start, end)));
  }
  const result = normalised(text);
  assert.ok(result.startsWith('head head') && result.endsWith('tail tail'));
});
