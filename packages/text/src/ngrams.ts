import { classPage, PUNCTUATION, SPACE, WORD } from './character-classes.ts';
import type { NormalisedText } from './normalise.ts';
import { Normaliser } from './normalise.ts';

/** Which n-grams a text is cut into. */
export interface NgramOptions {
  /** Longest word n-gram, 0 (none) … 4. */
  wordMax: number;
  /** Shortest and longest character n-gram within a padded chunk, e.g. 2 and 5; `charMax` 0 means none. */
  charMin: number;
  charMax: number;
}

export const DEFAULT_NGRAMS: NgramOptions = { wordMax: 2, charMin: 2, charMax: 5 };

const WORD_SEED = 0x2545f491 | 0;
const JOIN_SEED = 0x7feb352d | 0;
const CHAR_SEED = 0x5bd1e995 | 0;
const STEP = 0x9e3779b1 | 0;
const PAD = 32;

/**
 * Cuts normalised text into n-grams and hashes each to 32 bits, every hash extended from the one before it by one
 * multiplication, so no substring is ever built. Words are runs of letters, digits and marks; an emoji or a character
 * of a script without spaces is a word of its own. Character n-grams run over white-space-separated chunks padded with
 * a space on both sides (scikit-learn's `char_wb`). One instance is one set of scratch buffers: not for two threads.
 *
 * After `extract`, `hashes[0 … wordCount)` are word n-grams and `hashes[wordCount … count)` character n-grams, in
 * reading order, repeats included.
 */
export class NgramExtractor {
  readonly options: NgramOptions;
  hashes = new Uint32Array(4096);
  count = 0;
  wordCount = 0;
  /** Filled by `locate` only: the code points [from, to) of each n-gram; padding lies outside the text. */
  from = new Int32Array(0);
  to = new Int32Array(0);
  readonly #normaliser = new Normaliser();
  readonly #ascii = classPage(0);
  #words = new Int32Array(512);
  #wordStarts = new Int32Array(512);
  #wordEnds = new Int32Array(512);
  #wordTotal = 0;

  constructor(options: NgramOptions = DEFAULT_NGRAMS) {
    this.options = options;
  }

  /** Normalises and hashes a text; returns the number of n-grams. */
  extract(text: string): number {
    const normalised = this.#normaliser.normalise(text);
    this.#findWords(normalised);
    this.#reserve(normalised.length);
    this.#hashWords(false);
    this.#hashCharacters(normalised, false);
    return this.count;
  }

  /** As `extract`, on normalised text, with the place of every n-gram in `from` and `to`. */
  locate(normalised: NormalisedText): number {
    this.#findWords(normalised);
    this.#reserve(normalised.length);
    this.from = new Int32Array(this.hashes.length);
    this.to = new Int32Array(this.hashes.length);
    this.#hashWords(true);
    this.#hashCharacters(normalised, true);
    return this.count;
  }

  #reserve(length: number): void {
    const { charMin, charMax, wordMax } = this.options;
    // A chunk of one character has three padded positions; each position starts at most one n-gram of each length.
    const most = wordMax * this.#wordTotal + Math.max(0, charMax - charMin + 1) * (3 * length + 2);
    if (most > this.hashes.length) this.hashes = new Uint32Array(Math.max(most, this.hashes.length * 2));
  }

  #findWords(text: NormalisedText): void {
    const { codePoints, length } = text;
    if (length > this.#words.length) {
      this.#words = new Int32Array(length * 2);
      this.#wordStarts = new Int32Array(length * 2);
      this.#wordEnds = new Int32Array(length * 2);
    }
    const words = this.#words;
    const starts = this.#wordStarts;
    const ends = this.#wordEnds;
    let total = 0;
    let i = 0;
    while (i < length) {
      const kind = this.#classOf(codePoints[i]!);
      if (kind === SPACE || kind === PUNCTUATION) {
        i++;
        continue;
      }
      const start = i;
      let h = extend(WORD_SEED, codePoints[i++]!);
      if (kind === WORD) {
        while (i < length && this.#classOf(codePoints[i]!) === WORD) h = extend(h, codePoints[i++]!);
      }
      words[total] = h;
      starts[total] = start;
      ends[total++] = i;
    }
    this.#wordTotal = total;
  }

  #classOf(c: number): number {
    return c < 256 ? this.#ascii[c]! : classPage(c >>> 8)[c & 255]!;
  }

  #hashWords(located: boolean): void {
    const { wordMax } = this.options;
    const words = this.#words;
    const total = this.#wordTotal;
    const hashes = this.hashes;
    let n = 0;
    for (let i = 0; i < total; i++) {
      let h = 0;
      const last = Math.min(total, i + wordMax);
      for (let j = i; j < last; j++) {
        h = j === i ? words[j]! : extend(h ^ JOIN_SEED, words[j]!);
        if (located) {
          this.from[n] = this.#wordStarts[i]!;
          this.to[n] = this.#wordEnds[j]!;
        }
        hashes[n++] = finish(h);
      }
    }
    this.count = n;
    this.wordCount = n;
  }

  #hashCharacters(text: NormalisedText, located: boolean): void {
    const { charMin, charMax } = this.options;
    if (charMax === 0) return;
    const { codePoints, length } = text;
    const hashes = this.hashes;
    let n = this.count;
    let start = 0;
    while (start < length) {
      let end = start;
      while (end < length && codePoints[end] !== PAD) end++;
      // Positions start-1 and end are the padding.
      for (let i = start - 1; i <= end; i++) {
        let h = CHAR_SEED;
        const last = Math.min(end, i + charMax - 1);
        for (let j = i; j <= last; j++) {
          h = extend(h, j < start || j >= end ? PAD : codePoints[j]!);
          if (j - i + 1 < charMin) continue;
          if (located) {
            this.from[n] = i;
            this.to[n] = j + 1;
          }
          hashes[n++] = finish(h);
        }
      }
      start = end + 1;
    }
    this.count = n;
  }
}

function extend(h: number, unit: number): number {
  const mixed = Math.imul(h ^ unit, STEP);
  return mixed ^ (mixed >>> 15);
}

/** The last mixing step of MurmurHash3; 0 is left to mark empty slots of hash tables. */
function finish(h: number): number {
  let x = h;
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b | 0);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35 | 0);
  x = (x ^ (x >>> 16)) >>> 0;
  return x === 0 ? 1 : x;
}
