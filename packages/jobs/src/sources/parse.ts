import { isUtf8 } from 'node:buffer';
import type { IncomingMessage } from '@understudy/events';
import { sourceErrors } from './errors.ts';
import type { SourceDefinition } from './source.ts';

/** No item is nested deeper; a hostile message would overflow whatever walks it. */
const MAX_DEPTH = 64;
const JSON_TYPE = /^(application|text)\/([a-z0-9.+-]+\+)?json$/;
const STRUCTURED = 'application/cloudevents+json';

/** A message as the mapping sees it. */
export interface ParsedMessage {
  /** `$`: the JSON of the message; of a CloudEvent its JSON form, attributes and `data`. */
  root: unknown;
  /** What names the event, when it is one. */
  event: { source: string; id: string; type: string } | null;
  traceparent: string | undefined;
}

/** What a message is made of, whichever way it came. Header names are in lower case. */
export type RawMessage = Pick<IncomingMessage, 'headers' | 'body'>;

/**
 * Reads a message: bounded and checked before a parser meets it. A CloudEvent is read in structured or binary mode, as
 * its headers say (CloudEvents 1.0.2; bindings for Kafka, AMQP and HTTP).
 *
 * @throws `message_too_large`, `message_malformed`, `invalid_event`
 */
export function parseMessage(
  { headers, body }: RawMessage,
  format: SourceDefinition['format'],
  maxBytes: number,
): ParsedMessage {
  if (body.byteLength > maxBytes) {
    throw sourceErrors.message_too_large(`it has ${body.byteLength} bytes; at most ${maxBytes} are read`);
  }
  const traceparent = headers.traceparent;
  if (format === 'json') return { root: parseJson(body), event: null, traceparent };
  const event = eventOf(headers, body);
  return {
    root: event,
    event: { source: event.source as string, id: event.id as string, type: event.type as string },
    traceparent: typeof event.traceparent === 'string' ? event.traceparent : traceparent,
  };
}

function eventOf(headers: Readonly<Record<string, string>>, body: Uint8Array): Record<string, unknown> {
  const attributes = attributesOf(headers);
  const type = mediaType(headers['content-type']);
  if (type.startsWith('application/cloudevents')) {
    if (type !== STRUCTURED)
      throw sourceErrors.invalid_event(`the content type ${type} is not read; use ${STRUCTURED}`);
    return structured(parseJson(body));
  }
  if (Object.keys(attributes).length === 0) return structured(parseJson(body));
  const event: Record<string, unknown> = checked({ ...attributes });
  if (type !== '') event.datacontenttype = headers['content-type'];
  if (body.byteLength > 0) event.data = dataOf(body, type);
  return event;
}

/** `ce_` (Kafka, ours), `ce-` (HTTP), `cloudevents:` and `cloudevents_` (AMQP). */
const PREFIX = /^(?:ce[_-]|cloudevents[:_])([a-z0-9]{1,100})$/;

function attributesOf(headers: Readonly<Record<string, string>>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const attribute = PREFIX.exec(name)?.[1];
    if (attribute !== undefined && attribute !== 'data') found[attribute] = value;
  }
  return found;
}

/** @throws `invalid_event` */
export function structured(value: unknown): Record<string, unknown> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw sourceErrors.invalid_event('it has no CloudEvents headers, and its body is no JSON object');
  }
  const { data_base64: encoded, ...event } = value as Record<string, unknown>;
  if (encoded !== undefined) {
    if (typeof encoded !== 'string' || event.data !== undefined || !/^[A-Za-z0-9+/]*={0,2}$/.test(encoded)) {
      throw sourceErrors.invalid_event('data_base64 is not base64, or stands beside data');
    }
    event.data = dataOf(Buffer.from(encoded, 'base64'), mediaType(event.datacontenttype));
  }
  return checked(event);
}

function checked(event: Record<string, unknown>): Record<string, unknown> {
  if (event.specversion !== '1.0') {
    throw sourceErrors.invalid_event(
      event.specversion === undefined ? 'specversion is missing' : 'specversion is not 1.0',
    );
  }
  for (const name of ['id', 'source', 'type']) {
    const value = event[name];
    if (typeof value !== 'string' || value === '' || value.length > 2000) {
      throw sourceErrors.invalid_event(
        `${name} is ${value === undefined ? 'missing' : 'not a text of 1…2000 characters'}`,
      );
    }
  }
  return event;
}

/** `data` of an event by its content type, which is JSON where none is named. */
function dataOf(bytes: Uint8Array, type: string): unknown {
  if (type === '' || JSON_TYPE.test(type)) return parseJson(bytes);
  if (type.startsWith('text/')) return textOf(bytes);
  throw sourceErrors.invalid_event(`data of the type ${type} cannot be mapped; send JSON or text`);
}

function mediaType(value: unknown): string {
  return typeof value === 'string' ? value.split(';', 1)[0]!.trim().toLowerCase() : '';
}

function textOf(bytes: Uint8Array): string {
  if (!isUtf8(bytes)) throw sourceErrors.message_malformed('it is not valid UTF-8');
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}

/** @throws `message_malformed` */
export function parseJson(bytes: Uint8Array): unknown {
  const text = textOf(bytes);
  if (tooDeep(bytes)) throw sourceErrors.message_malformed(`it is nested deeper than ${MAX_DEPTH} levels`);
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may be personal.
    throw sourceErrors.message_malformed(text.trim() === '' ? 'it is empty' : 'it is no JSON');
  }
}

/** Counts brackets outside of strings, on the bytes: in UTF-8 no other character holds theirs. */
function tooDeep(bytes: Uint8Array): boolean {
  if (bytes.length <= 2 * MAX_DEPTH) return false;
  let open = 0;
  let quoted = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i];
    if (quoted) {
      if (byte === 0x5c) i++;
      else if (byte === 0x22) quoted = false;
    } else if (byte === 0x22) quoted = true;
    else if (byte === 0x5b || byte === 0x7b) {
      if (++open > MAX_DEPTH) return true;
    } else if (byte === 0x5d || byte === 0x7d) open--;
  }
  return false;
}
