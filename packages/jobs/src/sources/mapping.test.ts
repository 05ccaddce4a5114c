import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileMapping } from './mapping.ts';
import type { Mapping } from './source.ts';

const mapping = (over: Partial<Mapping> = {}): Mapping => ({
  input: { text: '$.comment.body' },
  externalId: null,
  subject: null,
  attributes: {},
  id: null,
  ...over,
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
