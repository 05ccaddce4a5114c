/**
 * The figures of a workspace as they follow from its ledger: counts only, no estimate. Whoever estimates (monitoring,
 * value) does so from these. Everything here is a whole number (or an exact decimal), so that rebuilding gives the
 * same figures whatever the batches were.
 *
 * A decision counts in the hour in which it was made (UTC), and so does all that is said about it later: its labels, its
 * truth, the seconds that people spent on it. Only `given` counts labels in the hour in which they were given.
 * Windows are whole hours: `from` is rounded down and `to` up; the figures tell which window they are of. `minute` and
 * `ten_seconds` have windows of whole minutes and ten seconds, reach back twelve hours, and come without details; over
 * whole hours they add up to the hours.
 */

export type FigureBucket = 'ten_seconds' | 'minute' | 'hour' | 'day' | 'week' | 'month' | 'total';

export interface FiguresQuery {
  /** Slug of a task; absent = all tasks. */
  task?: string | undefined;
  /** Id of the task: leaves out an earlier, deleted task of the same slug. */
  taskId?: string | undefined;
  /** Milliseconds since the epoch. */
  from: number;
  /** Exclusive. */
  to: number;
  /** Length of a bucket (UTC; weeks start on Monday). Buckets without any decision are left out. */
  bucket: FigureBucket;
  /** One row a task instead of the sum over tasks. */
  perTask?: boolean;
  /** One row a model version instead of the sum over versions. */
  perVersion?: boolean;
  /** `full`: also by label, confidence and reason, and latency; many times as much to read. Default `summary`. */
  detail?: 'summary' | 'full';
}

/** Automated decisions of one audit probability. */
export interface AutomatedCount {
  /** With which probability the audit lane drew each of them; null where no lane ran. */
  probability: number | null;
  decisions: number;
  /** How many of them it drew. */
  drawn: number;
}

/** Decisions that were left to a person. */
export interface ReviewCount {
  /** Whether a model suggested a label. */
  suggested: boolean;
  decisions: number;
}

/**
 * Decisions whose truth is known ({@link truthOf}), by whether the model was right.
 * - `audited`: automated, drawn by the audit lane and labelled there. The only random sample of automated decisions.
 * - `reviewed`: left to a person, and a person said what it is.
 * - `imported`: left to a person, and an import said what it is: nobody is asked any more, but it is in no estimate.
 * - `other`: known by a way that does not draw at random (appeal, feedback without a person, import): in no estimate.
 */
export interface TruthCount {
  lane: 'audited' | 'reviewed' | 'imported' | 'other';
  outcome: 'automated' | 'review';
  /** Whether the answer (or the suggestion) is the truth; null where nothing was suggested. */
  right: boolean | null;
  /** Of the audit lane's draw; null outside it. */
  probability: number | null;
  decisions: number;
}

/** One set of decisions, as estimates need it. */
export interface CountSet {
  automated: AutomatedCount[];
  review: ReviewCount[];
  truth: TruthCount[];
}

/** The same by label. */
export interface LabelCounts {
  automated: (AutomatedCount & { label: string })[];
  /** `label`: the suggestion; null without one. */
  review: { label: string | null; decisions: number }[];
  /** `answered`: the label answered (automated) or suggested (review). */
  truth: (Omit<TruthCount, 'right'> & { answered: string | null; truth: string })[];
}

/** The same by confidence and by reason, and how long deciding took. */
export interface ShapeCounts {
  /** By index into {@link CONFIDENCE_BANDS}; null when there was no confidence. In order. */
  bands: (CountSet & { band: number | null })[];
  /** Decisions left to a person, by why (`below_threshold`, …). In order. */
  reasons: (CountSet & { reason: string })[];
  /** See {@link latencyQuantile}: index of the bin → decisions. */
  latency: { bin: number; decisions: number }[];
}

export interface Figures {
  /** The bucket, cut to the window. Milliseconds since the epoch; `to` exclusive. */
  from: number;
  to: number;
  /** Null when summed over tasks. */
  task: { id: string; slug: string } | null;
  /** Present with `perVersion` only; null = decided without a model. */
  modelVersion?: string | null;
  decisions: number;
  automated: number;
  review: number;
  /** Automated decisions that the audit lane drew, and how many of them it has labelled. */
  drawn: number;
  audited: number;
  /** Decisions left to a person that a person has answered. */
  reviewed: number;
  /** Decisions left to a person that an import has answered instead: nobody is asked any more. */
  imported: number;
  automatedCounts: AutomatedCount[];
  reviewCounts: ReviewCount[];
  truth: TruthCount[];
  /** What deciding cost, by rung (`own_model`, …; `none` without one) and currency; exact decimals. */
  cost: { rung: string; currency: string; amount: string }[];
  /** Time that people spent on these decisions, as measured at their verdicts; labels without a time are `unmeasured`. */
  seconds: { reviewer: number; audit: number; unmeasured: { reviewer: number; audit: number } };
  /** Labels that these decisions have, by source (`application`, `appeal`, `reviewer`, `audit`, `import`, `echo`). */
  labels: Record<string, number>;
  /** Labels that were given in this bucket, about whatever decision, by source. */
  given: Record<string, number>;
  /** With `detail: 'full'` only. */
  byLabel?: LabelCounts;
  shape?: ShapeCounts;
}

/** What the figures rest on. */
export interface FiguresEvidence {
  /** The window as it was rounded. */
  from: number;
  to: number;
  /** Commits of the workspace's ledger that the figures have seen: the log's size at that moment. */
  ledgerSize: number;
}

/** Reads figures. Throws `database_unavailable`. */
export interface FiguresReader {
  read(workspace: string, query: FiguresQuery): Promise<{ figures: Figures[]; evidence: FiguresEvidence }>;
}

/** Lower edges of the confidence bands; the last one reaches to 1 inclusive. Finer where automation happens. */
export const CONFIDENCE_BANDS: readonly number[] = [
  0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98, 0.99, 0.995,
];

export function bandOf(confidence: number | null): number | null {
  if (confidence === null || !Number.isFinite(confidence)) return null;
  let band = CONFIDENCE_BANDS.length - 1;
  while (band > 0 && confidence < CONFIDENCE_BANDS[band]!) band--;
  return band;
}

/** Bins an octave of microseconds: neighbouring edges differ by 9 %. */
const BINS_AN_OCTAVE = 8;

export function latencyBin(microseconds: number): number {
  return Math.round(Math.log2(Math.max(1, microseconds)) * BINS_AN_OCTAVE);
}

/** The middle of a bin in microseconds: within 4.5 % of every time in it. */
export function latencyOfBin(bin: number): number {
  return 2 ** (bin / BINS_AN_OCTAVE);
}

/** The time in microseconds that a share `q` of decisions did not exceed, within 4.5 %; null without decisions. */
export function latencyQuantile(latency: ShapeCounts['latency'], q: number): number | null {
  const bins = [...latency].sort((a, b) => a.bin - b.bin);
  const total = bins.reduce((sum, { decisions }) => sum + decisions, 0);
  if (total === 0) return null;
  let seen = 0;
  for (const { bin, decisions } of bins) {
    seen += decisions;
    if (seen >= q * total) return latencyOfBin(bin);
  }
  return latencyOfBin(bins.at(-1)!.bin);
}
