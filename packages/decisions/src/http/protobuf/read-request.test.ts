import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { readBatch, readItem } from './read-request.ts';
import { protobufSchema } from './schema.ts';

// Somebody else's implementation of Protocol Buffers, made from the published schema.
const { root } = protobuf.parse(protobufSchema());
const Item = root.lookupType('understudy.v1.PredictionRequest');
const Batch = root.lookupType('understudy.v1.BatchRequest');
const item = (fields: object) => Buffer.from(Item.encode(Item.fromObject(fields)).finish());
const batch = (items: object[]) => Buffer.from(Batch.encode(Batch.fromObject({ items })).finish());

const refused = (bytes: Buffer | number[], read = readItem, detail = /./) =>
  assert.throws(() => read(Buffer.from(bytes)), { code: 'invalid_protobuf', message: detail });

test('every field comes as the JSON form has it', () => {
  const attributes = { a: { text: 'é' }, b: { number: -1.5 }, c: { flag: false }, d: { null: true }, '': { text: '' } };
  assert.deepEqual(
    readItem(item({ input: { text: 'Grüße 👋\uFFFD' }, subject: 's', externalId: 'e', attributes, explain: true })),
    {
      input: { text: 'Grüße 👋\uFFFD' },
      subject: 's',
      external_id: 'e',
      attributes: { a: 'é', b: -1.5, c: false, d: null, '': '' },
      explain: true,
    },
  );
  assert.deepEqual(readBatch(batch([{ input: { text: '' } }, { input: {} }, {}])), {
    items: [{ input: { text: '' } }, { input: {} }, {}],
  });
  assert.deepEqual(readBatch(Buffer.alloc(0)), { items: [] });
});

test('what is sent twice counts once, as everywhere in Protocol Buffers', () => {
  const twice = Buffer.concat([item({ input: { text: 'a' }, subject: 'x' }), item({ input: { text: 'b' } })]);
  assert.deepEqual(readItem(twice), { input: { text: 'b' }, subject: 'x' });
});

test('any item that JSON can say is the same here', () => {
  const text = fc.string({ unit: 'grapheme' });
  const value = fc.oneof(
    text.map((told) => [{ text: told }, told]),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((told) => [{ number: told }, told]),
    fc.boolean().map((told) => [{ flag: told }, told]),
    fc.constant([{ null: true }, null]),
  );
  const facts = fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    value,
  );
  fc.assert(
    fc.property(text, fc.option(text, { nil: undefined }), facts, (told, id, given) => {
      const names = Object.keys(given);
      const attributes = Object.fromEntries(names.map((name) => [name, given[name]![0]]));
      const expected = {
        input: { text: told },
        ...(id === undefined ? {} : { external_id: id }),
        ...(names.length === 0 ? {} : { attributes: Object.fromEntries(names.map((name) => [name, given[name]![1]])) }),
      };
      const sent = { input: { text: told }, attributes, ...(id === undefined ? {} : { externalId: id }) };
      assert.deepEqual(readItem(item(sent)), expected);
    }),
  );
});

test('an unknown field stays, under a name that the schema refuses', () => {
  const more = [0x78, 0x05]; // field 15, a varint
  assert.deepEqual(readItem(Buffer.from([...item({ input: { text: 'a' } }), ...more])), {
    input: { text: 'a' },
    field_15: true,
  });
  assert.deepEqual(readBatch(Buffer.from([0x0a, 2, ...more])), { items: [{ field_15: true }] });
  assert.deepEqual(readItem(Buffer.from([0x0a, 2, ...more])), { input: { field_15: true } });
  refused([0x22, 2, ...more]); // in an attribute's entry
  refused([0x22, 4, 0x12, 2, ...more]); // in an attribute's value
});

test('cut off anywhere, a message is refused or has lost whole fields', () => {
  const whole = item({ input: { text: 'some text' }, subject: 'who', attributes: { a: { number: 1 } }, explain: true });
  let refusals = 0;
  for (let length = 0; length < whole.length; length++) {
    try {
      const read = readItem(whole.subarray(0, length)) as { input?: { text: string } };
      assert.equal(read.input?.text ?? 'some text', 'some text');
    } catch (error) {
      assert.equal((error as { code: string }).code, 'invalid_protobuf', `${length} bytes: ${error}`);
      refusals++;
    }
  }
  assert.ok(refusals > whole.length / 2, `${refusals}`);
});

test('wrong wire types, lengths beyond what holds them, endless numbers, groups and bad UTF-8 are refused', () => {
  refused([0x08, 1], readItem, /\/input has wire type 0, not 2/);
  refused([0x2a, 1, 0x41], readItem, /\/explain has wire type 2, not 0/);
  refused([0x0a, 3, 0x08, 1], readBatch);
  refused([0x0a, 4, 0x0a, 9, 0x41, 0x41, 0x12, 1, 0x41], readItem); // the text reaches beyond its message
  refused([0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]);
  refused([0x0a, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01]);
  refused(Array(20).fill(0xff));
  refused([0x00]); // field 0
  refused([0x0c]); // the end of a group that never began
  refused([0x7b, ...Array(100_000).fill(0x7b)]); // groups in groups, never closed
  refused([0x0a, 4, 0x0a, 2, 0xc3, 0x28], readItem, /UTF-8/);
  refused([0x12, 3, 0xed, 0xa0, 0x80], readItem, /UTF-8/); // half of a surrogate pair
  refused([0x22, 6, 0x0a, 0, 0x12, 2, 0x20, 0], readItem, /null: false/);
  const poison = item({ attributes: { x: { text: 'y' } } });
  refused(
    Buffer.from(
      poison.toString('latin1').replace('\x0a\x01x', '\x0a\x09__proto__').replace('"\x08', '"\x10'),
      'latin1',
    ),
  );
});

test('reading stops at the first item too many', () => {
  const { items } = readBatch(Buffer.alloc(2_000_000, Buffer.from([0x0a, 0]))) as { items: unknown[] };
  assert.equal(items.length, 1001);
});

test('whatever bytes come, it answers or refuses', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
      for (const read of [readItem, readBatch]) {
        try {
          read(Buffer.from(bytes));
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'invalid_protobuf', String(error));
        }
      }
    }),
    { numRuns: 2000 },
  );
});
