import { hash, randomFillSync } from 'node:crypto';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The trace id of a W3C `traceparent`; null where it is absent or malformed: a new trace begins. */
export function traceIdOf(header: string | undefined): string | null {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  if (match === null) return null;
  const [, version, trace, parent, , rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return null;
  return /^0+$/.test(trace!) || /^0+$/.test(parent!) ? null : trace!;
}

const TRACE_BYTES = 16;
const entropy = Buffer.alloc(TRACE_BYTES * 256);
let used = entropy.length;

/** The id of a trace that begins here. */
export function newTraceId(): string {
  if (used === entropy.length) {
    randomFillSync(entropy);
    used = 0;
  }
  used += TRACE_BYTES;
  return entropy.toString('hex', used - TRACE_BYTES, used);
}

/** The `traceparent` of what message `id` caused, with a span of its own that is the same each time. */
export function traceParent(trace: string, id: string): string {
  return `00-${trace}-${hash('sha256', id, 'hex').slice(0, 16)}-01`;
}
