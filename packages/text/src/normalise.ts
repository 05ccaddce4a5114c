import { characterClass, IGNORED, SPACE } from './character-classes.ts';

/** Longest text, in UTF-16 code units, that is read whole; of a longer one, windows that add up to this are read. */
export const MAX_TEXT_UNITS = 65_536;

const HEAD_UNITS = 32_768;
const TAIL_UNITS = 16_384;
const MIDDLE_WINDOWS = 8;
const MIDDLE_UNITS = (MAX_TEXT_UNITS - HEAD_UNITS - TAIL_UNITS) / MIDDLE_WINDOWS;

/** Normalised text as code points, and (when asked for) where each came from. Buffers belong to the Normaliser. */
export interface NormalisedText {
  codePoints: Int32Array;
  length: number;
}

/** As NormalisedText; `starts[i]`/`ends[i]` bound, in UTF-16 units of the original, what code point i came from. */
export interface LocatedText extends NormalisedText {
  starts: Int32Array;
  ends: Int32Array;
}

/**
 * The parts of a text that are read: [start, end) pairs in UTF-16 units. A text of up to MAX_TEXT_UNITS is one part;
 * of a longer one its head, its tail and evenly spaced windows between are read, so that work stays bounded while
 * no region of a document is wholly blind.
 */
export function readWindows(text: string): [number, number][] {
  if (text.length <= MAX_TEXT_UNITS) return [[0, text.length]];
  const windows: [number, number][] = [[0, HEAD_UNITS]];
  const between = text.length - HEAD_UNITS - TAIL_UNITS;
  const stride = between / MIDDLE_WINDOWS;
  for (let i = 0; i < MIDDLE_WINDOWS; i++) {
    const start = HEAD_UNITS + Math.floor(i * stride + (stride - MIDDLE_UNITS) / 2);
    windows.push([start, start + MIDDLE_UNITS]);
  }
  windows.push([text.length - TAIL_UNITS, text.length]);
  return windows.map(([start, end]) => [afterSurrogate(text, start), afterSurrogate(text, end)]);
}

function afterSurrogate(text: string, at: number): number {
  if (at <= 0 || at >= text.length) return at;
  const unit = text.charCodeAt(at);
  return unit >= 0xdc00 && unit <= 0xdfff ? at + 1 : at;
}

/** NFKC and case folding of a piece of text (Unicode UAX #15; the two foldings that `toLowerCase` leaves out added). */
function fold(piece: string): string {
  // Final sigma depends on its neighbours and sharp s is not lowered to "ss"; folding both makes case irrelevant.
  return piece.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ').replaceAll('ß', 'ss').normalize('NFKC');
}

/**
 * Turns text into normalised code points: NFKC, case-folded, white space and control characters to single spaces,
 * invisible formatting removed, no space at either end. Lone surrogates count as spaces. Reuses its buffers: a result
 * is valid until the next call. Work is bounded by MAX_TEXT_UNITS.
 */
export class Normaliser {
  #codePoints = new Int32Array(4096);
  #length = 0;

  /** The hot path: no offsets. */
  normalise(text: string): NormalisedText {
    this.#length = 0;
    if (text.length <= MAX_TEXT_UNITS) this.#add(text);
    else for (const [start, end] of readWindows(text)) this.#addWindow(text.slice(start, end));
    this.#trim();
    return { codePoints: this.#codePoints, length: this.#length };
  }

  #addWindow(text: string): void {
    this.#add(text);
    this.#reserve(1);
    if (this.#length > 0 && this.#codePoints[this.#length - 1] !== 32) this.#codePoints[this.#length++] = 32;
  }

  #trim(): void {
    if (this.#length > 0 && this.#codePoints[this.#length - 1] === 32) this.#length--;
  }

  #add(text: string): void {
    this.#reserve(text.length);
    const out = this.#codePoints;
    const from = this.#length;
    let n = from;
    let space = n === 0 || out[n - 1] === 32;
    for (let i = 0; i < text.length; i++) {
      let c = text.charCodeAt(i);
      if (c > 127) {
        this.#addUnicode(text, from);
        return;
      }
      if (c <= 32 || c === 127) {
        if (space) continue;
        space = true;
        out[n++] = 32;
        continue;
      }
      if (c >= 65 && c <= 90) c += 32;
      space = false;
      out[n++] = c;
    }
    this.#length = n;
  }

