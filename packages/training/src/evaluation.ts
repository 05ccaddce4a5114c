import { type Interval, wilson } from './intervals.ts';

/** One evaluated row: its truth and the model's calibrated probabilities. */
export interface ScoredRow {
  truth: number;
  predicted: number;
  confidence: number;
  /** Probability of the true label. */
  truthProbability: number;
  /** The row's text, cut for the report. */
  excerpt: string;
}

export interface LabelFigures {
  label: string;
  support: number;
  precision: Interval;
  recall: Interval;
  f1: number;
}

export interface Mistake {
  text: string;
  truth: string;
  predicted: string;
  confidence: number;
}

/** The evaluation of one model version on rows that nothing was fitted or tuned on. */
export interface EvaluationReport {
  rows: number;
  accuracy: number;
  accuracy_interval: Interval;
  macro_f1: number;
  log_loss: number;
  expected_calibration_error: number;
  per_label: LabelFigures[];
  /** Rows are truths, columns predictions, in the order of `labels`; sparse for many labels. */
  confusion: { labels: string[]; cells: { truth: string; predicted: string; count: number }[] };
  reliability: { low: number; high: number; count: number; confidence: number; accuracy: number }[];
  worst_mistakes: Mistake[];
}

const BINS = 15;
const MISTAKES = 20;

/** Builds the report. `labels` names the indices of the rows. */
export function evaluate(rows: readonly ScoredRow[], labels: readonly string[]): EvaluationReport {
  const matrix = new Map<number, number>();
  const support = new Float64Array(labels.length);
  const predictions = new Float64Array(labels.length);
  const hits = new Float64Array(labels.length);
  let logLoss = 0;
  for (const row of rows) {
    support[row.truth]!++;
    predictions[row.predicted]!++;
    if (row.truth === row.predicted) hits[row.truth]!++;
    const cell = row.truth * labels.length + row.predicted;
    matrix.set(cell, (matrix.get(cell) ?? 0) + 1);
    logLoss -= Math.log(Math.max(row.truthProbability, 1e-12));
  }
  const perLabel = labels.map((label, index): LabelFigures => {
    const precision = wilson(hits[index]!, predictions[index]!);
    const recall = wilson(hits[index]!, support[index]!);
    const sum = precision.estimate + recall.estimate;
    return {
      label,
      support: support[index]!,
      precision,
      recall,
      f1: sum === 0 ? 0 : (2 * precision.estimate * recall.estimate) / sum,
    };
  });
  // A label without a row or a prediction has no F1; averaging zeros in would blame the model for the split.
  const seen = perLabel.filter((figures, index) => figures.support > 0 || predictions[index]! > 0);
  const correct = hits.reduce((sum, count) => sum + count, 0);
  const reliability = reliabilityCurve(rows);
  return {
    rows: rows.length,
    accuracy: rows.length === 0 ? 0 : correct / rows.length,
    accuracy_interval: wilson(correct, rows.length),
    macro_f1: seen.length === 0 ? 0 : seen.reduce((sum, figures) => sum + figures.f1, 0) / seen.length,
    log_loss: rows.length === 0 ? 0 : logLoss / rows.length,
    expected_calibration_error: reliability.reduce(
      (sum, bin) => sum + (bin.count / Math.max(1, rows.length)) * Math.abs(bin.accuracy - bin.confidence),
      0,
    ),
    per_label: perLabel,
    confusion: {
      labels: [...labels],
      cells: [...matrix]
        .sort((a, b) => a[0] - b[0])
        .map(([cell, count]) => ({
          truth: labels[Math.floor(cell / labels.length)]!,
          predicted: labels[cell % labels.length]!,
          count,
        })),
    },
    reliability,
    worst_mistakes: rows
      .filter((row) => row.truth !== row.predicted)
      .sort((a, b) => b.confidence - a.confidence)
      .slice(0, MISTAKES)
      .map((row) => ({
        text: row.excerpt,
        truth: labels[row.truth]!,
        predicted: labels[row.predicted]!,
        confidence: row.confidence,
      })),
  };
}

/** Equal-width bins over the top label's probability (Guo et al. 2017); empty bins are left out. */
export function reliabilityCurve(rows: readonly Pick<ScoredRow, 'confidence' | 'truth' | 'predicted'>[]) {
  const bins = Array.from({ length: BINS }, () => ({ count: 0, confidence: 0, correct: 0 }));
  for (const row of rows) {
    const bin = bins[Math.min(BINS - 1, Math.floor(row.confidence * BINS))]!;
    bin.count++;
    bin.confidence += row.confidence;
    if (row.truth === row.predicted) bin.correct++;
  }
  return bins.flatMap((bin, index) =>
    bin.count === 0
      ? []
      : [
          {
            low: index / BINS,
            high: (index + 1) / BINS,
            count: bin.count,
            confidence: bin.confidence / bin.count,
            accuracy: bin.correct / bin.count,
          },
        ],
  );
}
