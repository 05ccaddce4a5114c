import { CONFIDENCE, type ErrorRate, errorRateOf, FEWEST_AUDITS } from './error-rate.ts';
import { type Billionths, billionthsOf, divide, itemCost, portion, ratio, timeCost } from './money.ts';
import type { Economics, PricedTask } from './ports.ts';
import { auditedOf, byHandOf, type Tally } from './tally.ts';
import type { ReportBucket, Window } from './window.ts';

/** Months of 365.25 / 12 days, in ms. */
export const MONTH_MS = (365.25 / 12) * 86_400_000;

/** Decisions of one task, with the task's prices. */
export interface Part {
  tally: Tally;
  economics: Economics;
  /** Error rate that the part's errors are priced at: that of the task over the whole window. */
  rate: ErrorRate;
  /** The same at the confidence that a sum over several tasks needs. */
  bounds: ErrorRate;
  /** Milliseconds for which infrastructure is paid. */
  span: number;
}

/** Money is null where it cannot be said; `note` says why. */
export interface Money {
  currency: string | null;
  model: Billionths | null;
  api: Billionths | null;
  reviewer: Billionths | null;
  audit: Billionths | null;
  infrastructure: Billionths | null;
  errors: Billionths | null;
  total: Billionths | null;
  baseline: Billionths | null;
  savings: { amount: Billionths | null; low: Billionths | null; high: Billionths | null };
  rate: { estimate: number | null; low: number | null; high: number | null };
  note: string | null;
}

export interface Minutes {
  baseline: number;
  reviewer: number;
  audit: number;
}

interface Priced {
  model: Billionths;
  api: Billionths;
  reviewer: Billionths;
  audit: Billionths;
  infrastructure: Billionths;
  baseline: Billionths;
  errors: Billionths | null;
  errorsLow: Billionths | null;
  errorsHigh: Billionths | null;
  /** Currencies other than the task's in which decisions were charged. */
  foreign: string[];
}

/** Prices one task's decisions in its own currency. Throws `invalid_price`. */
function price({ tally, economics, rate, bounds, span }: Part): Priced {
  const hour = billionthsOf(economics.costPerHour);
  const minutes = billionthsOf(economics.minutesPerItem);
  const error = billionthsOf(economics.costOfError);
  const own = tally.cost.get(economics.currency) ?? { model: 0n, api: 0n };
  const exposed = BigInt(tally.automated) * error;
  const at = (share: number | null) => (exposed === 0n ? 0n : share === null ? null : portion(exposed, share));
  return {
    ...own,
    reviewer:
      timeCost(tally.milliseconds.reviewer, hour) +
      itemCost(BigInt(tally.untimed.reviewer + byHandOf(tally)), minutes, hour),
    audit: timeCost(tally.milliseconds.audit, hour) + itemCost(BigInt(tally.untimed.audit), minutes, hour),
    infrastructure: divide(
      billionthsOf(economics.infrastructurePerMonth) * BigInt(Math.round(span)),
      BigInt(Math.round(MONTH_MS)),
    ),
    baseline: itemCost(BigInt(tally.decisions), minutes, hour),
    errors: at(rate.estimate),
    errorsLow: at(bounds.low),
    errorsHigh: at(bounds.high),
    foreign: [...tally.cost].flatMap(([currency, { model, api }]) =>
      currency !== economics.currency && (model !== 0n || api !== 0n) ? [currency] : [],
    ),
  };
}

const unknownMoney: Omit<Money, 'note' | 'currency'> = {
  model: null,
  api: null,
  reviewer: null,
  audit: null,
  infrastructure: null,
  errors: null,
  total: null,
  baseline: null,
  savings: { amount: null, low: null, high: null },
  rate: { estimate: null, low: null, high: null },
};

