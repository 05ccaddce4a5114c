import { evaluate, type ScoredRow, type ValidationFigures } from '@understudy/training';

/** Scores of rows that no fit has seen: `[row][label]`, with the true labels. */
export interface HeldOutScores {
  scores: Float32Array;
  labels: Int32Array;
  labelCount: number;
}

/** How firmly the temperature stays near 1, in nats a squared log: matters only where there are few rows. */
const PRIOR = 1;
const GOLDEN = (Math.sqrt(5) - 1) / 2;

/**
 * The t of p = softmax(t · scores) with the least log loss on held-out rows (temperature scaling, Guo et al. 2017),
 * by golden-section search over ln t. `rows` picks some of the rows.
 */
export function fitTemperature(held: HeldOutScores, rows = allRows(held)): number {
  const objective = (logT: number) => {
    let loss = PRIOR * logT * logT;
    for (const row of rows)
      loss -= Math.log(Math.max(1e-300, probability(held, row, held.labels[row]!, Math.exp(logT))));
    return loss;
  };
  let low = Math.log(0.05);
  let high = Math.log(20);
  let a = high - GOLDEN * (high - low);
  let b = low + GOLDEN * (high - low);
  let atA = objective(a);
  let atB = objective(b);
  while (high - low > 1e-3) {
    if (atA < atB) {
      high = b;
      b = a;
      atB = atA;
      a = high - GOLDEN * (high - low);
      atA = objective(a);
    } else {
      low = a;
      a = b;
      atA = atB;
      b = low + GOLDEN * (high - low);
      atB = objective(b);
    }
  }
  return Math.exp((low + high) / 2);
}

function allRows({ labels }: HeldOutScores): Int32Array {
  return Int32Array.from(labels, (_, row) => row);
}

/** Mean log loss, in nats, of softmax(temperature · scores). */
export function logLoss(held: HeldOutScores, temperature: number): number {
  let loss = 0;
  for (let row = 0; row < held.labels.length; row++) {
    loss -= Math.log(Math.max(1e-300, probability(held, row, held.labels[row]!, temperature)));
  }
  return loss / held.labels.length;
}

function probability({ scores, labelCount }: HeldOutScores, row: number, label: number, temperature: number): number {
  const base = row * labelCount;
  let highest = scores[base]!;
  for (let k = 1; k < labelCount; k++) highest = Math.max(highest, scores[base + k]!);
  let sum = 0;
  for (let k = 0; k < labelCount; k++) sum += Math.exp(temperature * (scores[base + k]! - highest));
  return Math.exp(temperature * (scores[base + label]! - highest)) / sum;
}

/** Held-out scores of several fits, one after the other. */
export function joinHeldOut(parts: readonly HeldOutScores[]): HeldOutScores {
  const rows = parts.reduce((sum, part) => sum + part.labels.length, 0);
  const { labelCount } = parts[0]!;
  const joined = { scores: new Float32Array(rows * labelCount), labels: new Int32Array(rows), labelCount };
  let at = 0;
  for (const part of parts) {
    joined.scores.set(part.scores, at * labelCount);
    joined.labels.set(part.labels, at);
    at += part.labels.length;
  }
  return joined;
}

/**
 * Figures on the first `judged` of the held-out rows. Every row is calibrated with a temperature that was fitted on
 * the other half of those and on the rest, so that not even that one number has seen the row it is judged by.
 */
export function validationFigures(held: HeldOutScores, judged: number, labels: readonly string[]): ValidationFigures {
  const all = allRows(held);
  const temperatures = [1, 0].map((parity) =>
    fitTemperature(
      held,
      all.filter((row) => row >= judged || row % 2 === parity),
    ),
  );
  const scored = Array.from(held.labels.subarray(0, judged), (truth, row): ScoredRow => {
    const temperature = temperatures[row % 2]!;
    const base = row * held.labelCount;
    let predicted = 0;
    for (let k = 1; k < held.labelCount; k++)
      if (held.scores[base + k]! > held.scores[base + predicted]!) predicted = k;
    return {
      truth,
      predicted,
      confidence: probability(held, row, predicted, temperature),
      truthProbability: probability(held, row, truth, temperature),
      excerpt: '',
    };
  });
  const report = evaluate(scored, labels);
  return {
    rows: report.rows,
    accuracy: report.accuracy,
    macroF1: report.macro_f1,
    logLoss: report.log_loss,
    expectedCalibrationError: report.expected_calibration_error,
  };
}
