import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { canonicalJson } from './canonical.ts';
import { payloadHash, seal } from './seal.ts';
import { exampleDecision, exampleLabel } from './testing/example-entries.ts';

// `binary` gives every character there is but halves of surrogate pairs, at which RFC 8785 stops.
const text = fc.string({ unit: 'binary' });
const nullable = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });
const figure = fc.double({ noNaN: true, noDefaultInfinity: true });
const column = text.map((value) => value.replaceAll('\0', ''));

test('canonicalJson is RFC 8785 as `canonicalize` writes it', () => {
  fc.assert(
    fc.property(fc.jsonValue({ stringUnit: 'binary' }), (value) =>
      assert.equal(canonicalJson(value), canonicalize(value)),
    ),
    { numRuns: 500 },
  );
  assert.equal(canonicalJson({ b: 1, a: undefined, '\u20ac': -0, 1: 1e21 }), '{"1":1e+21,"b":1,"€":0}');
  for (const value of [Number.NaN, Number.POSITIVE_INFINITY, 1n, { a: () => 1 }]) {
    assert.throws(() => canonicalJson(value), TypeError);
  }
});

test('a record is canonical whatever its fields hold, and its hashes are those that the README says', () => {
  fc.assert(
    fc.property(
      fc.record({
        label: nullable(column),
        suggestion: nullable(fc.record({ label: text, confidence: figure })),
        confidence: nullable(figure),
        threshold: nullable(figure),
        candidates: fc.array(fc.record({ label: text, score: figure }), { maxLength: 5 }),
        decidedBy: nullable(fc.record({ rung: text, model: text, version: column })),
        reviewReason: nullable(text),
        audit: nullable(fc.record({ probability: figure })),
        timings: fc.dictionary(fc.stringMatching(/^[a-z_]{1,8}$/), figure),
        requestId: text,
        idempotencyKeyHash: nullable(text),
        payload: fc.record({
          input: fc.jsonValue({ stringUnit: 'binary' }),
          subject: fc.option(column, { nil: undefined }),
        }),
      }),
      (fields) => {
        const { record, payload, salt, leaf } = seal(exampleDecision('ws_a', Date.UTC(2026, 1, 3), fields));
        assert.equal(canonicalize(JSON.parse(record)), record);
        assert.equal(canonicalize(JSON.parse(payload!)), payload);
        assert.match(salt!, /^[0-9a-f]{32}$/);
        assert.equal(JSON.parse(record).payload_hash, payloadHash(salt!, payload!));
        assert.equal(createHash('sha256').update(salt!).update(payload!).digest('hex'), payloadHash(salt!, payload!));
        assert.equal(createHash('sha256').update('\0').update(record).digest().toString('latin1'), leaf);
      },
    ),
    { numRuns: 300 },
  );
});

test('two equal inputs have unequal payload hashes, so that an erased one cannot be guessed', () => {
  const sealed = Array.from({ length: 600 }, () => seal(exampleDecision('ws_a', 1)));
  assert.equal(new Set(sealed.map(({ salt }) => salt)).size, 600);
  assert.equal(new Set(sealed.map(({ record }) => JSON.parse(record).payload_hash)).size, 600);
});

test('figures that JSON would turn into null are refused', () => {
  const entry = exampleDecision('ws_a', 1);
  assert.throws(() => seal({ ...entry, confidence: Number.NaN }), TypeError);
  assert.throws(() => seal({ ...entry, candidates: [{ label: 'a', score: Number.POSITIVE_INFINITY }] }), TypeError);
  assert.throws(() => seal({ ...entry, timings: { total: Number.NaN } }), TypeError);
  assert.throws(() => seal({ ...entry, timings: { 7: 1 } }), TypeError);
});

test('a label without a note has no payload and no salt', () => {
  const { record, payload, salt } = seal(exampleLabel('ws_a', 1, 'dec_1'));
  assert.equal(payload, null);
  assert.equal(salt, null);
  assert.equal(JSON.parse(record).payload_hash, null);
  assert.equal(canonicalize(JSON.parse(record)), record);
});
