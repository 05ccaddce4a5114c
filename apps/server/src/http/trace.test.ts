import assert from 'node:assert/strict';
import { test } from 'node:test';
import { traceOf } from './trace.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

test('a valid traceparent is continued', () => {
  assert.deepEqual(traceOf(`00-${TRACE}-${SPAN}-01`), { traceId: TRACE, parentId: SPAN, sampled: true });
  assert.equal(traceOf(`01-${TRACE}-${SPAN}-00-what-a-later-version-adds`).traceId, TRACE);
});

for (const [what, header] of [
  ['absent', undefined],
  ['of version ff', `ff-${TRACE}-${SPAN}-01`],
  ['with a zero trace', `00-${'0'.repeat(32)}-${SPAN}-01`],
  ['with a zero span', `00-${TRACE}-${'0'.repeat(16)}-01`],
  ['in upper case', `00-${TRACE.toUpperCase()}-${SPAN}-01`],
  ['of version 00 with more behind it', `00-${TRACE}-${SPAN}-01-x`],
  ['garbage', 'x'],
] as const) {
  test(`a traceparent that is ${what} starts a new trace`, () => {
    const trace = traceOf(header);
    assert.notEqual(trace.traceId, TRACE);
    assert.match(trace.traceId, /^[0-9a-f]{32}$/);
    assert.equal(trace.parentId, null);
  });
}
