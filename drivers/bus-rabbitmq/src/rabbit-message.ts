import type { IncomingMessage, OutgoingMessage } from '@understudy/events';
import type { ConsumeMessage, Options } from 'amqplib';

/** The header that carries a message's key: AMQP has no place of its own for it. */
export const KEY_HEADER = 'message-key';

/** Headers that have a property of their own in AMQP, if short enough for it. */
const PROPERTIES = [
  ['content-type', 'contentType'],
  ['correlation-id', 'correlationId'],
  ['reply-to', 'replyTo'],
] as const;

/** AMQP's short strings hold so many bytes. */
const SHORT = 255;
const fits = (value: string) => Buffer.byteLength(value) <= SHORT;

/** The AMQP properties of a message. What is too long for its property goes as a header. */
export function encode(message: OutgoingMessage): Options.Publish {
  const headers: Record<string, string> = { ...message.headers };
  const options: Options.Publish = { headers, persistent: true, mandatory: true };
  for (const [header, property] of PROPERTIES) {
    const value = headers[header];
    if (value === undefined || value === '' || !fits(value)) continue;
    options[property] = value;
    delete headers[header];
  }
  if (fits(message.id)) options.messageId = message.id;
  else headers['message-id'] = message.id;
  if (message.key !== null) headers[KEY_HEADER] = message.key;
  return options;
}

/**
 * @param tries how often this process has handed it over already
 */
export function decode({ content, fields, properties }: ConsumeMessage, tries: number): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries((properties.headers ?? {}) as Record<string, unknown>)) {
    const words = inWords(value);
    if (words !== null) headers[name.toLowerCase()] = words;
  }
  // Quorum queues count the deliveries that came to nothing; older brokers leave a zero out.
  const counted = Number(headers['x-delivery-count'] ?? (fields.redelivered ? Number.NaN : 0));
  delete headers['x-delivery-count'];
  const stamp = Number(headers.timestamp_in_ms ?? Number.NaN);
  for (const [header, property] of PROPERTIES) {
    const value = properties[property] as unknown;
    if (typeof value === 'string' && value !== '') headers[header] = value;
  }
  const key = headers[KEY_HEADER] ?? (fields.exchange === '' ? null : fields.routingKey || null);
  delete headers[KEY_HEADER];
  const id = (properties.messageId as string | undefined) || headers['message-id'] || headers.ce_id || null;
  return {
    id,
    key,
    headers,
    body: content,
    place: null,
    redelivered: fields.redelivered || tries > 0,
    deliveries: Number.isFinite(counted) ? counted + 1 + tries : null,
    correlationId: headers['correlation-id'] || null,
    replyTo: headers['reply-to'] || null,
    // Only the broker's own stamp (its plug-in for timestamps); the property `timestamp` is the publisher's word.
    at: Number.isSafeInteger(stamp) && stamp > 0 ? stamp : null,
  };
}

/** A header of any AMQP type as text; null for what is no value. */
function inWords(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (value === null || value === undefined) return null;
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  if (Buffer.isBuffer(value)) return value.toString('utf8');
  return JSON.stringify(value);
}
