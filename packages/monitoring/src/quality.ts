import type { Clock } from '@understudy/kernel';
import {
  bucketStart,
  type CountSet,
  FINE_READABLE_MS,
  type FigureBucket,
  type Figures,
  type FiguresReader,
  isFine,
  type LabelCounts,
  latencyQuantile,
  type ShapeCounts,
} from '@understudy/ledger';
import type { OverviewQuery, QualityGrouping, QualityQuery } from '@understudy/wire';
import { type EstimateOptions, leastProbability } from './audited-error.ts';
import { type CorrectedErrorFigures, correctAuditedError } from './corrected-error.ts';
import { monitoringErrors } from './errors.ts';
import {
  byBand,
  byLabel,
  byReason,
  type ConfusionCell,
  confidenceDistribution,
  confusions,
  setOf,
} from './figure-slices.ts';
import { type LabelFigures, labelQuality } from './label-quality.ts';
import type { AlertStore, ReviewerChecks, TaskDirectory, WatchedTask } from './ports.ts';
import { type Summary, summarise } from './summary.ts';

const HOUR_MS = 3_600_000;
const DEFAULT_DAYS = 30;
const MAX_BUCKETS = 2_000;
/** The longest window of fine buckets. */
const FINE_HOURS = { ten_seconds: 1, minute: 6 };
const MAX_CONFUSIONS = 100;

export interface QualityPorts {
  figures: FiguresReader;
  tasks: TaskDirectory;
  checks: ReviewerChecks;
  alerts: AlertStore;
  clock: Clock;
}

export interface QualityGroupFigures extends Summary {
  key: string;
  from: number;
  to: number;
}

export interface QualityReport {
  task: WatchedTask;
  from: number;
  to: number;
  options: Pick<EstimateOptions, 'confidence' | 'interval'>;
  by: QualityGrouping | null;
  total: Summary;
  /** The total's audited error without the reviewers' own errors; null where these are not known. */
  corrected: CorrectedErrorFigures | null;
  groups: QualityGroupFigures[];
  labels: LabelFigures[];
  confusion: ConfusionCell[];
  confidence: ReturnType<typeof confidenceDistribution>;
  /** Milliseconds. */
  latency: { p50: number | null; p95: number | null; p99: number | null };
  throughputPerHour: number;
  labelsBySource: Record<string, number>;
  seconds: { reviewer: number; audit: number };
  ledgerSize: number;
}

export interface QueueFigures {
  waiting: number;
  review: number;
  audit: number;
}

export interface OverviewPointFigures extends Summary {
  from: number;
  to: number;
}

export interface OverviewTaskFigures {
  task: WatchedTask;
  withinBudget: boolean | null;
  queue: QueueFigures;
  openAlerts: number;
  total: Summary;
  series: OverviewPointFigures[];
}

export interface OverviewReport {
  from: number;
  to: number;
  bucket: Exclude<FigureBucket, 'total'>;
  options: Pick<EstimateOptions, 'confidence' | 'interval'>;
  total: Summary;
  queue: QueueFigures;
  openAlerts: number;
  series: OverviewPointFigures[];
  tasks: OverviewTaskFigures[];
  ledgerSize: number;
}

/** Of the figures over all tasks, which have budgets of their own. */
const TOTAL_CONFIDENCE = 0.95;

/** How well the tasks of a workspace do, estimated from the ledger's counters. */
export class Quality {
  readonly #ports: QualityPorts;

  constructor(ports: QualityPorts) {
    this.#ports = ports;
  }

