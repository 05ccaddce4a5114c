import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nulProblem, strangeJson } from './strange-text.ts';

const check = (raw: string) => strangeJson(raw, JSON.parse(raw));

test('texts that cannot be kept are found wherever they stand', () => {
  for (const [raw, pointer] of [
    ['{"a":"\\ud800"}', '/a'],
    ['{"a":[1,{"b/c":"x\\u0000"}]}', '/a/1/b~1c'],
    ['{"k\\u0000":1}', '/k\u0000'],
    ['["\\uDC00\\ud83d"]', '/0'],
  ] as const) {
    const error = check(raw);
    assert.equal(error?.code, 'invalid_text', raw);
    assert.equal(error?.problems[0]?.pointer, pointer);
  }
});

test('escaped pairs and escaped backslashes are fine', () => {
  assert.equal(check('{"a":"\\ud83d\\ude00"}'), null);
  assert.equal(check('{"a":"\\\\u0000 is how it is written"}'), null);
});

test('nesting is bounded, however deep, without overflowing the stack', () => {
  const deep = (levels: number) => `${'['.repeat(levels)}1${']'.repeat(levels)}`;
  assert.equal(check(deep(64)), null);
  assert.equal(check(deep(66))?.code, 'invalid_json');
  assert.equal(check(deep(100_000))?.code, 'invalid_json');
  assert.equal(check(deep(65))?.code, 'invalid_json');
  assert.equal(check(`[${'{},'.repeat(200)}1]`), null); // many, but not deep
});

test('brackets inside strings count neither way', () => {
  const open = '[{'.repeat(100);
  const close = ']}'.repeat(100);
  const deep = (text: string) => `${`[${JSON.stringify(text)},`.repeat(65)}1${']'.repeat(65)}`;
  for (const text of [open, `\\"${open}`, `\\\\" ${open}`, open + close, `"${open}\\`, '\\', '"', '\\\\"\\"']) {
    assert.equal(check(JSON.stringify({ text, more: [text, text] })), null, text);
    // Closing ones must not make a deep body look flat.
    assert.equal(check(deep(`${close}${text}`))?.code, 'invalid_json', text);
  }
});

test('U+0000 in a path is nothing, in a query an error', () => {
  assert.equal(nulProblem({ id: 'a\0' }, {})?.code, 'not_found');
  assert.equal(nulProblem({ id: 'a' }, { label: '\0' })?.problems[0]?.pointer, '/label');
  assert.equal(nulProblem(undefined, { limit: 5 }), null);
});
