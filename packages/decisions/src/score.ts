/**
 * How the answer of a model becomes the one number that is compared with a certificate's threshold. Plain data: it is
 * stored with the certificate and computed the same way when fitting, serving and replaying.
 *
 * `logistic`: an estimate of the probability that the most probable label is right, from the shape of the whole answer and
 * from how far this label was to be trusted on rows that tuned it; so that one threshold serves all labels.
 */
export type ScoreFunction =
  | { kind: 'top_probability' }
  | {
      kind: 'logistic';
      bias: number;
      /** Of {@link shapeOf}: log-odds of the top label, log of its lead over the second, entropy in nats. */
      odds: number;
      lead: number;
      entropy: number;
      /** Added for an answer of this label; 0 for one that is not named. */
      labels: Readonly<Record<string, number>>;
    };

/** The features of a `logistic` score. */
export interface AnswerShape {
  /** ln(p₁ / (1 − p₁)), kept within ±12. */
  odds: number;
  /** ln(p₁ / p₂), at most 12. */
  lead: number;
  /** −Σ p ln p over what is above 1e-4. */
  entropy: number;
}

const MOST = 12;
const LEAST = 1e-9;

/** The label that a model answers and its score in 0…1, rounded to a millionth. Null when no label is known. */
export function scoreOf(
  score: ScoreFunction,
  labels: readonly string[],
  probabilities: Float32Array,
  known: ReadonlySet<string>,
): { label: string; score: number } | null {
  let best = -1;
  let top = -1;
  let second = -1;
  for (let i = 0; i < labels.length; i++) {
    const probability = probabilities[i]!;
    // A probability that is no number is never the answer, nor one of a label that the task has lost. That is looked up
    // last: most labels are out of the question before.
    if (!(probability > second && probability <= 1) || !known.has(labels[i]!)) continue;
    if (probability > top) {
      second = top;
      top = probability;
      best = i;
    } else second = probability;
  }
  if (best === -1) return null;
  const label = labels[best]!;
  if (score.kind === 'top_probability') return { label, score: rounded(top) };
  const sum =
    score.bias +
    score.odds * oddsOf(top) +
    score.lead * leadOf(top, second) +
    (score.entropy === 0 ? 0 : score.entropy * entropyOf(probabilities)) +
    (Object.hasOwn(score.labels, label) ? score.labels[label]! : 0);
  return { label, score: rounded(1 / (1 + Math.exp(-sum))) };
}

/** The features of one answer of which all labels are known, and the index of its top label. */
export function shapeOf(probabilities: Float32Array): AnswerShape & { top: number } {
  let top = 0;
  let second = 0;
  for (let i = 1; i < probabilities.length; i++) {
    if (probabilities[i]! > probabilities[top]!) {
      second = probabilities[top]!;
      top = i;
    } else if (probabilities[i]! > second) second = probabilities[i]!;
  }
  const p = probabilities[top]!;
  return { top, odds: oddsOf(p), lead: leadOf(p, second), entropy: entropyOf(probabilities) };
}

const rounded = (score: number) => Math.round(score * 1e6) / 1e6;

const oddsOf = (p: number) => Math.max(-MOST, Math.min(MOST, Math.log(Math.max(p, LEAST) / Math.max(1 - p, LEAST))));

const leadOf = (p: number, second: number) => Math.min(MOST, Math.log(Math.max(p, LEAST) / Math.max(second, LEAST)));

/** ln of 1 + i/256, in the middle of each step: with the exponent, a logarithm within 0.002 without calling one. */
const LOGS = Float64Array.from({ length: 256 }, (_, i) => Math.log(1 + (i + 0.5) / 256));
const single = new Float32Array(1);
const bits = new Uint32Array(single.buffer);

/** A thousand labels would cost as many logarithms; a table is exact enough, as fitting and serving use the same one. */
function entropyOf(probabilities: Float32Array): number {
  let entropy = 0;
  for (let i = 0; i < probabilities.length; i++) {
    const p = probabilities[i]!;
    if (!(p > 1e-4 && p < 1)) continue;
    single[0] = p;
    const word = bits[0]!;
    entropy -= p * (((word >>> 23) - 127) * Math.LN2 + LOGS[(word >>> 15) & 255]!);
  }
  return entropy;
}
