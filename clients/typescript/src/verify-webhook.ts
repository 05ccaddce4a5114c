import type { Event } from './generated/api.ts';

/** What arrived is not from the server that has the secret, or not from now. Answer 400 or 401, and do nothing else. */
export class InvalidWebhook extends Error {
  override readonly name = 'InvalidWebhook';
}

export interface ReceivedWebhook {
  /** The body as it came: bytes or text that nothing has parsed and printed again. */
  body: string | Uint8Array;
  /** Of a `Request`, or of Node's `request.headers`. */
  headers: { get(name: string): string | null } | Readonly<Record<string, string | readonly string[] | undefined>>;
}

export interface VerifyWebhookOptions {
  /** How far the time of sending may lie from now, both ways. Default 300. */
  toleranceSeconds?: number;
  /** Milliseconds since the epoch; for tests. */
  now?: number;
}

const SECRET = /^whsec_([A-Za-z0-9+/]+={0,2})$/;

/**
 * Checks a webhook or callback as Standard Webhooks 1.0 says and returns its event. Works wherever Web Crypto does.
 * Deliveries can come twice: keep the event's `id` (it is also the header `webhook-id`) with what you do about it.
 *
 * @param secret `whsec_…`, or several while you change over from one to the next
 * @throws {InvalidWebhook}
 * @throws {TypeError} when a secret is none
 */
export async function verifyWebhook(
  secret: string | readonly string[],
  { body, headers }: ReceivedWebhook,
  { toleranceSeconds = 300, now = Date.now() }: VerifyWebhookOptions = {},
): Promise<Event> {
  const keys = await Promise.all((typeof secret === 'string' ? [secret] : secret).map(importKey));
  const id = headerOf(headers, 'webhook-id');
  const timestamp = headerOf(headers, 'webhook-timestamp');
  if (!/^\d{1,12}$/.test(timestamp)) throw new InvalidWebhook('webhook-timestamp is not in seconds');
  const age = now / 1000 - Number(timestamp);
  if (Math.abs(age) > toleranceSeconds) {
    throw new InvalidWebhook(`it was sent ${Math.round(age)} s ago; at most ${toleranceSeconds} s are accepted`);
  }
  const bytes = typeof body === 'string' ? new TextEncoder().encode(body) : body;
  const signed = joined(new TextEncoder().encode(`${id}.${timestamp}.`), bytes);
  const signatures = headerOf(headers, 'webhook-signature').split(' ').flatMap(signatureOf);
  for (const key of keys) {
    for (const signature of signatures) {
      // Compares in constant time, and only whole signatures.
      if (await crypto.subtle.verify('HMAC', key, signature, signed)) return eventOf(bytes, id);
    }
  }
  throw new InvalidWebhook('no signature in webhook-signature is one under this secret');
}

type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

function importKey(secret: string): Promise<Key> {
  const encoded = SECRET.exec(secret)?.[1];
  const bytes = encoded === undefined ? undefined : fromBase64(encoded);
  if (bytes === undefined || bytes.length < 24) throw new TypeError('a webhook secret is whsec_ and base64');
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
}

function headerOf(headers: ReceivedWebhook['headers'], name: string): string {
  const value = typeof headers.get === 'function' ? headers.get(name) : (headers as Record<string, unknown>)[name];
  if (typeof value !== 'string' || value === '') throw new InvalidWebhook(`the header ${name} is missing`);
  return value;
}

/** Of a signature of another version than ours: nothing. */
function signatureOf(text: string): Uint8Array<ArrayBuffer>[] {
  if (!text.startsWith('v1,')) return [];
  const bytes = fromBase64(text.slice(3));
  return bytes?.length === 32 ? [bytes] : [];
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return undefined;
  }
}

function joined(head: Uint8Array, tail: Uint8Array): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(head.length + tail.length);
  all.set(head);
  all.set(tail, head.length);
  return all;
}

function eventOf(bytes: Uint8Array, id: string): Event {
  let event: unknown;
  try {
    event = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new InvalidWebhook('the body is not JSON');
  }
  if (typeof event !== 'object' || event === null || (event as { id?: unknown }).id !== id) {
    throw new InvalidWebhook('the body is not the event that webhook-id names');
  }
  return event as Event;
}
