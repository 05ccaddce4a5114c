/**
 * What a search compares: compatibility forms, letter case and runs of white space make no difference (Unicode NFKC,
 * simple lower case with one sigma).
 */
export function foldText(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the border of ASCII
  const plain = /[^\x00-\x7f]/.test(text)
    ? text.normalize('NFKC').toLowerCase().replaceAll('ς', 'σ')
    : text.toLowerCase();
  return /\s[\s]|[^\S ]/.test(plain) ? plain.replace(/\s+/g, ' ') : plain;
}

/**
 * The parts that a text must hold, each of them anywhere: words at white space, and what stands in double quotes as one.
 * Nothing in a word is a wildcard. Empty when there is nothing to look for.
 */
export function termsOf(query: string): string[] {
  const terms = new Set<string>();
  for (const [, phrase, word] of query.matchAll(/"([^"]+)"|(\S+)/g)) {
    const term = foldText(phrase ?? word!).trim();
    if (term !== '') terms.add(term);
  }
  return [...terms];
}

/** Whether one of the texts holds a term, for every term. The texts are folded already. */
export function holdsAll(texts: readonly string[], terms: readonly string[]): boolean {
  return terms.every((term) => texts.some((text) => text.includes(term)));
}
