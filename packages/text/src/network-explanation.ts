import type { LinearExplanation } from './linear-explanation.ts';
import { locateFeatures } from './located-ngrams.ts';
import type { NetworkScorer } from './network-scorer.ts';

/**
 * Why a text got a label's score: integrated gradients (Sundararajan, Taly & Yan 2017) along the straight line from
 * the empty text (all features 0) to the text. With one hidden layer of ReLU units the integral has a closed form and
 * needs no steps: along the line a unit's sum runs from b to b + u, so its mean gradient is
 * (ReLU(b + u) − ReLU(b)) / u, exactly. A feature's contribution is its value times its embedding times those means
 * times the units' weights to the label. They add up to score − bias (completeness) within the rounding of 32-bit
 * sums, 1e-4 of the score's scale; `bias` is the score of the empty text.
 */
export function explainNetwork(
  scorer: NetworkScorer,
  text: string,
  label: number,
  options: { maxFeatures: number },
): LinearExplanation {
  scorer.score(text);
  const { hidden, members, hiddenBias, sums } = scorer;
  const score = scorer.scores[label]!;
  let bias = scorer.labelBias[label]!;
  const slopes = Array.from({ length: members }, (_, member) => {
    const slope = new Float64Array(hidden);
    for (let j = 0; j < hidden; j++) {
      const unit = member * hidden + j;
      const weight = scorer.outputWeight(unit, label);
      const b = hiddenBias[unit]!;
      const rise = sums[unit]! - b;
      bias += weight * Math.max(0, b);
      slope[j] = weight * (rise === 0 ? Number(b > 0) : (Math.max(0, sums[unit]!) - Math.max(0, b)) / rise);
    }
    return slope;
  });
  const contributions = locateFeatures(scorer.vectoriser, text).map(({ column, value, name, span }) => ({
    name,
    weight: value * slopes.reduce((sum, slope, member) => sum + scorer.embeddingDot(member, column, slope), 0),
    span,
  }));
  contributions.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.name < b.name ? -1 : 1));
  const features = contributions.slice(0, Math.max(0, options.maxFeatures));
  // Summed, not taken as the difference to the score: the sum of all parts is then evidence, not bookkeeping.
  const remainder = contributions.slice(features.length).reduce((sum, feature) => sum + feature.weight, 0);
  return { score, bias, features, remainder };
}
