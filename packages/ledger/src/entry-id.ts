import type { EntryKind } from './entry.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';

/** Prefix of the ids of each kind of entry. All are three characters long, so that a key is `id.slice(4)`. */
export const ID_PREFIX = { decision: 'dec', label: 'lab', erasure: 'era', event: 'evn' } as const satisfies Record<
  EntryKind,
  string
>;

/** The ten characters with which the ids of a millisecond begin, after their prefix. Sorts as time does. */
export function keyFloor(time: number): string {
  let rest = Math.max(0, Math.floor(time));
  let text = '';
  for (let i = 0; i < 10; i++) {
    text = ALPHABET[rest % 32]! + text;
    rest = Math.floor(rest / 32);
  }
  return text;
}
