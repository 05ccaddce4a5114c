import type { ValueReport, ValueTask } from '../generated/api.ts';
import { type AuditCounts, errorInterval, ratioEstimate } from './error-interval.ts';
import { Counts } from './row-counts.ts';

type Economics = ValueTask['economics'];

/** Fewer audits than this give no rate. */
const FEWEST_AUDITS = 30;
const CONFIDENCE = 0.95;
const MONTH_MS = Math.round((365.25 / 12) * 86_400_000);

/** Figures as numbers; null = cannot be said. */
export interface Recomputed {
  [name: string]: number | string | null;
}

interface Rate {
  estimate: number | null;
  low: number | null;
  high: number | null;
}

const none: Rate = { estimate: null, low: null, high: null };

function merged(all: readonly Counts[]): Counts {
  const sum = new Counts();
  for (const one of all) {
    for (const name of [
      'decisions',
      'automated',
      'review',
      'waiting',
      'audited',
      'wrong',
      'withoutLane',
      'labels',
    ] as const) {
      sum[name] += one[name];
    }
    for (const name of ['verdicts', 'seconds', 'untimed'] as const) {
      sum[name].reviewer += one[name].reviewer;
      sum[name].audit += one[name].audit;
    }
    for (const [currency, { own, hosted }] of one.cost) {
      const cost = sum.cost.get(currency) ?? { own: 0, hosted: 0 };
      sum.cost.set(currency, { own: cost.own + own, hosted: cost.hosted + hosted });
    }
    for (const [probability, { decisions, right, wrong }] of one.lanes) {
      const lane = sum.lane(probability);
      lane.decisions += decisions;
      lane.right += right;
      lane.wrong += wrong;
    }
  }
  return sum;
}

function rateOf(counts: Counts, confidence = CONFIDENCE): Rate {
  if (counts.automated === 0 || counts.audited < FEWEST_AUDITS) return none;
  const groups: AuditCounts[] = [...counts.lanes]
    .map(([probability, { right, wrong }]) => ({ probability, right, wrong }))
    .sort((a, b) => a.probability - b.probability);
  const { low, high } = errorInterval(groups, confidence);
  const blind = counts.withoutLane / counts.automated;
  return { estimate: ratioEstimate(groups), low: low * (1 - blind), high: high * (1 - blind) + blind };
}

/** One task's share of a set of decisions, with the rates that its errors are priced at. */
interface Share {
  counts: Counts;
  economics: Economics;
  rate: Rate;
  bounds: Rate;
  months: number;
}

const byHandOf = (counts: Counts) => Math.max(counts.waiting, counts.review - counts.verdicts.reviewer, 0);

/** Every figure of a set of decisions under the names that a report has them, joined by dots. */
function figuresOf(shares: readonly Share[], evidence?: Rate): Recomputed {
  const all = merged(shares.map(({ counts }) => counts));
  const error = rateOf(all);
  const per = (part: number) => (all.decisions === 0 ? null : part / all.decisions);
  const sum = (of: (share: Share) => number) => shares.reduce((total, share) => total + of(share), 0);
  const unmeasured = (counts: Counts) => counts.untimed.reviewer + byHandOf(counts);
  const figures: Recomputed = {
    decisions: all.decisions,
    automated: all.automated,
    automation_rate: per(all.automated),
    human_touch_rate: per(all.review + all.audited),
    'error_rate.estimate': error.estimate,
    'error_rate.low': error.low,
    'error_rate.high': error.high,
    'error_rate.audited': all.audited,
    'error_rate.wrong': all.wrong,
    'cost.reviewer_minutes': sum(
      ({ counts, economics: e }) => counts.seconds.reviewer / 60 + unmeasured(counts) * e.minutes_per_item,
    ),
    'cost.audit_minutes': sum(
      ({ counts, economics: e }) => counts.seconds.audit / 60 + counts.untimed.audit * e.minutes_per_item,
    ),
    'work.verdicts': all.verdicts.reviewer,
    'work.verdicts_without_time': all.untimed.reviewer,
    'work.waiting': all.waiting,
    'work.by_hand': sum(({ counts }) => byHandOf(counts)),
    'work.audit_verdicts': all.verdicts.audit,
    'work.audit_verdicts_without_time': all.untimed.audit,
    'baseline.minutes': sum(({ counts, economics: e }) => counts.decisions * e.minutes_per_item),
  };
  return { ...figures, ...moneyOf(shares, all, evidence ?? error) };
}

