export interface Weighted {
  weight: number;
  /** [start, end) in UTF-16 code units. */
  span?: number[];
}

export interface Segment {
  text: string;
  /** −1…1: how much this part spoke against or for the answer, the strongest part being ±1. */
  strength: number;
}

/**
 * Cuts a text where the evidence changes. Spans may overlap (letters inside of words): their weights add up. Spans
 * that do not lie in the text, or that would cut a character in two, are left out.
 */
export function highlightSegments(text: string, features: readonly Weighted[]): Segment[] {
  const spans = features.flatMap(({ weight, span }) => {
    const [start, end] = span ?? [];
    if (start === undefined || end === undefined || !(start >= 0 && start < end && end <= text.length)) return [];
    if (!Number.isFinite(weight) || isInside(text, start) || isInside(text, end)) return [];
    return [{ start, end, weight: weight / (end - start) }];
  });
  const cuts = [...new Set([0, text.length, ...spans.flatMap(({ start, end }) => [start, end])])].sort((a, b) => a - b);
  const parts = cuts.slice(0, -1).map((start, index) => {
    const end = cuts[index + 1]!;
    const weight = spans.reduce((sum, span) => (span.start <= start && span.end >= end ? sum + span.weight : sum), 0);
    return { text: text.slice(start, end), weight };
  });
  const strongest = Math.max(...parts.map(({ weight }) => Math.abs(weight)), 0);
  return parts
    .filter((part) => part.text !== '')
    .map((part) => ({ text: part.text, strength: strongest === 0 ? 0 : part.weight / strongest }));
}

/** Between the two halves of one character. */
function isInside(text: string, at: number): boolean {
  const before = text.charCodeAt(at - 1);
  const after = text.charCodeAt(at);
  return before >= 0xd800 && before <= 0xdbff && after >= 0xdc00 && after <= 0xdfff;
}
