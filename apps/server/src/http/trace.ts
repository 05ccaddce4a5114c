import { randomBytes } from 'node:crypto';

/** A W3C trace context (https://www.w3.org/TR/trace-context/), as received or new. */
export interface TraceContext {
  traceId: string;
  parentId: string | null;
  sampled: boolean;
}

const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;

/** Parses `traceparent`; a header that is malformed or absent starts a new trace, as the standard says. */
export function traceOf(header: string | undefined): TraceContext {
  const match = header === undefined ? null : TRACEPARENT.exec(header);
  const [, version, traceId, parentId, flags, rest] = match ?? [];
  const valid =
    match !== null &&
    version !== 'ff' &&
    (version !== '00' || rest === undefined) &&
    !/^0+$/.test(traceId!) &&
    !/^0+$/.test(parentId!);
  if (!valid) return { traceId: randomBytes(16).toString('hex'), parentId: null, sampled: false };
  return { traceId: traceId!, parentId: parentId!, sampled: (Number.parseInt(flags!, 16) & 1) === 1 };
}
