import assert from 'node:assert/strict';
import { test } from 'node:test';
import { highlightSegments } from './highlight-segments.ts';

const text = 'my parcel is lost 😀';

test('the parts make up the text, whatever the spans', () => {
  for (const span of [[3, 9], [0, 20], [9, 3], [-1, 4], [5, 99], [18, 19], [19, 20], [Number.NaN, 3], []]) {
    const parts = highlightSegments(text, [{ weight: 1, span }]);
    assert.equal(parts.map((part) => part.text).join(''), text, JSON.stringify(span));
  }
  assert.deepEqual(highlightSegments(text, []), [{ text, strength: 0 }]);
  assert.deepEqual(highlightSegments('', [{ weight: 1, span: [0, 1] }]), []);
});

test('overlapping spans add up, the strongest part being 1, what speaks against it negative', () => {
  const parts = highlightSegments('abcdef', [
    { weight: 4, span: [0, 4] },
    { weight: 2, span: [2, 4] },
    { weight: -1, span: [4, 6] },
    { weight: Number.NaN, span: [0, 6] },
  ]);
  assert.deepEqual(parts, [
    { text: 'ab', strength: 0.5 },
    { text: 'cd', strength: 1 },
    { text: 'ef', strength: -0.25 },
  ]);
});
