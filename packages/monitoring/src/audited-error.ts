import type { AutomatedCount, CountSet, TruthCount } from '@understudy/ledger';
import {
  anytimeErrorInterval,
  type Interval,
  type WeightedCounts,
  weightedErrorIntervalOfCounts,
} from '@understudy/statistics';

export interface EstimateOptions {
  /** Of each interval. */
  confidence: number;
  /** `anytime`: holds at all looks together, however often the figure is shown. `fixed`: shorter, for one look. */
  interval: 'anytime' | 'fixed';
  /** The least probability that the audit lane used over the whole window. */
  minProbability: number;
}

export interface Estimated extends Interval {
  estimate: number | null;
  method: string;
}

export interface AuditedErrorFigures extends Estimated {
  audited: number;
  wrong: number;
  drawn: number;
  pending: number;
  unaudited: number;
}

export const METHODS = {
  none: 'nothing is known yet',
  all: 'every decision is labelled',
  exact: 'Clopper–Pearson, exact',
  weighted: 'betting on rows weighted by 1/π, valid at every look',
  anytime: 'betting confidence sequence on rows weighted by 1/π, valid at every look',
} as const;

const sum = <T>(rows: readonly T[], of: (row: T) => number): number => rows.reduce((total, row) => total + of(row), 0);

/** The least probability of any audit lane in the window; 1 where none ran. */
export function leastProbability(automated: readonly AutomatedCount[]): number {
  let least = 1;
  for (const { probability } of automated) if (probability !== null && probability < least) least = probability;
  return least;
}

/** The share of automated decisions that were wrong, from those that the audit lane drew and a person labelled. */
export function auditedError(set: CountSet, options: EstimateOptions): AuditedErrorFigures {
  const cells = set.truth.filter(({ lane }) => lane === 'audited');
  const audited = sum(cells, ({ decisions }) => decisions);
  const drawn = sum(set.automated, (row) => row.drawn);
  return {
    ...weightedShare(set.automated, cells, isWrong, options),
    audited,
    wrong: sum(cells, (cell) => (isWrong(cell) ? cell.decisions : 0)),
    drawn,
    pending: Math.max(0, drawn - audited),
    unaudited: sum(set.automated, ({ probability, decisions }) => (probability === null ? decisions : 0)),
  };
}

const isWrong = ({ right }: TruthCount): boolean => right === false;

/** A row of the audit lane, as weighting needs it. */
interface Audited {
  probability: number | null;
  decisions: number;
}

/** Decisions of one probability, and what the audits of some of them said. */
export type Stratum = WeightedCounts & { decisions: number };

/** The strata of a set's audited error: those with any audit. */
export function auditedStrata(set: CountSet): Stratum[] {
  const cells = set.truth.filter(({ lane }) => lane === 'audited');
  return strataOf(set.automated, cells, isWrong);
}

function strataOf<A extends Audited>(
  automated: readonly Pick<AutomatedCount, 'probability' | 'decisions'>[],
  audited: readonly A[],
  is: (cell: A) => boolean,
): Stratum[] {
  const strata = new Map<number, Stratum>();
  const stratum = (probability: number) => {
    let found = strata.get(probability);
    if (found === undefined) {
      found = { probability, right: 0, wrong: 0, decisions: 0 };
      strata.set(probability, found);
    }
    return found;
  };
  for (const { probability, decisions } of automated) {
    if (probability !== null && probability > 0) stratum(probability).decisions += decisions;
  }
  for (const cell of audited) {
    if (cell.probability === null) continue;
    if (is(cell)) stratum(cell.probability).wrong += cell.decisions;
    else stratum(cell.probability).right += cell.decisions;
  }
  return [...strata.values()].filter(({ right, wrong }) => right + wrong > 0);
}

/**
 * The share of a set of automated decisions for which `is` holds, from its audited cells. The estimate is stratified
 * by probability, with the known number of decisions of each (Horvitz–Thompson where every drawn row is labelled; pending
 * ones are taken to be like those labelled).
 */
export function weightedShare<A extends Audited>(
  automated: readonly Pick<AutomatedCount, 'probability' | 'decisions'>[],
  audited: readonly A[],
  is: (cell: A) => boolean,
  options: EstimateOptions,
): Estimated {
  const known = strataOf(automated, audited, is);
  if (known.length === 0) return { estimate: null, low: 0, high: 1, method: METHODS.none };
  const weight = sum(known, ({ decisions }) => decisions);
  const share = sum(known, ({ right, wrong, decisions }) => (decisions * wrong) / (right + wrong));
  const estimate = weight > 0 ? share / weight : null;
  const equal = known.length === 1;
  if (options.interval === 'fixed') {
    const interval = weightedErrorIntervalOfCounts(known, options.confidence);
    return { ...around(interval, estimate), method: equal ? METHODS.exact : METHODS.weighted };
  }
  const least = Math.min(options.minProbability, ...known.map(({ probability }) => probability));
  const interval = anytimeErrorInterval(known, equal ? known[0]!.probability : least, options.confidence);
  return { ...around(interval, estimate), method: METHODS.anytime };
}

/** An interval that never shuts out its own estimate, which weights strata otherwise than the bound does. */
function around({ low, high }: Interval, estimate: number | null): Interval & { estimate: number | null } {
  if (estimate === null) return { estimate, low, high };
  return { estimate, low: Math.min(low, estimate), high: Math.max(high, estimate) };
}

/**
 * The share of `total` decisions for which something holds, when it is known of `known` of them and holds for `held`:
 * exact when all are known, else the unknown ones are taken to be like the known ones, with that uncertainty.
 */
export function knownShare(held: number, known: number, total: number, options: EstimateOptions): Estimated {
  if (known === 0) return { estimate: null, low: 0, high: 1, method: METHODS.none };
  const estimate = held / known;
  if (known >= total) return { estimate, low: estimate, high: estimate, method: METHODS.all };
  const counts = [{ probability: 1, right: known - held, wrong: held }];
  const { low, high } =
    options.interval === 'fixed'
      ? weightedErrorIntervalOfCounts(counts, options.confidence)
      : anytimeErrorInterval(counts, 1, options.confidence);
  const whole = (share: number) => (held + (total - known) * share) / total;
  return {
    ...around({ low: whole(low), high: whole(high) }, estimate),
    method: options.interval === 'fixed' ? METHODS.exact : METHODS.anytime,
  };
}
