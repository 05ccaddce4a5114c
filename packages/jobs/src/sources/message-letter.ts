import type { IncomingMessage } from '@understudy/events';
import type { FailedAttempt, NewDeadLetter } from '../dead-letter.ts';
import type { Source, SourceProblem } from './source.ts';

/** A message that could not be decided, as it came, with what is needed to try it again. */
export function letterOf(
  source: Source,
  incoming: IncomingMessage,
  facts: {
    /** `msg_…` */
    message: string;
    kind: NewDeadLetter['kind'];
    problem: SourceProblem;
    history: FailedAttempt[];
    traceId: string;
  },
): NewDeadLetter {
  const { message, kind, problem, history, traceId } = facts;
  return {
    kind,
    origin: { kind: 'source', id: source.name },
    task: source.definition.task,
    reason: problem,
    body: incoming.body,
    contentType: storable(incoming.headers['content-type'] ?? 'application/octet-stream'),
    headers: headersOf(incoming),
    message,
    attempts: Math.max(1, history.length, incoming.deliveries ?? 0),
    history,
    traceId,
  };
}

/** The headers, with what stood beside them where the system has fields of its own for it. */
function headersOf({ headers, id, key, correlationId, replyTo }: IncomingMessage): Record<string, string> {
  const all: Record<string, string> = {
    ...headers,
    ...(id === null ? {} : { 'message-id': id }),
    ...(key === null ? {} : { 'message-key': key }),
    ...(correlationId === null ? {} : { 'correlation-id': correlationId }),
    ...(replyTo === null ? {} : { 'reply-to': replyTo }),
  };
  return Object.fromEntries(Object.entries(all).map(([name, value]) => [storable(name), storable(value)]));
}

/** PostgreSQL keeps neither U+0000 nor half a surrogate pair. */
function storable(text: string): string {
  return text.toWellFormed().replaceAll('\0', '\uFFFD');
}