  /** One task over a window. Throws task_not_found, invalid_window. */
  async task(workspace: string, slug: string, query: QualityQuery): Promise<QualityReport> {
    const bucket = query.by === 'day' || query.by === 'hour' ? query.by : 'total';
    const { from, to } = this.#window(query, bucket);
    const task = await this.#ports.tasks.get(workspace, slug);
    const window = { taskId: task.id, task: slug, from, to };
    const read = this.#ports.figures;
    const [{ figures, evidence }, parts, checks] = await Promise.all([
      read.read(workspace, { ...window, bucket: 'total', detail: 'full' }),
      bucket !== 'total' || query.by === 'model_version'
        ? read.read(workspace, { ...window, bucket, perVersion: query.by === 'model_version' })
        : null,
      this.#ports.checks.of(workspace, slug),
    ]);
    const [whole] = figures;
    const labels = whole?.byLabel ?? { automated: [], review: [], truth: [] };
    const shape = whole?.shape ?? { bands: [], reasons: [], latency: [] };
    const set = setOf(figures);
    const options = estimateOptions(set, query.confidence ?? task.confidence, query.interval);
    const milliseconds = (q: number) => {
      const microseconds = latencyQuantile(shape.latency, q);
      return microseconds === null ? null : Math.round(microseconds) / 1000;
    };
    const total = summarise(set, options);
    const passed = Math.min(evidence.to, this.#ports.clock.now()) - evidence.from;
    return {
      task,
      from: evidence.from,
      to: evidence.to,
      options,
      by: query.by ?? null,
      total,
      corrected: correctAuditedError(set, total.auditedError, checks, options.confidence),
      groups:
        parts === null
          ? groupsOf({ set, labels, shape }, query.by, options, evidence)
          : parts.figures.map((one) => groupOf(one, query.by!, options, evidence)),
      labels: namesOf(labels).map((label) => labelQuality(labels, label, options)),
      confusion: confusions(labels, MAX_CONFUSIONS),
      confidence: confidenceDistribution(shape),
      latency: { p50: milliseconds(0.5), p95: milliseconds(0.95), p99: milliseconds(0.99) },
      throughputPerHour: passed <= 0 ? 0 : Math.round((total.decisions / (passed / HOUR_MS)) * 100) / 100,
      labelsBySource: whole?.labels ?? {},
      seconds: { reviewer: whole?.seconds.reviewer ?? 0, audit: whole?.seconds.audit ?? 0 },
      ledgerSize: evidence.ledgerSize,
    };
  }

  /** All tasks and their total over time. Throws invalid_window. */
  async overview(workspace: string, query: OverviewQuery): Promise<OverviewReport> {
    const bucket = query.bucket ?? 'day';
    const { from, to } = this.#window(query, bucket);
    const read = (window: { from: number; to: number; bucket: FigureBucket }) =>
      this.#ports.figures.read(workspace, { ...window, perTask: true });
    const [tasks, { figures, evidence }, ever, openAlerts] = await Promise.all([
      this.#ports.tasks.list(workspace),
      read({ from, to, bucket }),
      read({ from: 0, to: this.#ports.clock.now() + HOUR_MS, bucket: 'total' }),
      this.#ports.alerts.countOpen(workspace),
    ]);
    const byTask = Map.groupBy(figures, ({ task }) => task!.id);
    const all = setOf(figures);
    const options = estimateOptions(all, TOTAL_CONFIDENCE, query.interval);
    const rows = tasks.map((task): OverviewTaskFigures => {
      const own = byTask.get(task.id) ?? [];
      const set = setOf(own);
      const ownOptions = estimateOptions(set, task.confidence, query.interval);
      const total = summarise(set, ownOptions);
      return {
        task,
        withinBudget: withinBudget(total, task.maxError),
        queue: queueOf(ever.figures.filter((one) => one.task!.id === task.id)),
        openAlerts: openAlerts.get(task.id) ?? 0,
        total,
        series: own.map((one) => ({ from: one.from, to: one.to, ...summarise(setOf([one]), ownOptions) })),
      };
    });
    return {
      from: evidence.from,
      to: evidence.to,
      bucket,
      options,
      total: summarise(all, options),
      queue: rows.map(({ queue }) => queue).reduce(addQueues, { waiting: 0, review: 0, audit: 0 }),
      openAlerts: [...openAlerts.values()].reduce((sum, n) => sum + n, 0),
      series: [...Map.groupBy(figures, ({ from: start }) => start)]
        .sort(([a], [b]) => a - b)
        .map(([, own]) => ({ from: own[0]!.from, to: own[0]!.to, ...summarise(setOf(own), options) })),
      tasks: rows,
      ledgerSize: evidence.ledgerSize,
    };
  }

  #window(query: { from?: string; to?: string }, bucket: FigureBucket): { from: number; to: number } {
    const to = query.to === undefined ? this.#ports.clock.now() : Date.parse(query.to);
    const usual = (isFine(bucket) ? FINE_HOURS[bucket] : DEFAULT_DAYS * 24) * HOUR_MS;
    const from = query.from === undefined ? to - usual : Date.parse(query.from);
    const refuse = (pointer: string, detail: string) =>
      monitoringErrors.invalid_window(detail, { problems: [{ pointer, code: 'invalid_window', detail }] });
    if (from >= to) throw refuse('/from', '`from` must lie before `to`');
    if (isFine(bucket)) {
      const hours = FINE_HOURS[bucket];
      if (to - from > hours * HOUR_MS) {
        throw refuse('/from', `${bucket} buckets are for windows of at most ${hours} hours`);
      }
      if (from < this.#ports.clock.now() - FINE_READABLE_MS) {
        throw refuse(
          '/from',
          `${bucket} buckets reach back ${FINE_READABLE_MS / HOUR_MS} hours; hours are there for all time`,
        );
      }
      return { from, to };
    }
    const shortest = { hour: 1, day: 24, week: 168, month: 672, total: Number.POSITIVE_INFINITY }[bucket] * HOUR_MS;
    if ((bucketStart(to, 'hour') - from) / shortest > MAX_BUCKETS) {
      throw refuse('/from', `the window has more than ${MAX_BUCKETS} buckets; make it shorter or the buckets longer`);
    }
    return { from, to };
  }
}

function estimateOptions(
  set: CountSet,
  confidence: number,
  interval: EstimateOptions['interval'] = 'anytime',
): EstimateOptions {
  return { confidence, interval, minProbability: leastProbability(set.automated) };
}

interface Window {
  from: number;
  to: number;
}

function groupsOf(
  { set, labels, shape }: { set: CountSet; labels: LabelCounts; shape: ShapeCounts },
  by: QualityGrouping | undefined,
  options: EstimateOptions,
  { from, to }: Window,
): QualityGroupFigures[] {
  if (by === undefined) return [];
  const sets = by === 'label' ? byLabel(labels) : by === 'band' ? byBand(shape) : byReason(shape, set);
  return sets.map((group) => ({ key: group.key, from, to, ...summarise(group.set, options) }));
}

/** A version over the whole window, or a bucket of it. */
function groupOf(one: Figures, by: QualityGrouping, options: EstimateOptions, window: Window): QualityGroupFigures {
  const { from, to } = by === 'model_version' ? window : one;
  const key = by === 'model_version' ? (one.modelVersion ?? '(no model)') : new Date(one.from).toISOString();
  return { key, from, to, ...summarise(setOf([one]), options) };
}

/** Every label that was answered, suggested or true. */
function namesOf(counts: LabelCounts): string[] {
  const names = new Set<string>();
  for (const { label } of counts.automated) names.add(label);
  for (const { label } of counts.review) if (label !== null) names.add(label);
  for (const { lane, truth } of counts.truth) if (lane === 'audited' || lane === 'reviewed') names.add(truth);
  return [...names].sort();
}

function withinBudget({ auditedError: { low, high, audited } }: Summary, maxError: number): boolean | null {
  if (audited === 0) return null;
  if (high <= maxError) return true;
  return low > maxError ? false : null;
}

function queueOf(figures: readonly Figures[]): QueueFigures {
  const review = sumOf(figures, (one) => Math.max(0, one.review - one.reviewed - one.imported));
  const audit = sumOf(figures, (one) => Math.max(0, one.drawn - one.audited));
  return { waiting: review + audit, review, audit };
}

const addQueues = (a: QueueFigures, b: QueueFigures): QueueFigures => ({
  waiting: a.waiting + b.waiting,
  review: a.review + b.review,
  audit: a.audit + b.audit,
});

const sumOf = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((sum, row) => sum + of(row), 0);
