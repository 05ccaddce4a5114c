import { normaliseWithOffsets } from './normalise.ts';
import type { TextVectoriser } from './vectoriser.ts';

/** A feature of a text: what it is called and where it first stands in the text as sent. */
export interface LocatedFeature {
  column: number;
  value: number;
  /** `word:lost card` or `chars:␣lost`, where ␣ stands for a space or an edge. */
  name: string;
  /** [start, end) in UTF-16 units of the text. */
  span: [number, number];
}

/** The features of a text that a model knows, with names and spans. For explanations: several times slower. */
export function locateFeatures(vectoriser: TextVectoriser, text: string): LocatedFeature[] {
  const length = vectoriser.vectorise(text);
  const values = new Map<number, number>();
  for (let e = 0; e < length; e++) {
    const column = vectoriser.columns[e]!;
    values.set(column, (values.get(column) ?? 0) + vectoriser.values[e]!);
  }
  const located = normaliseWithOffsets(text);
  const { extractor } = vectoriser;
  const count = extractor.locate(located);
  const features: LocatedFeature[] = [];
  for (let i = 0; i < count; i++) {
    const column = vectoriser.column(extractor.hashes[i]!);
    const value = values.get(column);
    if (column < 0 || value === undefined) continue;
    values.delete(column);
    const from = Math.max(0, extractor.from[i]!);
    const to = Math.min(located.length, extractor.to[i]!);
    let name = i < extractor.wordCount ? 'word:' : 'chars:';
    for (let p = extractor.from[i]!; p < extractor.to[i]!; p++) {
      const c = p < 0 || p >= located.length ? 32 : located.codePoints[p]!;
      name += i >= extractor.wordCount && c === 32 ? '␣' : String.fromCodePoint(c);
    }
    features.push({ column, value, name, span: spanOf(located, from, to) });
  }
  return features;
}

/** A padded n-gram reaches over the spaces beside its chunk; the span is the visible part. */
function spanOf(located: ReturnType<typeof normaliseWithOffsets>, from: number, to: number): [number, number] {
  let first = from;
  let last = to - 1;
  while (first < last && located.codePoints[first] === 32) first++;
  while (last > first && located.codePoints[last] === 32) last--;
  return [located.starts[first]!, located.ends[last]!];
}
