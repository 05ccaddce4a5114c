import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import { textFingerprint } from '@understudy/text';
import { DuplicateGroups } from './near-duplicates.ts';

const digest = (text: string) => createHash('sha256').update(text).digest();

function groupsOf(rows: { text: string; subject?: string }[]): number[] {
  const groups = new DuplicateGroups();
  for (const { text, subject } of rows) {
    const { exact, signature } = textFingerprint(text);
    groups.add([exact, ...(subject === undefined ? [] : [digest(subject)])], signature);
  }
  return [...groups.finish().groups];
}

const LONG =
  'The parcel that I ordered three weeks ago has still not arrived, and nobody answers when I call your hotline about it';

test('the same text but for case, punctuation and spacing is one group, other texts are not', () => {
  const texts = [
    'Where is my parcel?',
    'WHERE is my parcel',
    'where — is my parcel!!',
    'I want my money back',
    'hi',
    'HI!',
  ];
  assert.deepEqual(groupsOf(texts.map((text) => ({ text }))), [0, 0, 0, 1, 2, 2]);
});

test('rewordings by a typo or a word are near-duplicates', () => {
  const texts = [
    LONG,
    LONG.replace('parcel', 'parcle'),
    LONG.replace('three', '3'),
    `${LONG}!!! thanks`,
    LONG.replace('hotline', 'hotlne'),
  ];
  assert.deepEqual(groupsOf(texts.map((text) => ({ text }))), [0, 0, 0, 0, 0]);
});

test('what a subject or a chain connects is one group', () => {
  const rows = [
    { text: 'completely unlike the others one', subject: 'anna' },
    { text: 'nothing in common with it two', subject: 'ben' },
    { text: 'also quite another sentence three', subject: 'anna' },
    { text: 'Nothing in common, with it: TWO', subject: 'anna' },
    { text: 'alone and without any subject' },
  ];
  assert.deepEqual(groupsOf(rows), [0, 0, 0, 0, 1]);
});

test('planted among thousands: found, and nothing else is joined', () => {
  const words = 'river stone cloud paper engine garden winter copper window market silver bridge candle forest'.split(
    ' ',
  );
  let seed = 7;
  const random = (n: number) => {
    seed = (Math.imul(seed, 1103515245) + 12345) & 0x7fffffff;
    return (seed >>> 8) % n;
  };
  const rows = Array.from({ length: 3000 }, () => ({
    text: Array.from({ length: 14 }, () => `${words[random(words.length)]}${random(50)}`).join(' '),
  }));
  const planted = Array.from({ length: 300 }, (_, i) => ({
    text: `${rows[i * 10]!.text.toUpperCase().replaceAll(' ', ', ')}.`,
  }));
  const groups = groupsOf([...rows, ...planted]);
  for (let i = 0; i < 300; i++) assert.equal(groups[3000 + i], groups[i * 10]);
  assert.equal(new Set(groups).size, 3000);
});
