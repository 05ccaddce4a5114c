/** Rows of scores that no fit of theirs has seen, with their true labels. */
export interface ScoredRows {
  /** `[row][label]`. */
  scores: Float32Array;
  labels: Int32Array;
  labelCount: number;
}

/** Figures of calibrated scores; `expectedCalibrationError` over 15 equal-width bins (Guo et al. 2017). */
export interface Figures {
  rows: number;
  accuracy: number;
  macroF1: number;
  logLoss: number;
  expectedCalibrationError: number;
}

/** Strength of the belief that the temperature is near 1, in rows' worth of log loss: matters for a few rows only. */
const PRIOR = 1;

/**
 * The temperature t of p = softmax(t · scores) with the least log loss on held-out rows (Guo et al. 2017), by golden
 * section over ln t: the loss is convex in t, so unimodal in ln t. Deterministic.
 */
export function fitTemperature(rows: ScoredRows): number {
  const objective = (logT: number) => logLoss(rows, Math.exp(logT)) + PRIOR * logT * logT;
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [Math.log(0.02), Math.log(50)];
  let a = high - ratio * (high - low);
  let b = low + ratio * (high - low);
  let [atA, atB] = [objective(a), objective(b)];
  while (high - low > 1e-3) {
    if (atA < atB) {
      high = b;
      [b, atB] = [a, atA];
      a = high - ratio * (high - low);
      atA = objective(a);
    } else {
      low = a;
      [a, atA] = [b, atB];
      b = low + ratio * (high - low);
      atB = objective(b);
    }
  }
  return Math.exp((low + high) / 2);
}

/** Total log loss, in nats, of softmax(temperature · scores). */
export function logLoss({ scores, labels, labelCount }: ScoredRows, temperature: number): number {
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const base = row * labelCount;
    let highest = scores[base]!;
    for (let k = 1; k < labelCount; k++) if (scores[base + k]! > highest) highest = scores[base + k]!;
    let total = 0;
    for (let k = 0; k < labelCount; k++) total += Math.exp(temperature * (scores[base + k]! - highest));
    loss += Math.log(total) - temperature * (scores[base + labels[row]!]! - highest);
  }
  return loss;
}

/** Figures of rows, each calibrated with the temperature that `temperatureOf(row)` gives. */
export function figures(rows: ScoredRows, temperatureOf: (row: number) => number): Figures {
  const { scores, labels, labelCount } = rows;
  const [hits, sums] = [new Float64Array(15), new Float64Array(15)];
  const [predicted, actual, right] = [0, 0, 0].map(() => new Float64Array(labelCount)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  let loss = 0;
  for (let row = 0; row < labels.length; row++) {
    const temperature = temperatureOf(row);
    const base = row * labelCount;
    const label = labels[row]!;
    let best = 0;
    for (let k = 1; k < labelCount; k++) if (scores[base + k]! > scores[base + best]!) best = k;
    let total = 0;
    for (let k = 0; k < labelCount; k++) total += Math.exp(temperature * (scores[base + k]! - scores[base + best]!));
    loss += Math.log(total) - temperature * (scores[base + label]! - scores[base + best]!);
    const bin = Math.min(14, Math.floor(15 / total));
    sums[bin]! += 1 / total;
    predicted[best]!++;
    actual[label]!++;
    if (best !== label) continue;
    hits[bin]!++;
    right[label]!++;
  }
  const n = Math.max(1, labels.length);
  const present = [...actual.keys()].filter((k) => actual[k]! > 0);
  const f1 = present.map((k) => (2 * right[k]!) / (predicted[k]! + actual[k]!));
  return {
    rows: labels.length,
    accuracy: right.reduce((sum, count) => sum + count, 0) / n,
    macroF1: f1.reduce((sum, value) => sum + value, 0) / Math.max(1, present.length),
    logLoss: loss / n,
    expectedCalibrationError: hits.reduce((sum, hit, bin) => sum + Math.abs(hit - sums[bin]!), 0) / n,
  };
}

/** Joins scored rows. */
export function joinScored(parts: readonly ScoredRows[], labelCount: number): ScoredRows {
  const total = parts.reduce((sum, part) => sum + part.labels.length, 0);
  const joined = { scores: new Float32Array(total * labelCount), labels: new Int32Array(total), labelCount };
  let at = 0;
  for (const part of parts) {
    joined.scores.set(part.scores, at * labelCount);
    joined.labels.set(part.labels, at);
    at += part.labels.length;
  }
  return joined;
}
