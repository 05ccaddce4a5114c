import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compilePath, describe, escapePointer, select } from './value-path.ts';

test('paths of names and indexes find what RFC 9535 says they find', () => {
  const root = { a: { 'b c': [10, { d: 'x' }, null] }, 'ü"': 1, length: 7 };
  for (const [path, value] of [
    ['$', root],
    ['$.a["b c"][0]', 10],
    ["$['a']['b c'][1].d", 'x'],
    ['$.a["b c"][-1]', null],
    ['$.a["b c"][-4]', undefined],
    ['$.a["b c"].length', undefined],
    ['$.length', 7],
    ['$["ü\\""]', 1],
    ['$.a[0]', undefined],
    ['$.toString', undefined],
    ['$.__proto__', undefined],
  ] as const) {
    const steps = compilePath(path);
    assert.ok(typeof steps !== 'string', `${path}: ${String(steps)}`);
    assert.deepEqual(select(steps, root), value, path);
  }
});

test('whatever could find several values, or is no path, is refused with why', () => {
  const refused = [
    ...['$.*', '$..a', '$[?@.a == 1]', '$.a[0,1]', '$[0:2]', '$[*]', '$.a.length()', 'a.b', '', '$.', '$[01]'],
    ...['$[', "$['a", '$.a b', '$$', '@.a', '$[99999999999999999999]', ' $.a', '$.~a', '$[?count(@.*)>1]'],
  ];
  for (const path of refused) assert.equal(typeof compilePath(path), 'string', path);
});

test('a value is described, never repeated', () => {
  const said = [undefined, null, [1, 2], '', 'secret', {}, 3, true].map(describe);
  assert.deepEqual(said, [
    ...['nothing', 'null', 'an array of 2', 'an empty string', 'a string of 6 characters'],
    ...['an object', 'a number', 'a boolean'],
  ]);
  assert.equal(escapePointer('a/b~c'), 'a~1b~0c');
});
