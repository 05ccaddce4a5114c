import { foldText } from './text-terms.ts';

/** Longest run of UTF-16 units that a signature knows. */
const LONGEST = 4;
const MOST_BITS = 1 << 19;
const FEWEST_BITS = 1 << 12;

const next = (hash: number, unit: number) => Math.imul(hash ^ unit, 0x01000193);

/** The low bits of FNV-1a are weak; these are not. */
function scramble(hash: number): number {
  const mixed = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (mixed ^ (mixed >>> 13)) & (MOST_BITS - 1);
}

/**
 * The places that a signature has set when a text holds this term: of each run of four units, or of the whole term where
 * it is shorter. The rarest are not known, so the middle of a word comes first: its ends are the commonest.
 */
export function placesOf(term: string): number[] {
  const length = Math.min(LONGEST, term.length);
  const places: number[] = [];
  for (let start = 0; start + length <= term.length; start++) {
    let hash = 0x811c9dc5;
    for (let at = start; at < start + length; at++) hash = next(hash, term.charCodeAt(at));
    places.push(scramble(hash));
  }
  const middle = (places.length - 1) / 2;
  const ordered = places
    .map((place, at) => ({ place, far: Math.abs(at - middle) }))
    .sort((a, b) => a.far - b.far)
    .map(({ place }) => place);
  return [...new Set(ordered)];
}

/**
 * Which runs of up to four units occur in any of many texts, in one bit each (a Bloom filter with one hash, as
 * signature files use): a text that holds a term has all of its places set, whatever the script. Bits that others set
 * may feign a term, never hide one.
 */
export class SignatureBuilder {
  readonly #bits = new Uint8Array(MOST_BITS / 8);

  add(text: string): void {
    const folded = foldText(text);
    const bits = this.#bits;
    const { length } = folded;
    for (let start = 0; start < length; start++) {
      let hash = 0x811c9dc5;
      const end = Math.min(start + LONGEST, length);
      for (let at = start; at < end; at++) {
        hash = next(hash, folded.charCodeAt(at));
        const place = scramble(hash);
        bits[place >> 3]! |= 1 << (place & 7);
      }
    }
  }

  /** Folded in half as long as at most an eighth would be set; a place is looked up modulo the length. */
  finish(): Buffer {
    let bits: Uint8Array = this.#bits;
    let set = count(bits);
    while (bits.length * 8 > FEWEST_BITS && set * 4 <= bits.length * 2) {
      const half = bits.length / 2;
      const folded = new Uint8Array(half);
      for (let at = 0; at < half; at++) folded[at] = bits[at]! | bits[at + half]!;
      bits = folded;
      set = count(bits);
    }
    return Buffer.from(bits);
  }
}

function count(bits: Uint8Array): number {
  let set = 0;
  for (let byte of bits) {
    for (; byte !== 0; byte &= byte - 1) set++;
  }
  return set;
}