/** What the parts cost together, against doing everything by hand. `evidence`: their error rate together. */
export function moneyOf(parts: readonly Part[], evidence: ErrorRate): Money {
  const currencies = [...new Set(parts.map(({ economics }) => economics.currency))];
  const [currency = null] = currencies;
  if (currency === null) return { ...unknownMoney, currency, note: 'There are no tasks.' };
  if (currencies.length > 1) {
    return { ...unknownMoney, currency: null, note: `The tasks are priced in ${currencies.sort().join(', ')}.` };
  }
  const priced = parts.map(price);
  const sum = (of: (one: Priced) => Billionths) => priced.reduce((total, one) => total + of(one), 0n);
  const sumOrNull = (of: (one: Priced) => Billionths | null) =>
    priced.reduce<Billionths | null>((total, one) => {
      const amount = of(one);
      return total === null || amount === null ? null : total + amount;
    }, 0n);
  const known = {
    model: sum((one) => one.model),
    api: sum((one) => one.api),
    reviewer: sum((one) => one.reviewer),
    audit: sum((one) => one.audit),
    infrastructure: sum((one) => one.infrastructure),
  };
  const baseline = sum((one) => one.baseline);
  const errors = sumOrNull((one) => one.errors);
  const foreign = [...new Set(priced.flatMap((one) => one.foreign))].sort();
  const nothing = { savings: unknownMoney.savings, rate: unknownMoney.rate };
  if (foreign.length > 0) {
    const note = `Some decisions were charged in ${foreign.join(', ')}, the task is priced in ${currency}: choose a window after the change.`;
    return { currency, ...known, model: null, api: null, errors, total: null, baseline, ...nothing, note };
  }
  const before = Object.values(known).reduce((total, one) => total + one, 0n);
  const total = errors === null ? null : before + errors;
  if (total === null) {
    const note = `Errors cost money, and too few automated decisions were audited to say how many there are (${FEWEST_AUDITS} a task).`;
    return { currency, ...known, errors, total, baseline, ...nothing, note };
  }
  const automated = parts.reduce((count, { tally }) => count + tally.automated, 0);
  const thin = automated > 0 && evidence.low === null;
  const low = thin
    ? null
    : minus(
        baseline - before,
        sumOrNull((one) => one.errorsHigh),
      );
  const high = thin
    ? null
    : minus(
        baseline - before,
        sumOrNull((one) => one.errorsLow),
      );
  const rateOf = (savings: Billionths | null) =>
    savings === null || baseline === 0n ? null : ratio(savings, baseline);
  return {
    currency,
    ...known,
    errors,
    total,
    baseline,
    savings: { amount: baseline - total, low, high },
    rate: { estimate: rateOf(baseline - total), low: rateOf(low), high: rateOf(high) },
    note:
      baseline === 0n
        ? 'Work by hand is priced at nothing, so there is nothing to save.'
        : thin
          ? `No interval: ${evidence.note}`
          : null,
  };
}

const minus = (from: Billionths, what: Billionths | null): Billionths | null => (what === null ? null : from - what);

export function minutesOf(parts: readonly Part[]): Minutes {
  const sum = (of: (part: Part) => number) => parts.reduce((total, part) => total + of(part), 0);
  return {
    baseline: sum(({ tally, economics }) => tally.decisions * economics.minutesPerItem),
    reviewer: sum(
      ({ tally, economics }) =>
        Number(tally.milliseconds.reviewer) / 60_000 +
        (tally.untimed.reviewer + byHandOf(tally)) * economics.minutesPerItem,
    ),
    audit: sum(
      ({ tally, economics }) =>
        Number(tally.milliseconds.audit) / 60_000 + tally.untimed.audit * economics.minutesPerItem,
    ),
  };
}

/** Error rates for pricing `tallies`, one a task: by itself, and at the confidence at which their sum holds. */
export function ratesOf(
  tallies: readonly { tally: Tally; economics: Economics }[],
): { rate: ErrorRate; bounds: ErrorRate }[] {
  const exposed = tallies.filter(
    ({ tally, economics }) => tally.automated > 0 && billionthsOf(economics.costOfError) > 0n,
  ).length;
  // Bonferroni: all intervals hold together with the stated confidence.
  const together = 1 - (1 - CONFIDENCE) / Math.max(1, exposed);
  return tallies.map(({ tally }) => ({
    rate: errorRateOf([tally]),
    bounds: errorRateOf([tally], together),
  }));
}

/** Counts that stand beside the money. */
export function countsOf(parts: readonly Part[]) {
  const sum = (of: (tally: Tally) => number) => parts.reduce((total, { tally }) => total + of(tally), 0);
  return {
    decisions: sum((tally) => tally.decisions),
    automated: sum((tally) => tally.automated),
    review: sum((tally) => tally.review),
    audited: sum(auditedOf),
    waiting: sum((tally) => tally.waiting),
    byHand: sum(byHandOf),
    verdicts: sum((tally) => tally.verdicts.reviewer),
    untimed: sum((tally) => tally.untimed.reviewer),
    auditVerdicts: sum((tally) => tally.verdicts.audit),
    auditUntimed: sum((tally) => tally.untimed.audit),
    labels: sum((tally) => tally.labels),
    auditsExpected: parts.reduce(
      (total, { tally }) =>
        total +
        [...tally.lanes.values()].reduce((more, { probability, decisions }) => more + probability * decisions, 0),
      0,
    ),
  };
}

/** The figures of a set of decisions. */
export interface ReportFigures {
  counts: ReturnType<typeof countsOf>;
  minutes: Minutes;
  error: ErrorRate;
  money: Money;
}

export interface Report {
  workspace: string;
  task: string | null;
  window: Window;
  bucket: ReportBucket;
  generatedAt: number;
  total: ReportFigures;
  /** The totals of each currency, when there are several. */
  currencies: { currency: string; money: Money }[];
  tasks: { task: PricedTask; figures: ReportFigures }[];
  buckets: { from: number; to: number; figures: ReportFigures }[];
  evidence: {
    /** Hexadecimal. */
    head: string;
    size: number;
    rows: number;
    decisionsWithoutTask: number;
    auditsExpected: number;
    audited: number;
  };
  notes: string[];
}
