import type { ModelVersion } from '@understudy/client';

export interface Estimate {
  estimate: number;
  low: number;
  high: number;
}

export interface LabelMetrics {
  label: string;
  /** Held-out examples with this label. */
  support: number;
  precision: Estimate;
  recall: Estimate;
  f1: number;
}

export interface Mistake {
  text: string;
  truth: string;
  predicted: string;
  confidence: number;
}

export interface ReliabilityBin {
  low: number;
  high: number;
  count: number;
  confidence: number;
  accuracy: number;
}

/** What the evaluation of a version says. Each part is absent where the version was not evaluated for it. */
export interface VersionMetrics {
  rows: number | null;
  accuracy: number | null;
  accuracyInterval: Estimate | null;
  macroF1: number | null;
  logLoss: number | null;
  calibrationError: number | null;
  labels: LabelMetrics[];
  cells: { truth: string; predicted: string; count: number }[];
  reliability: ReliabilityBin[];
  mistakes: Mistake[];
  learntFrom: number | null;
  durationSeconds: number | null;
  peakMemoryBytes: number | null;
  microseconds: number | null;
  chosenBecause: string | null;
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : null);
const text = (value: unknown) => (typeof value === 'string' ? value : '');
const rowsOf = (value: unknown): Record<string, unknown>[] => (Array.isArray(value) ? value.filter(isObject) : []);

function estimateOf(value: unknown): Estimate | null {
  if (!isObject(value)) return null;
  const [estimate, low, high] = [number(value.estimate), number(value.low), number(value.high)];
  if (estimate === null || low === null || high === null) return null;
  return { estimate, low: whole(low), high: whole(high) };
}

/** The ends of an interval at 0 and 1 come with the dust of binary fractions. */
const whole = (value: number) => (Math.abs(value - Math.round(value)) < 1e-9 ? Math.round(value) : value);

/** The API leaves the shape of metrics open: whatever is not there or looks otherwise is left out, not guessed. */
export function metricsOf({ metrics }: Pick<ModelVersion, 'metrics'>): VersionMetrics {
  const confusion = isObject(metrics.confusion) ? metrics.confusion : {};
  const rows = number(metrics.rows);
  const evaluated = rows !== null && rows > 0;
  return {
    rows,
    accuracy: evaluated ? number(metrics.accuracy) : null,
    accuracyInterval: evaluated ? estimateOf(metrics.accuracy_interval) : null,
    macroF1: evaluated ? number(metrics.macro_f1) : null,
    logLoss: evaluated ? number(metrics.log_loss) : null,
    calibrationError: evaluated ? number(metrics.expected_calibration_error) : null,
    labels: rowsOf(metrics.per_label).flatMap((row) => {
      const [precision, recall] = [estimateOf(row.precision), estimateOf(row.recall)];
      const [support, f1] = [number(row.support), number(row.f1)];
      if (precision === null || recall === null || support === null || f1 === null) return [];
      return [{ label: text(row.label), support, precision, recall, f1 }];
    }),
    cells: rowsOf(confusion.cells).map((row) => ({
      truth: text(row.truth),
      predicted: text(row.predicted),
      count: number(row.count) ?? 0,
    })),
    reliability: rowsOf(metrics.reliability).map((row) => ({
      low: number(row.low) ?? 0,
      high: number(row.high) ?? 0,
      count: number(row.count) ?? 0,
      confidence: number(row.confidence) ?? 0,
      accuracy: number(row.accuracy) ?? 0,
    })),
    mistakes: rowsOf(metrics.worst_mistakes).map((row) => ({
      text: text(row.text),
      truth: text(row.truth),
      predicted: text(row.predicted),
      confidence: number(row.confidence) ?? 0,
    })),
    learntFrom: number(metrics.rows_learnt_from),
    durationSeconds: number(metrics.duration_seconds),
    peakMemoryBytes: number(metrics.peak_memory_bytes),
    microseconds: number(metrics.microseconds_per_prediction),
    chosenBecause: text(metrics.chosen_because) || null,
  };
}

export interface VersionCertificate {
  status: string;
  threshold: number | null;
  coverage: number | null;
  maxError: number | null;
  confidence: number | null;
  needed: { labels: number | null; reason: string } | null;
  suspended: string | null;
}

export function certificateOf({ certification }: Pick<ModelVersion, 'certification'>): VersionCertificate | null {
  if (certification === null) return null;
  const { needed, suspension } = certification;
  return {
    status: text(certification.status),
    threshold: number(certification.threshold),
    coverage: number(certification.expected_coverage),
    maxError: number(certification.max_error),
    confidence: number(certification.confidence),
    needed: isObject(needed) ? { labels: number(needed.labels), reason: text(needed.reason) } : null,
    suspended: isObject(suspension) ? text(suspension.reason) : null,
  };
}

export interface PairedTest {
  rows: number;
  gained: number;
  lost: number;
  p: number;
  champion: string;
}

/** The test behind a promotion by the platform itself; null where somebody promoted by hand or there was no other. */
export function pairedTestOf(evidence: Record<string, unknown>): PairedTest | null {
  if (evidence.method !== 'mcnemar_exact') return null;
  const [rows, gained, lost, p] = [evidence.rows, evidence.gained, evidence.lost, evidence.p_value].map(number);
  if (rows == null || gained == null || lost == null || p == null) return null;
  return { rows, gained, lost, p, champion: text(evidence.champion) };
}
