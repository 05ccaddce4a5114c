import type { LinearScorer } from './linear-scorer.ts';
import { locateFeatures } from './located-ngrams.ts';

export interface LinearExplanation {
  /** Before calibration; equals bias + Σ listed weights + remainder. */
  score: number;
  bias: number;
  /** Largest absolute contribution first. */
  features: { name: string; weight: number; span: [number, number] }[];
  remainder: number;
}

/** Why a text got a label's score: each n-gram's value times its weight. Exact, because the model is a sum. */
export function explainLinear(
  scorer: LinearScorer,
  text: string,
  label: number,
  options: { maxFeatures: number },
): LinearExplanation {
  const contributions = locateFeatures(scorer.vectoriser, text).map(({ column, value, name, span }) => ({
    name,
    weight: value * scorer.weight(column, label),
    span,
  }));
  const bias = scorer.weight(scorer.vectoriser.space.hashes.length, label);
  const score = contributions.reduce((sum, feature) => sum + feature.weight, bias);
  contributions.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.name < b.name ? -1 : 1));
  const features = contributions.slice(0, Math.max(0, options.maxFeatures));
  const listed = features.reduce((sum, feature) => sum + feature.weight, bias);
  return { score, bias, features, remainder: score - listed };
}
