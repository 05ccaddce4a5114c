import { randomFillSync } from 'node:crypto';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz'; // Crockford base32, lower case: sorts as its numbers do
const VALUE = new Map([...ALPHABET].map((character, value) => [character, value]));
const BODY = /^[0-9a-hjkmnp-tv-z]{26}$/;

const entropy = Buffer.alloc(10 * 512);
let entropyUsed = entropy.length;
let lastTime = 0;
const lastRandom = new Uint8Array(10);

/** The time part of the id before: ids of one millisecond share it. */
let lastHead = '';
let lastHeadTime = -1;

function headOf(time: number): string {
  if (time === lastHeadTime) return lastHead;
  let head = '';
  let rest = time;
  for (let i = 0; i < 10; i++) {
    head = ALPHABET[rest % 32]! + head;
    rest = Math.floor(rest / 32);
  }
  lastHead = head;
  lastHeadTime = time;
  return head;
}

function nextRandom(time: number): void {
  if (time === lastTime) {
    // Same millisecond: count up, so that ids of one process sort in the order in which they were made.
    for (let i = 9; i >= 0; i--) {
      lastRandom[i] = (lastRandom[i]! + 1) & 255;
      if (lastRandom[i] !== 0) return;
    }
    return;
  }
  if (entropyUsed === entropy.length) {
    randomFillSync(entropy);
    entropyUsed = 0;
  }
  lastRandom.set(entropy.subarray(entropyUsed, entropyUsed + 10));
  entropyUsed += 10;
  lastTime = time;
}

/**
 * A prefixed, sortable, URL-safe id: `<prefix>_` + 26 characters of Crockford base32 over 48 bits of time and
 * 80 random bits (the ULID layout), strictly increasing within a process while `time` does not go back.
 */
export function newId(prefix: string, time: number): string {
  nextRandom(time);
  let tail = '';
  let bits = 0;
  let buffer = 0;
  for (let i = 0; i < 10; i++) {
    buffer = (buffer << 8) | lastRandom[i]!;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      tail += ALPHABET[(buffer >>> bits) & 31]!;
    }
    buffer &= (1 << bits) - 1;
  }
  return `${prefix}_${headOf(time)}${tail}`;
}

/** True when `id` has this prefix and a well-formed body. */
export function isId(prefix: string, id: string): boolean {
  return (
    id.length === prefix.length + 27 &&
    id.startsWith(`${prefix}_`) &&
    BODY.test(id.slice(prefix.length + 1)) &&
    id.charCodeAt(prefix.length + 1) < 56 // the first character carries 3 bits
  );
}

/** Milliseconds since the epoch that an id made by {@link newId} carries. */
export function idTime(id: string): number {
  const body = id.slice(id.lastIndexOf('_') + 1);
  let time = 0;
  for (let i = 0; i < 10; i++) time = time * 32 + (VALUE.get(body[i] ?? '') ?? 0);
  return time;
}
