import type { IncomingMessage } from '@understudy/events';
import type { Taken } from './storage/lanes.ts';

export function incoming({ id, key, headers, body, place, deliveries, at }: Taken): IncomingMessage {
  return {
    id,
    key,
    headers,
    body,
    place,
    redelivered: deliveries > 1,
    deliveries,
    correlationId: headers['correlation-id'] ?? null,
    replyTo: headers['reply-to'] ?? null,
    at,
  };
}
