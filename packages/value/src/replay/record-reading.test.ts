import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seal } from '@understudy/ledger';
import { exampleDecision, exampleReview } from '@understudy/ledger/testing';
import fc from 'fast-check';
import { parseRecord, RecordParser } from './record-reading.ts';

/** Texts that look like the members that are searched for. */
const nasty = fc.oneof(
  fc.constantFrom(
    ',"confidence":0.1,"cost":{',
    '"],"certificate":"x","confidence":9',
    ',"task":{"id":"other"},"timings":',
    ',"label":"spam","outcome":"automated",',
    'a,',
    ',"suggestion":{"label":',
    '\\",\\"id\\":',
    '\n',
    '\u0001\u2028 ✓ 時計 😀',
    'ok',
  ),
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 12 }),
);
const number = fc.oneof(fc.double({ min: 0, max: 1, noNaN: true }), fc.constantFrom(0, 1, 1e-7, 5e-324, 0.1));
const optional = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: null });

const decision = fc.record({
  at: fc.integer({ min: 1_700_000_000_000, max: 1_900_000_000_000 }),
  review: fc.boolean(),
  more: fc.record(
    {
      audit: optional(fc.record({ probability: number })),
      automation: fc.constantFrom('certified', 'uncertified', 'off'),
      candidates: fc.array(fc.record({ label: nasty, score: number }), { maxLength: 4 }),
      certificate: optional(nasty),
      confidence: optional(number),
      cost: fc.record({ amount: fc.constantFrom('0.000004', '0', '1.5'), currency: fc.constantFrom('EUR', 'USD') }),
      decidedBy: optional(fc.record({ model: nasty, rung: fc.constant('own_model'), version: nasty })),
      requestId: nasty,
      reviewReason: optional(fc.constantFrom('below_threshold', 'no_model', 'not_certified')),
      suggestion: optional(fc.record({ label: nasty, confidence: number })),
      task: fc.record({ id: nasty, slug: fc.constant('bench'), revision: fc.nat(9) }),
      threshold: optional(number),
      traceId: optional(fc.constant('0af7651916cd43dd8448eb211c80319c')),
    },
    { requiredKeys: [] },
  ),
});

test('every record is read as parsing all of it reads it, whatever texts it holds', () => {
  const parser = new RecordParser();
  fc.assert(
    fc.property(fc.array(decision, { minLength: 1, maxLength: 30 }), (rows) => {
      for (const { at, review, more } of rows) {
        const entry = (review ? exampleReview : exampleDecision)('ws_1', at, more as object);
        const { record } = seal(entry);
        const expected = parseRecord(record);
        assert.deepEqual(parser.parse(record), expected);
        assert.deepEqual(parser.parse(record), expected);
      }
    }),
    { numRuns: 150 },
  );
});

test('a record that is not as expected is still read', () => {
  const { record } = seal(exampleDecision('ws_1', 1_750_000_000_000, {}));
  const { cost, ...rest } = JSON.parse(record) as Record<string, unknown>;
  const turned = JSON.stringify({ ...rest, cost });
  assert.deepEqual(new RecordParser().parse(turned), parseRecord(record));
});
