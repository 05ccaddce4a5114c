import { isUtf8 } from 'node:buffer';
import type { KafkaRecord } from '@platformatic/kafka';
import type { IncomingMessage, OutgoingMessage } from '@understudy/events';

/** What the client's `send` takes. */
export interface ProducerRecord {
  topic: string;
  key?: Buffer;
  value: Buffer;
  headers: Map<Buffer, Buffer>;
}

/** The id travels as header `message-id`, the rest as it is. */
export function toRecord(topic: string, message: OutgoingMessage): ProducerRecord {
  const headers = new Map<Buffer, Buffer>();
  for (const [name, value] of Object.entries(message.headers)) {
    if (name !== 'message-id') headers.set(Buffer.from(name), Buffer.from(value));
  }
  headers.set(Buffer.from('message-id'), Buffer.from(message.id));
  const { buffer, byteOffset, byteLength } = message.body;
  const value = Buffer.from(buffer, byteOffset, byteLength);
  return { topic, ...(message.key === null ? {} : { key: Buffer.from(message.key) }), value, headers };
}

/** About what the record takes in a batch. */
export function recordBytes({ key, value, headers }: ProducerRecord): number {
  let bytes = value.length + (key?.length ?? 0) + 40;
  for (const [name, content] of headers) bytes += name.length + content.length + 10;
  return bytes;
}

export interface RecordPosition {
  partition: number;
  offset: bigint;
  /** Milliseconds since the epoch. */
  timestamp: bigint;
  redelivered: boolean;
}

/**
 * A record as the port has it. Its id is the header `message-id` or `ce_id`. Of headers of one name the last counts.
 * A key that is no UTF-8 becomes `base64:…`; a tombstone (null) becomes an empty body.
 */
export function fromRecord(record: KafkaRecord, position: RecordPosition): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, value] of record.headers) {
    if (name !== null) headers[name.toString('utf8').toLowerCase()] = value?.toString('utf8') ?? '';
  }
  const { partition, offset, timestamp, redelivered } = position;
  return {
    id: headers['message-id'] ?? headers.ce_id ?? null,
    key: record.key === null ? null : readKey(record.key),
    headers,
    body: record.value ?? new Uint8Array(0),
    place: `${partition}/${offset}`,
    redelivered,
    deliveries: null,
    correlationId: headers['correlation-id'] ?? null,
    replyTo: headers['reply-to'] ?? null,
    at: timestamp < 0n ? null : Number(timestamp),
  };
}

function readKey(key: Buffer): string {
  return isUtf8(key) ? key.toString('utf8') : `base64:${key.toString('base64')}`;
}
