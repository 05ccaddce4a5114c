/** What a code point is to the tokeniser. */
export const SPACE = 0;
/** Letters, digits and their marks: runs of them are words. */
export const WORD = 1;
export const PUNCTUATION = 2;
/** Emoji and other pictorial or currency symbols: each is a token of its own. */
export const SYMBOL = 3;
/** A character of a script written without spaces: each is a token, and word bigrams become character bigrams. */
export const UNSPACED = 4;
/** Invisible formatting that changes no meaning (zero-width, soft hyphen, direction marks, variation selectors). */
export const IGNORED = 5;

const IGNORED_PATTERN = /^[\p{Default_Ignorable_Code_Point}\u{E0020}-\u{E007F}]$/u;
const SPACE_PATTERN = /^[\p{White_Space}\p{Cc}\p{Cs}\p{Cn}]$/u;
const UNSPACED_PATTERN =
  /^[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}\p{Script=Tibetan}\u30FC]$/u;
const WORD_PATTERN = /^[\p{L}\p{N}\p{M}_]$/u;
const SYMBOL_PATTERN = /^[\p{Extended_Pictographic}\p{Regional_Indicator}\p{So}\p{Sc}\p{Emoji_Modifier}]$/u;

function classify(codePoint: number): number {
  const character = String.fromCodePoint(codePoint);
  if (SPACE_PATTERN.test(character)) return SPACE;
  if (IGNORED_PATTERN.test(character)) return IGNORED;
  if (UNSPACED_PATTERN.test(character)) return UNSPACED;
  if (WORD_PATTERN.test(character)) return WORD;
  if (SYMBOL_PATTERN.test(character)) return SYMBOL;
  return PUNCTUATION;
}

// 256 code points a page, filled when first met: classifying all of Unicode up front would cost a second of start-up.
const pages: (Uint8Array | undefined)[] = new Array(0x1100);

/** The class of a code point (0…0x10FFFF). */
export function characterClass(codePoint: number): number {
  return classPage(codePoint >>> 8)[codePoint & 255]!;
}

/** The classes of the 256 code points of a page (`codePoint >>> 8`); for loops that keep the page of ASCII at hand. */
export function classPage(page: number): Uint8Array {
  const known = pages[page];
  if (known) return known;
  const classes = new Uint8Array(256);
  for (let i = 0; i < 256; i++) classes[i] = classify((page << 8) | i);
  pages[page] = classes;
  return classes;
}
