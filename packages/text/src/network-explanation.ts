import type { LinearExplanation } from './linear-explanation.ts';
import { locateFeatures } from './located-ngrams.ts';
import type { NetworkScorer } from './network-scorer.ts';

/**
 * Why a text got a label's score: integrated gradients (Sundararajan, Taly & Yan 2017) along the straight line from
 * the empty text (all features 0) to the text. With one hidden layer of ReLU units the integral has a closed form and
 * needs no steps: along the line a unit's sum runs from b to b + u, so its mean gradient is
 * (ReLU(b + u) − ReLU(b)) / u, exactly. A feature's contribution is its value times its embedding times those means
 * times the units' weights to the label. They add up to score − bias (completeness), where `bias` is the score of the
 * empty text. All sums are taken in 64 bits, so that `score` may differ from the served one in its seventh digit.
 */
export function explainNetwork(
  scorer: NetworkScorer,
  text: string,
  label: number,
  options: { maxFeatures: number },
): LinearExplanation {
  const located = locateFeatures(scorer.vectoriser, text);
  const { hidden, members } = scorer;
  let bias = scorer.labelBias[label]!;
  let score = bias;
  const slopes = Array.from({ length: members }, (_, member) => {
    const rise = new Float64Array(hidden);
    for (const { column, value } of located) scorer.addEmbedding(member, column, value, rise);
    return rise.map((u, j) => {
      const unit = member * hidden + j;
      const weight = scorer.outputWeight(unit, label);
      const b = scorer.hiddenBias[unit]!;
      const [before, after] = [Math.max(0, b), Math.max(0, b + u)];
      bias += weight * before;
      score += weight * after;
      return weight * (u === 0 ? Number(b > 0) : (after - before) / u);
    });
  });
  const contributions = located.map(({ column, value, name, span }) => ({
    name,
    weight: value * slopes.reduce((sum, slope, member) => sum + scorer.embeddingDot(member, column, slope), 0),
    span,
  }));
  contributions.sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight) || (a.name < b.name ? -1 : 1));
  const features = contributions.slice(0, Math.max(0, options.maxFeatures));
  // Summed, not taken as the difference to the score: that all parts add up is then evidence, not bookkeeping.
  const remainder = contributions.slice(features.length).reduce((sum, feature) => sum + feature.weight, 0);
  return { score, bias, features, remainder };
}
