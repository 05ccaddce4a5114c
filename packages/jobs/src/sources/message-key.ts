import { createHash } from 'node:crypto';
import type { IncomingMessage } from '@understudy/events';
import type { ParsedMessage } from './parse.ts';

/** By what a message is known again. */
export interface MessageKey {
  /** At most {@link MOST_KEY} characters that PostgreSQL can keep. */
  key: string;
  /**
   * Nothing names the message, only its content: one of the same content that is *not* said to be delivered again is
   * another message.
   */
  byContent: boolean;
}

export const MOST_KEY = 400;

/**
 * What names a message, the strongest first: what the mapping says, a CloudEvent's `id` and `source`, the id that its
 * publisher gave it, its place in the topic, its content.
 */
export function messageKey(
  message: IncomingMessage,
  parsed: ParsedMessage | null,
  mapped: string | null,
  topic: { bus: string; topic: string },
): MessageKey {
  const named = (key: string): MessageKey => ({ key: fit(key), byContent: false });
  if (mapped !== null) return named(`map:${mapped}`);
  if (parsed?.event) return named(eventKey(parsed.event));
  if (message.id !== null) return named(`id:${message.id}`);
  if (message.place !== null) {
    // With the time of publishing: a topic that is deleted and made again begins with the same places.
    return named(`at:${message.place}@${message.at ?? ''}\u001f${topic.bus}/${topic.topic}`);
  }
  const hash = createHash('sha256').update(message.body);
  for (const [name, value] of Object.entries(message.headers).sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\n${name}\0${value}`);
  }
  return { key: `hash:${hash.digest('base64url')}`, byContent: true };
}

/** The id goes first, so that it can be looked up without its source. */
export function eventKey({ id, source }: { id: string; source: string }): string {
  return `ce:${id}\u001f${source}`;
}

/** The key of a message that could not be decided. */
export function refusedKey(key: string, body: Uint8Array): string {
  return `${key}!${createHash('sha256').update(body).digest('base64url')}`;
}

/** Keys under which a message that somebody knows as `id` may stand, and beginnings of them. */
export function keysOf(id: string): { exact: string[]; beginnings: string[] } {
  return {
    exact: [fit(`map:${id}`), fit(`id:${id}`)],
    beginnings: [`map:${id}!`, `id:${id}!`, `ce:${id}\u001f`, `at:${id}@`],
  };
}

function fit(key: string): string {
  if (key.length <= MOST_KEY && key.isWellFormed() && !key.includes('\0')) return key;
  return `long:${createHash('sha256').update(key).digest('base64url')}`;
}
