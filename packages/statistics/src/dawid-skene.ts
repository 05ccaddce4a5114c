/** One rater's answer about one item. */
export interface Rating {
  item: string;
  rater: string;
  label: string;
}

export interface DawidSkeneOptions {
  /** Items whose truth is known: they teach what each rater's answers mean. */
  truth?: ReadonlyMap<string, string>;
  /** Iterations at most. Default 100. */
  iterations?: number;
  /** Pseudo-counts that every rater starts with: `agree` on the diagonal, `differ` spread over the rest. */
  prior?: { agree: number; differ: number };
}

export interface DawidSkene {
  labels: string[];
  /** P(truth = label), in the order of `labels`. */
  prevalence: number[];
  /** By rater: `confusion[truth][answer]` as probabilities, and the accuracy over the prevalence of the truth. */
  raters: Map<string, { answers: number; accuracy: number; confusion: number[][] }>;
  /** By item: P(truth = label), in the order of `labels`. */
  truths: Map<string, Float64Array>;
}

const DEFAULT_PRIOR = { agree: 2, differ: 0.5 };

/**
 * Dawid and Skene, "Maximum likelihood estimation of observer error-rates using the EM algorithm", 1979: what the truth
 * of each item probably is and how each rater errs, from ratings that disagree. A weak Dirichlet prior on each
 * confusion row keeps raters with few answers from being called perfect or useless.
 *
 * The order of the ratings does not change the answer. Without ratings everything is empty.
 */
export function dawidSkene(ratings: readonly Rating[], options: DawidSkeneOptions = {}): DawidSkene {
  const { truth = new Map<string, string>(), iterations = 100, prior = DEFAULT_PRIOR } = options;
  const labels = [...new Set([...ratings.map(({ label }) => label), ...truth.values()])].sort();
  const index = new Map(labels.map((label, i) => [label, i]));
  const k = labels.length;
  const items = [...new Set(ratings.map(({ item }) => item))].sort();
  const itemAt = new Map(items.map((item, i) => [item, i]));
  const raters = [...new Set(ratings.map(({ rater }) => rater))].sort();
  const raterAt = new Map(raters.map((rater, i) => [rater, i]));
  // Flat, and in an order of their own, so that sums round the same whatever order the ratings came in.
  const cells = ratings
    .map(({ item, rater, label }) => [itemAt.get(item)!, raterAt.get(rater)!, index.get(label)!] as const)
    .sort((x, y) => x[0] - y[0] || x[1] - y[1] || x[2] - y[2]);
  const itemOf = Int32Array.from(cells, ([item]) => item);
  const raterOf = Int32Array.from(cells, ([, rater]) => rater);
  const labelOf = Int32Array.from(cells, ([, , label]) => label);
  const known = items.map((item) => index.get(truth.get(item) ?? '') ?? -1);

  // Starts from each item's vote. `beliefs[item * k + label]`.
  let beliefs = new Float64Array(items.length * k);
  let next = new Float64Array(items.length * k);
  for (let c = 0; c < cells.length; c++) beliefs[itemOf[c]! * k + labelOf[c]!]! += 1;
  for (let i = 0; i < items.length; i++) settle(beliefs, i * k, k, known[i]!);

  const prevalence = new Float64Array(k);
  const logPrevalence = new Float64Array(k);
  // `confusion[(rater * k + answer) * k + truth]`: what one rating says about every truth stands together.
  const confusion = new Float64Array(raters.length * k * k);
  const logConfusion = new Float64Array(confusion.length);
  for (let round = 0; round < iterations; round++) {
    prevalence.fill(1e-6);
    for (let i = 0; i < beliefs.length; i++) prevalence[i % k]! += beliefs[i]!;
    normalise(prevalence, 0, k);
    for (let t = 0; t < k; t++) logPrevalence[t] = Math.log(prevalence[t]!);
    estimateConfusion(confusion, logConfusion);

    for (let i = 0; i < items.length; i++) next.set(logPrevalence, i * k);
    for (let c = 0; c < cells.length; c++) {
      const from = (raterOf[c]! * k + labelOf[c]!) * k;
      const to = itemOf[c]! * k;
      for (let t = 0; t < k; t++) next[to + t]! += logConfusion[from + t]!;
    }
    let moved = 0;
    for (let i = 0; i < items.length; i++) {
      let most = Number.NEGATIVE_INFINITY;
      for (let at = i * k; at < i * k + k; at++) most = Math.max(most, next[at]!);
      for (let at = i * k; at < i * k + k; at++) next[at] = Math.exp(next[at]! - most);
      settle(next, i * k, k, known[i]!);
      for (let at = i * k; at < i * k + k; at++) moved = Math.max(moved, Math.abs(next[at]! - beliefs[at]!));
    }
    [beliefs, next] = [next, beliefs];
    if (moved < 1e-5) break;
  }

  /** From what is believed of the truths, with the prior. */
  function estimateConfusion(out: Float64Array, logs: Float64Array): void {
    const spread = prior.differ / Math.max(1, k - 1);
    for (let i = 0; i < out.length; i++) out[i] = Math.floor(i / k) % k === i % k ? prior.agree : spread;
    for (let c = 0; c < itemOf.length; c++) {
      const to = (raterOf[c]! * k + labelOf[c]!) * k;
      const from = itemOf[c]! * k;
      for (let t = 0; t < k; t++) out[to + t]! += beliefs[from + t]!;
    }
    for (let r = 0; r < raters.length; r++) {
      for (let t = 0; t < k; t++) {
        let sum = 0;
        for (let a = 0; a < k; a++) sum += out[(r * k + a) * k + t]!;
        for (let a = 0; a < k; a++) out[(r * k + a) * k + t]! /= sum;
      }
    }
    for (let i = 0; i < out.length; i++) logs[i] = Math.log(out[i]!);
  }

  const answers = new Float64Array(raters.length);
  for (let c = 0; c < raterOf.length; c++) answers[raterOf[c]!]! += 1;
  return {
    labels,
    prevalence: [...prevalence],
    truths: new Map(items.map((item, i) => [item, beliefs.subarray(i * k, i * k + k)])),
    raters: new Map(
      raters.map((rater, r) => {
        const rows = labels.map((_, t) => labels.map((__, a) => confusion[(r * k + a) * k + t]!));
        const accuracy = rows.reduce((sum, row, t) => sum + prevalence[t]! * row[t]!, 0);
        return [rater, { answers: answers[r]!, accuracy, confusion: rows }];
      }),
    ),
  };
}

function settle(beliefs: Float64Array, from: number, k: number, known: number): void {
  if (known >= 0) {
    beliefs.fill(0, from, from + k);
    beliefs[from + known] = 1;
  } else normalise(beliefs, from, k);
}

function normalise(values: Float64Array, from: number, count: number): void {
  let sum = 0;
  for (let i = from; i < from + count; i++) sum += values[i]!;
  for (let i = from; i < from + count; i++) values[i]! /= sum;
}