  #addUnicode(text: string, from: number): void {
    const folded = fold(text);
    this.#length = from;
    this.#reserve(folded.length);
    this.#length = appendCodePoints(folded, this.#codePoints, from);
  }

  #reserve(more: number): void {
    const needed = this.#length + more;
    if (needed <= this.#codePoints.length) return;
    const grown = new Int32Array(Math.max(needed, this.#codePoints.length * 2));
    grown.set(this.#codePoints.subarray(0, this.#length));
    this.#codePoints = grown;
  }
}

/** Writes the code points of a folded text, spaces collapsed and formatting dropped; returns the new length. */
function appendCodePoints(folded: string, out: Int32Array, from: number): number {
  let n = from;
  for (let i = 0; i < folded.length; i++) {
    let c = folded.charCodeAt(i);
    if (c >= 0xd800 && c <= 0xdbff && i + 1 < folded.length) {
      const low = folded.charCodeAt(i + 1);
      if (low >= 0xdc00 && low <= 0xdfff) {
        c = ((c - 0xd800) << 10) + (low - 0xdc00) + 0x10000;
        i++;
      }
    }
    const kind = characterClass(c);
    if (kind === IGNORED) continue;
    if (kind === SPACE) {
      if (n > 0 && out[n - 1] !== 32) out[n++] = 32;
      continue;
    }
    out[n++] = c;
  }
  return n;
}

/**
 * As Normaliser.normalise, with the origin of every code point; several times slower, for explanations only.
 * Normalisation acts on clusters (a starter and what may compose with it), so each cluster is folded by itself and
 * the result compared with the whole; where they differ (never seen in practice) the window becomes one cluster.
 */
export function normaliseWithOffsets(text: string): LocatedText {
  const codePoints: number[] = [];
  const starts: number[] = [];
  const ends: number[] = [];
  const add = (c: number, start: number, end: number) => {
    codePoints.push(c);
    starts.push(start);
    ends.push(end);
  };
  const windows = readWindows(text);
  for (const [from, to] of windows) {
    for (const [start, end, folded] of foldedClusters(text.slice(from, to))) {
      for (const character of folded) {
        const c = character.codePointAt(0)!;
        const kind = characterClass(c);
        if (kind === IGNORED) continue;
        if (kind !== SPACE) add(c, from + start, from + end);
        else if (codePoints.length > 0 && codePoints.at(-1) !== 32) add(32, from + start, from + end);
      }
    }
    if (windows.length > 1 && codePoints.length > 0 && codePoints.at(-1) !== 32) add(32, to, to);
  }
  if (codePoints.at(-1) === 32) codePoints.pop();
  return {
    codePoints: Int32Array.from(codePoints),
    length: codePoints.length,
    starts: Int32Array.from(starts),
    ends: Int32Array.from(ends),
  };
}

// What may combine with the character before it: marks, Hangul vowels and finals, and the few other characters that
// compose (half-width voicing marks). Splitting elsewhere does not change the normal form.
const JOINS_PREVIOUS = /[\p{M}\u1160-\u11FF\uD7B0-\uD7FF\uFF9E\uFF9F\uFFA0-\uFFDC]/u;

function foldedClusters(window: string): [number, number, string][] {
  const clusters: [number, number, string][] = [];
  let start = 0;
  let at = 0;
  for (const character of window) {
    if (at > start && !JOINS_PREVIOUS.test(character)) {
      clusters.push([start, at, fold(window.slice(start, at))]);
      start = at;
    }
    at += character.length;
  }
  if (at > start) clusters.push([start, at, fold(window.slice(start, at))]);
  const whole = fold(window);
  return clusters.map((cluster) => cluster[2]).join('') === whole ? clusters : [[0, window.length, whole]];
}
