import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SIGNATURE_POSITIONS, textFingerprint } from './fingerprint.ts';

function similarity(a: string, b: string): number {
  const [x, y] = [textFingerprint(a).signature, textFingerprint(b).signature];
  return x.filter((value, i) => value === y[i]).length / SIGNATURE_POSITIONS;
}

const exact = (text: string) => Buffer.from(textFingerprint(text).exact).toString('hex');

test('case, punctuation, spacing and invisible characters leave the digest as it is', () => {
  assert.equal(exact('Where is my card?'), exact(' where  is\u200b MY card!!'));
  assert.notEqual(exact('Where is my card?'), exact('Where is my cart?'));
  assert.notEqual(exact('!!!'), exact('???'));
  assert.equal(exact('日本語。'), exact('日本語'));
  assert.notEqual(exact('👍'), exact('👎'));
});

test('near-duplicates are similar, different texts are not', () => {
  const text = 'My replacement card has still not arrived although I ordered it two weeks ago, what can I do about it?';
  assert.ok(similarity(text, text.replace('two', '2')) >= 0.8);
  assert.ok(similarity(text, `${text} Thanks`) >= 0.8);
  assert.ok(similarity(text, 'How do I change the currency of my account when I travel to another country?') < 0.2);
});

test('the estimate follows the true Jaccard similarity', () => {
  const shingles = (text: string) => new Set(Array.from({ length: text.length - 4 }, (_, i) => text.slice(i, i + 5)));
  const words = 'abcdefghijklmnopqrstuvwxyz'.split('').map((c, i) => c.repeat(1 + (i % 3)) + c.charCodeAt(0));
  for (const cut of [2, 6, 12]) {
    const [a, b] = [words.join(''), words.slice(cut).join('')];
    const [x, y] = [shingles(a), shingles(b)];
    const truth = [...x].filter((shingle) => y.has(shingle)).length / new Set([...x, ...y]).size;
    assert.ok(Math.abs(similarity(a, b) - truth) < 0.2, `${similarity(a, b)} for ${truth}`);
  }
});

test('a short text has no signature, a huge one is told apart by its digest', () => {
  assert.equal(textFingerprint('hi').signature.length, 0);
  assert.equal(textFingerprint('').signature.length, 0);
  const huge = 'lorem ipsum '.repeat(200_000);
  const changed = `${huge.slice(0, 70_001)}#${huge.slice(70_002)}`;
  assert.notEqual(exact(huge), exact(changed));
});
