import { createHash } from 'node:crypto';
import type { NewOutgoing } from '@understudy/events';
import type { Decision } from '@understudy/wire';
import type { Source } from './source.ts';
import { traceParent } from './trace-parent.ts';

export interface ReplyDestination {
  bus: string;
  topic: string;
}

export interface ReplyFacts {
  destination: ReplyDestination;
  /** `msg_…` */
  message: string;
  correlationId: string | null;
  /** Of the message that is answered. */
  key: string | null;
  decision: Decision;
  traceId: string;
}

const MOST_KEY = 200;
const MOST_TOPIC = 249;

/** Where the answer to a message goes; null where nobody waits for one. */
export function destinationOf(source: Source, replyTo: string | null): ReplyDestination | null {
  const { replyTo: rule } = source.definition;
  if (rule === null) return null;
  const topic = rule.fromMessage && replyTo !== null && replyTo !== '' ? replyTo : rule.topic;
  return topic === null ? null : { bus: rule.bus, topic };
}

/** Whether a topic that a message names can be one at all. */
export function isTopic(topic: string): boolean {
  return topic.length <= MOST_TOPIC && /^[^\p{Cc}\p{Zl}\p{Zp}\p{Cs}]+$/u.test(topic);
}

/** The answer to a message: a CloudEvent in binary mode, with what the application joins it by. */
export function replyTo(source: Source, facts: ReplyFacts): NewOutgoing {
  const { destination, message, correlationId, decision, traceId } = facts;
  const externalId = decision.external_id ?? null;
  const id = `rep_${message.slice(4)}`;
  const traceparent = traceParent(traceId, id);
  return {
    bus: destination.bus,
    topic: destination.topic,
    id,
    key: boundedKey(externalId ?? facts.key),
    headers: {
      'content-type': 'application/json',
      ce_specversion: '1.0',
      ce_type: 'decision.made',
      ce_source: `/v1/sources/${source.name}`,
      ce_id: id,
      ce_subject: decision.id,
      ce_time: decision.created_at,
      ...(correlationId === null ? {} : { 'correlation-id': correlationId }),
      traceparent,
    },
    body: Buffer.from(
      JSON.stringify({ external_id: externalId, correlation_id: correlationId, source: source.name, decision }),
    ),
    traceId,
  };
}

function boundedKey(key: string | null): string | null {
  if (key === null || (key.length <= MOST_KEY && !key.includes('\0') && key.isWellFormed())) return key;
  return createHash('sha256').update(key).digest('base64url');
}
