import type { TrainingRun } from '@understudy/client';
import { bytes, count, duration, localTime, percent } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { bold, dim, green, type Piece, red, yellow } from '../terminal/style.ts';

interface Figures {
  rows?: number;
  accuracy?: number;
  accuracy_interval?: { low: number; high: number };
  macro_f1?: number;
  expected_calibration_error?: number;
  log_loss?: number;
  duration_seconds?: number;
  peak_memory_bytes?: number;
  artifact_bytes?: number;
  microseconds_per_prediction?: number;
  chosen_because?: string;
  per_label?: { label: string; support: number; f1: number }[];
}

export const statusPiece = (status: string): Piece =>
  status === 'succeeded'
    ? green(status)
    : status === 'failed'
      ? red(status)
      : status === 'cancelled'
        ? yellow(status)
        : status;

const optional = <T>(value: T | undefined | null, show: (value: T) => Piece): Piece | undefined =>
  value === undefined || value === null ? undefined : show(value);

/** `91.4 % (90.1 … 92.5 %, on 3,080 held-out rows)` */
function accuracyOf({ accuracy, accuracy_interval: interval, rows }: Figures): Piece | undefined {
  if (accuracy === undefined) return undefined;
  const range = interval === undefined ? '' : `95 % interval ${percent(interval.low)} … ${percent(interval.high)}`;
  const on = rows === undefined ? '' : `on ${count(rows)} held-out rows`;
  const rest = [range, on].filter((part) => part !== '').join(', ');
  return bold(`${percent(accuracy, 2)}${rest === '' ? '' : `  (${rest})`}`);
}

/** The figures of a model version or of a run, those that it has. */
export function figureFields(metrics: Record<string, unknown> | null): [string, Piece | undefined][] {
  const figures = (metrics ?? {}) as Figures;
  const weakest = [...(figures.per_label ?? [])]
    .filter(({ support }) => support > 0)
    .sort((a, b) => a.f1 - b.f1)
    .slice(0, 3)
    .map(({ label, f1 }) => `${label} ${f1.toFixed(2)}`);
  return [
    ['accuracy', accuracyOf(figures)],
    ['macro F1', optional(figures.macro_f1, (value) => value.toFixed(4))],
    ['calibration error', optional(figures.expected_calibration_error, (value) => value.toFixed(4))],
    ['log loss', optional(figures.log_loss, (value) => value.toFixed(4))],
    ['weakest labels (F1)', weakest.length > 1 ? weakest.join(', ') : undefined],
    ['took', optional(figures.duration_seconds, duration)],
    ['peak memory', optional(figures.peak_memory_bytes, bytes)],
    ['model file', optional(figures.artifact_bytes, bytes)],
    ['time an answer', optional(figures.microseconds_per_prediction, (value) => `${value.toFixed(0)} µs`)],
  ];
}

/** A training run for people: what came out, why this trainer, and whether it serves now. */
export function showRun(out: Output, run: TrainingRun): void {
  const { promotion, error } = run;
  const why = ((run.metrics ?? {}) as Figures).chosen_because;
  const asked =
    run.trainer === run.chosen_trainer || run.chosen_trainer === null
      ? run.trainer
      : `${run.chosen_trainer} (asked for: ${run.trainer})`;
  out.line(
    statusPiece(run.status),
    '  ',
    bold(run.task),
    run.model_version === null ? '' : `  version ${run.model_version}`,
    '  ',
    dim(run.id),
  );
  out.fields([
    ['error', error === null ? undefined : red(`${error.detail} (${error.code})`)],
    ...figureFields(run.metrics),
    ['trainer', asked],
    ['why', why === undefined || run.trainer !== 'auto' ? undefined : why],
    [
      'champion',
      promotion === null ? undefined : promotion.promoted ? green(promotion.reason) : yellow(promotion.reason),
    ],
    ['dataset', run.dataset ?? undefined],
    ['seed', String(run.seed)],
    ['finished', run.finished_at === null ? undefined : localTime(run.finished_at)],
  ]);
}
