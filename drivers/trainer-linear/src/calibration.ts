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
 * The temperature t of p = softmax(t · scores) with the least log loss on held-out rows (Guo et al. 2017): the root of
 * the derivative over u = ln t, by Newton's method kept within a shrinking bracket. Deterministic.
 */
export function fitTemperature(rows: ScoredRows): number {
  let [low, high] = [Math.log(0.02), Math.log(50)];
  let u = 0;
  for (let i = 0; i < 40 && high - low > 1e-3; i++) {
    const t = Math.exp(u);
    const { first, second } = derivatives(rows, t);
    const slope = t * first + 2 * PRIOR * u;
    const curvature = t * t * second + t * first + 2 * PRIOR;
    if (slope > 0) high = u;
    else low = u;
    const next = curvature > 0 ? u - slope / curvature : Number.NaN;
    const inside = next > low && next < high;
    const after = inside ? next : (low + high) / 2;
    if (Math.abs(after - u) < 1e-4) break;
    u = after;
  }
  return Math.exp(u);
}

/** First and second derivative of the log loss by the temperature: means and variances of the scores under p. */
function derivatives({ scores, labels, labelCount }: ScoredRows, temperature: number) {
  let first = 0;
  let second = 0;
  for (let row = 0; row < labels.length; row++) {
    const base = row * labelCount;
    let highest = scores[base]!;
    for (let k = 1; k < labelCount; k++) if (scores[base + k]! > highest) highest = scores[base + k]!;
    let total = 0;
    let sum = 0;
    let squares = 0;
    for (let k = 0; k < labelCount; k++) {
      const below = scores[base + k]! - highest;
      const weight = Math.exp(temperature * below);
      total += weight;
      sum += weight * below;
      squares += weight * below * below;
    }
    const mean = sum / total;
    first += mean - (scores[base + labels[row]!]! - highest);
    second += squares / total - mean * mean;
  }
  return { first, second };
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
