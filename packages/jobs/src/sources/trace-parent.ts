import { createHash } from 'node:crypto';

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** The trace id of a W3C `traceparent`; null where it is absent or malformed: a new trace begins. */
export function traceIdOf(header: string | undefined): string | null {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  if (match === null) return null;
  const [, version, trace, parent, , rest] = match;
  if (version === 'ff' || (version === '00' && rest !== undefined)) return null;
  return /^0+$/.test(trace!) || /^0+$/.test(parent!) ? null : trace!;
}

/** The `traceparent` of what message `id` caused, with a span of its own that is the same each time. */
export function traceParent(trace: string, id: string): string {
  return `00-${trace}-${createHash('sha256').update(id).digest('hex').slice(0, 16)}-01`;
}