function moneyOf(shares: readonly Share[], all: Counts, evidence: Rate): Recomputed {
  const names = ['model', 'api', 'reviewer', 'audit', 'infrastructure', 'errors', 'total'];
  const unknown: Recomputed = Object.fromEntries(names.map((name) => [`cost.${name}`, null]));
  const noSavings: Recomputed = Object.fromEntries(
    ['amount', 'rate', 'low', 'high', 'amount_low', 'amount_high'].map((name) => [`savings.${name}`, null]),
  );
  const currencies = new Set(shares.map(({ economics }) => economics.currency));
  if (currencies.size !== 1) return { currency: null, ...unknown, 'baseline.cost': null, ...noSavings };
  const [currency] = currencies as unknown as [string];
  const sum = (of: (share: Share) => number) => shares.reduce((total, share) => total + of(share), 0);
  const errorsAt = (of: (share: Share) => number | null) => {
    let total = 0;
    for (const share of shares) {
      const exposed = share.counts.automated * Number(share.economics.cost_of_error);
      const rate = of(share);
      if (exposed === 0) continue;
      if (rate === null) return null;
      total += (exposed * Math.round(rate * 1e9)) / 1e9;
    }
    return total;
  };
  const minute = (economics: Economics) => Number(economics.cost_per_hour) / 60;
  const costs = {
    model: sum(({ counts }) => counts.cost.get(currency)?.own ?? 0),
    api: sum(({ counts }) => counts.cost.get(currency)?.hosted ?? 0),
    reviewer: sum(
      ({ counts, economics: e }) =>
        (counts.seconds.reviewer / 60 + (counts.untimed.reviewer + byHandOf(counts)) * e.minutes_per_item) * minute(e),
    ),
    audit: sum(
      ({ counts, economics: e }) => (counts.seconds.audit / 60 + counts.untimed.audit * e.minutes_per_item) * minute(e),
    ),
    infrastructure: sum(({ economics: e, months }) => Number(e.infrastructure_per_month) * months),
  };
  const baseline = sum(({ counts, economics: e }) => counts.decisions * e.minutes_per_item * minute(e));
  const errors = errorsAt(({ rate }) => rate.estimate);
  const named: Recomputed = Object.fromEntries(Object.entries(costs).map(([name, cost]) => [`cost.${name}`, cost]));
  const known: Recomputed = { currency, ...unknown, ...named, 'cost.errors': errors, 'baseline.cost': baseline };
  const foreign = [...all.cost.keys()].some((other) => other !== currency);
  if (foreign || errors === null)
    return { ...known, ...(foreign ? { 'cost.model': null, 'cost.api': null } : {}), ...noSavings };
  const before = Object.values(costs).reduce((total, cost) => total + cost, 0);
  const thin = all.automated > 0 && evidence.low === null;
  const saved = (at: number | null) => (at === null ? null : baseline - before - at);
  const low = thin ? null : saved(errorsAt(({ bounds }) => bounds.high));
  const high = thin ? null : saved(errorsAt(({ bounds }) => bounds.low));
  const share = (amount: number | null) => (amount === null || baseline === 0 ? null : amount / baseline);
  const amount = saved(errors);
  return {
    ...known,
    'cost.total': before + errors,
    'savings.amount': amount,
    'savings.rate': share(amount),
    'savings.low': share(low),
    'savings.high': share(high),
    'savings.amount_low': low,
    'savings.amount_high': high,
  };
}

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** The start of the hour, day, week (from Monday) or month that holds a moment, in UTC. */
export function startOf(at: number, bucket: ValueReport['bucket']): number {
  const time = new Date(at);
  if (bucket === 'month') return Date.UTC(time.getUTCFullYear(), time.getUTCMonth(), 1);
  if (bucket === 'hour') return at - (((at % HOUR) + HOUR) % HOUR);
  const midnight = at - (((at % DAY) + DAY) % DAY);
  return bucket === 'day' ? midnight : midnight - ((time.getUTCDay() + 6) % 7) * DAY;
}

function endOf(start: number, bucket: ValueReport['bucket']): number {
  const time = new Date(start);
  if (bucket === 'month') return Date.UTC(time.getUTCFullYear(), time.getUTCMonth() + 1, 1);
  return start + (bucket === 'hour' ? HOUR : bucket === 'day' ? DAY : 7 * DAY);
}

export interface RecomputedReport {
  total: Recomputed;
  tasks: Map<string, Recomputed>;
  /** By the start of the stretch of time. */
  buckets: Map<number, Recomputed>;
  currencies: Map<string, Recomputed>;
  rows: number;
  auditsExpected: number;
}

/** Every figure of a report, from counted rows and the prices that the report states. */
export function recompute(
  cells: ReadonlyMap<string, ReadonlyMap<number, Counts>>,
  report: ValueReport,
): RecomputedReport {
  const [from, to] = [Date.parse(report.from), Date.parse(report.to)];
  const end = Math.min(to, Math.max(from, Date.parse(report.generated_at)));
  const months = (start: number, stop: number) => Math.max(0, Math.min(stop, end) - start) / MONTH_MS;
  const tasks = report.tasks.map(({ task_id: id, economics }) => ({
    id,
    economics,
    counts: merged([...(cells.get(id)?.values() ?? [])]),
  }));
  const exposed = tasks.filter(({ counts, economics }) => counts.automated > 0 && Number(economics.cost_of_error) > 0);
  const together = 1 - (1 - CONFIDENCE) / Math.max(1, exposed.length);
  const shares: Share[] = tasks.map(({ counts, economics }) => ({
    counts,
    economics,
    rate: rateOf(counts),
    bounds: rateOf(counts, together),
    months: months(from, to),
  }));
  const total = figuresOf(shares);
  const all = merged(shares.map(({ counts }) => counts));
  const starts = new Set([...cells.values()].flatMap((buckets) => [...buckets.keys()]));
  const overall = rateOf(all);
  const buckets = new Map(
    [...starts].map((start): [number, Recomputed] => {
      const [first, last] = [Math.max(start, from), Math.min(endOf(start, report.bucket), to)];
      const own = tasks.flatMap(({ id }, at) => {
        const counts = cells.get(id)?.get(start);
        return counts === undefined ? [] : [{ ...shares[at]!, counts, months: months(first, last) }];
      });
      return [first, figuresOf(own, overall)];
    }),
  );
  const currencies = [...new Set(tasks.map(({ economics }) => economics.currency))];
  return {
    total,
    tasks: new Map(tasks.map(({ id }, at) => [id, figuresOf([{ ...shares[at]!, bounds: shares[at]!.rate }])])),
    buckets,
    currencies: new Map(
      currencies.map((currency) => [currency, figuresOf(shares.filter((one) => one.economics.currency === currency))]),
    ),
    rows: all.decisions + all.labels,
    auditsExpected: [...all.lanes].reduce((sum, [probability, { decisions }]) => sum + probability * decisions, 0),
  };
}
