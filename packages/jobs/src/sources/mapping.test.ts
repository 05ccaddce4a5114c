import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileMapping, compilePath, select } from './mapping.ts';
import type { Mapping } from './source.ts';

const mapping = (over: Partial<Mapping> = {}): Mapping => ({
  input: { text: '$.comment.body' },
  externalId: null,
  subject: null,
  attributes: {},
  id: null,
  ...over,
});

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

test('every wrong path of a mapping is named with its place', () => {
  assert.throws(
    () =>
      compileMapping(mapping({ input: { text: 'body' }, subject: '$.*', attributes: { 'a/b': '$..x', ok: '$.x' } })),
    (error: { code: string; problems: { pointer: string; code: string }[] }) => {
      assert.equal(error.code, 'invalid_mapping');
      assert.deepEqual(
        error.problems.map(({ pointer }) => pointer),
        ['/mapping/input/text', '/mapping/subject', '/mapping/attributes/a~1b'],
      );
      return true;
    },
  );
});

test('a message becomes an item: numbers name things, facts may be absent, the rest is refused by name and type', () => {
  const { map } = compileMapping(
    mapping({
      externalId: '$.comment.id',
      subject: '$.comment.author',
      attributes: { country: '$.user.country', age: '$.user.age', staff: '$.user.staff' },
      id: '$.comment.revision',
    }),
  );
  assert.deepEqual(
    map({ comment: { id: 17, body: 'hi', author: 'u-1', revision: 'r3' }, user: { country: 'CH', staff: false } }),
    {
      request: {
        input: { text: 'hi' },
        external_id: '17',
        subject: 'u-1',
        attributes: { country: 'CH', staff: false },
      },
      id: 'r3',
    },
  );
  assert.deepEqual(map({ comment: { id: 'c', body: '', revision: 1 } }).request, {
    input: { text: '' },
    external_id: 'c',
    attributes: {},
  });
  assert.throws(
    () =>
      map({ comment: { body: ['secret'], id: '', revision: {} }, user: { country: ['CH'], age: 'x'.repeat(2001) } }),
    (error: { code: string; message: string; problems: { pointer: string }[] }) => {
      assert.equal(error.code, 'message_unmapped');
      assert.deepEqual(
        error.problems.map(({ pointer }) => pointer),
        ['/input/text', '/external_id', '/id', '/attributes/country', '/attributes/age'],
      );
      assert.ok(!error.message.includes('secret'), 'values are not repeated');
      return true;
    },
  );
  for (const root of [null, 'text', [], 1, {}]) assert.throws(() => map(root), { code: 'message_unmapped' });
});
