import { createHash } from 'node:crypto';
import type { Message, MessageAttributeValue, SendMessageBatchRequestEntry } from '@aws-sdk/client-sqs';
import type { IncomingMessage, OutgoingMessage } from '@understudy/events';

/** Attributes of ours. The last holds, as JSON, the headers that cannot be attributes. */
const ID = 'message-id';
const KEY = 'message-key';
const ENCODING = 'body-encoding';
const HEADERS = 'headers';
const RESERVED = new Set([ID, KEY, ENCODING]);
/** SQS allows ten; four may be ours. */
const HEADER_ATTRIBUTES = 6;
/** They come first when there are more than that: what consumers of other makes look for. */
const FIRST = ['content-type', 'correlation-id', 'reply-to', 'traceparent', 'ce_id', 'ce_type'];

const PLAIN_NAME = /^(?!aws\.|amazon\.)(?!.*\.\.)[a-z0-9_-](?:[a-z0-9_.-]{0,126}[a-z0-9_-])?$/;
/** The characters that SQS takes, in bodies and attributes. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: three of them are allowed
const PLAIN_TEXT = /^[\u0009\u000a\u000d\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]+$/u;
/** What deduplication and group ids may hold. */
const PLAIN_ID = /^[A-Za-z0-9!"#$%&'()*+,\-./:;<=>?@[\\\]^_`{|}~]{1,128}$/;

const strict = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface EncodedMessage {
  entry: Omit<SendMessageBatchRequestEntry, 'Id'>;
  /** As SQS counts it: body, and names, types and values of all attributes. */
  bytes: number;
}

export function encode(message: OutgoingMessage, fifo: boolean): EncodedMessage {
  const { id, key, headers } = message;
  const attributes: Record<string, MessageAttributeValue> = {};
  let bytes = 0;
  const attribute = (name: string, value: string) => {
    attributes[name] = { DataType: 'String', StringValue: value };
    bytes += Buffer.byteLength(name) + 'String'.length + Buffer.byteLength(value);
  };
  const [body, encoding] = encodeBody(message.body);
  bytes += Buffer.byteLength(body);
  if (encoding !== null) attribute(ENCODING, encoding);

  const rest: Record<string, string> = {};
  const place = (name: string, value: string) => {
    if (PLAIN_TEXT.test(value)) attribute(name, value);
    else rest[name] = value;
  };
  place(ID, id);
  if (key !== null) place(KEY, key);
  const names = Object.keys(headers).sort((one, other) => rank(one) - rank(other));
  let room = HEADER_ATTRIBUTES;
  for (const name of names) {
    if (RESERVED.has(name)) continue;
    const value = headers[name]!;
    if (room > 0 && name !== HEADERS && PLAIN_NAME.test(name) && PLAIN_TEXT.test(value)) {
      attribute(name, value);
      room--;
    } else {
      rest[name] = value;
    }
  }
  if (Object.keys(rest).length > 0) attribute(HEADERS, toAscii(JSON.stringify(rest)));
  const order = fifo ? { MessageDeduplicationId: toPlainId(id), MessageGroupId: toPlainId(key ?? id) } : {};
  return { entry: { MessageBody: body, MessageAttributes: attributes, ...order }, bytes };
}

/** @param tries how often this process has handed it over already */
export function decode(message: Message, tries: number): IncomingMessage {
  const headers: Record<string, string> = {};
  for (const [name, { StringValue, BinaryValue }] of Object.entries(message.MessageAttributes ?? {})) {
    headers[name.toLowerCase()] = StringValue ?? (BinaryValue === undefined ? '' : Buffer.from(BinaryValue).toString());
  }
  const packed = headers[HEADERS];
  if (packed !== undefined) {
    const unpacked = parseHeaders(packed);
    if (unpacked !== null) {
      delete headers[HEADERS];
      Object.assign(headers, unpacked);
    }
  }
  const system: Partial<Record<string, string>> = message.Attributes ?? {};
  const encoding = headers[ENCODING];
  delete headers[ENCODING];
  // Of others' messages the group is the key; ours name it.
  const key = headers[KEY] ?? (headers[ID] === undefined ? (system.MessageGroupId ?? null) : null);
  delete headers[KEY];
  const id = headers[ID] || headers.ce_id || system.MessageDeduplicationId || null;
  delete headers[ID];
  const received = Number(system.ApproximateReceiveCount ?? Number.NaN);
  const sent = Number(system.SentTimestamp ?? Number.NaN);
  return {
    id,
    key,
    headers,
    body: decodeBody(message.Body ?? '', encoding),
    place: message.MessageId ?? null,
    redelivered: received > 1 || tries > 0,
    deliveries: Number.isFinite(received) ? received + tries : null,
    correlationId: headers['correlation-id'] || null,
    replyTo: headers['reply-to'] || null,
    at: Number.isFinite(sent) ? sent : null,
  };
}

/** Text as it is, anything else as base64. SQS takes no empty body. */
function encodeBody(body: Uint8Array): [string, string | null] {
  if (body.length === 0) return ['-', 'empty'];
  try {
    const text = strict.decode(body);
    if (PLAIN_TEXT.test(text)) return [text, null];
  } catch {
    // not UTF-8
  }
  return [Buffer.from(body.buffer, body.byteOffset, body.byteLength).toString('base64'), 'base64'];
}

function decodeBody(body: string, encoding: string | undefined): Uint8Array {
  if (encoding === 'empty') return new Uint8Array(0);
  return Buffer.from(body, encoding === 'base64' ? 'base64' : 'utf8');
}

function parseHeaders(json: string): Record<string, string> | null {
  try {
    const value = JSON.parse(json) as unknown;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
    if (!Object.values(value).every((one) => typeof one === 'string')) return null;
    return value as Record<string, string>;
  } catch {
    return null;
  }
}

const rank = (name: string) => (FIRST.includes(name) ? FIRST.indexOf(name) : FIRST.length);

/** JSON may write any character as an escape; SQS takes these. */
function toAscii(json: string): string {
  return json.replace(/[^ -~]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The same for the same id or key; the attribute holds the true one. */
function toPlainId(id: string): string {
  return PLAIN_ID.test(id) ? id : createHash('sha256').update(id).digest('hex');
}
