import {
  type CheckQuality,
  clopperPearson,
  dawidSkene,
  fisherGreater,
  krippendorffAlpha,
} from '@understudy/statistics';
import type { Verdict } from './item.ts';
import type { ReviewStore } from './ports.ts';

/** Figures look back this far, over at most so many verdicts. */
export const FIGURE_DAYS = 90;
const MOST_VERDICTS = 50_000;

/** Fewer than these say nothing about a reviewer. */
const LEAST_VERDICTS = 20;
/** A flag accuses somebody: it is raised only where chance would raise it once in a thousand. */
const FLAG_P = 0.001;
/** A difference that chance does not explain may still be too small to matter. */
const WORTH_SAYING = 0.1;
const GOOD_GOLD_ACCURACY = 0.9;
const FAST_SECONDS = 2;

/** count of n with its exact 95 % interval. */
export interface Share {
  n: number;
  count: number;
  rate: number | null;
  low: number | null;
  high: number | null;
}

export type Flag = 'confirms_suggestions' | 'low_gold_accuracy' | 'low_agreement' | 'implausibly_fast';

export interface ReviewerFigures {
  reviewer: string;
  verdicts: number;
  minutes: number;
  medianSeconds: number;
  lastVerdictAt: number;
  gold: Share;
  agreement: Share;
  confirmation: { shown: Share; blind: Share; pValue: number | null };
  estimatedAccuracy: number | null;
  flags: Flag[];
}

export interface AgreementFigures {
  items: number;
  alpha: number | null;
  agreement: Share;
  confusions: { first: string; second: string; count: number }[];
  reviewers: {
    reviewer: string;
    opinions: number;
    estimatedAccuracy: number;
    confusion: { truth: string; answered: string; probability: number }[];
  }[];
}

export class Figures {
  readonly #store: ReviewStore;

  constructor(ports: { store: ReviewStore }) {
    this.#store = ports.store;
  }

  async reviewers(workspace: string, task: string | null): Promise<{ data: ReviewerFigures[]; since: number }> {
    const { verdicts, since } = await this.#store.verdicts(workspace, {
      task,
      days: FIGURE_DAYS,
      limit: MOST_VERDICTS,
    });
    return { data: reviewerFigures(verdicts), since };
  }

  /** What corrects an audited error of the task for the errors of its reviewers. */
  async quality(workspace: string, task: string, labels: readonly string[]): Promise<CheckQuality> {
    const { verdicts } = await this.#store.verdicts(workspace, { task, days: FIGURE_DAYS, limit: MOST_VERDICTS });
    return checkQuality(verdicts, labels);
  }

  async agreement(workspace: string, task: string): Promise<AgreementFigures & { since: number }> {
    const { verdicts, since } = await this.#store.verdicts(workspace, {
      task,
      days: FIGURE_DAYS,
      limit: MOST_VERDICTS,
    });
    return { ...agreementFigures(verdicts), since };
  }
}

/**
 * How reliably blind reviewing tells right from wrong, from gold items: what corrects an audited error for the reviewers'
 * own errors. A right answer is confirmed by whoever gives the known label. For a wrong one, a label is taken that is
 * not the known one, evenly among `labels`: whoever does not give just that label would have caught it.
 */
export function checkQuality(verdicts: readonly Verdict[], labels: readonly string[]): CheckQuality {
  const quality = { caught: 0, wrong: 0, confirmed: 0, right: 0 };
  let turn = 0;
  for (const { gold, label } of verdicts) {
    if (gold === null) continue;
    quality.right++;
    if (label === gold.truth) quality.confirmed++;
    const others = labels.filter((other) => other !== gold.truth);
    if (others.length === 0) continue;
    quality.wrong++;
    if (label !== others[turn++ % others.length]) quality.caught++;
  }
  return quality;
}

export function shareOf(count: number, n: number): Share {
  if (n === 0) return { n, count, rate: null, low: null, high: null };
  return { n, count, rate: count / n, ...clopperPearson(count, n, 0.95) };
}

/** Independent opinions on one item in one round; a lead who decides between them is not one of them. */
function opinionsOf(verdicts: readonly Verdict[]): Verdict[][] {
  const units = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    if (verdict.deciding || verdict.gold !== null) continue;
    const unit = `${verdict.item} ${verdict.round}`;
    const said = units.get(unit);
    if (said === undefined) units.set(unit, [verdict]);
    else said.push(verdict);
  }
  return [...units.values()];
}

/** Dawid–Skene over items with several opinions, and gold items, whose truth is known. */
function modelOf(verdicts: readonly Verdict[], units: readonly Verdict[][]) {
  const truth = new Map<string, string>();
  const ratings = units
    .filter((unit) => unit.length > 1)
    .flat()
    .map((verdict) => ({ item: `${verdict.item} ${verdict.round}`, rater: verdict.reviewer, label: verdict.label }));
  for (const verdict of verdicts) {
    if (verdict.gold === null) continue;
    truth.set(verdict.item, verdict.gold.truth);
    ratings.push({ item: verdict.item, rater: verdict.reviewer, label: verdict.label });
  }
  return dawidSkene(ratings, { truth });
}

interface Errors {
  n: number;
  /** Expected number of wrong answers, to the next whole one. */
  wrong: number;
}

/** How often each reviewer was wrong, as far as other opinions and gold tell. */
function errorsOf(model: ReturnType<typeof modelOf>, verdicts: readonly Verdict[]): Map<string, Errors> {
  const index = new Map(model.labels.map((label, i) => [label, i]));
  const errors = new Map<string, Errors>();
  for (const verdict of verdicts) {
    const truths = model.truths.get(verdict.gold === null ? `${verdict.item} ${verdict.round}` : verdict.item);
    if (truths === undefined || verdict.deciding) continue;
    const own = errors.get(verdict.reviewer) ?? { n: 0, wrong: 0 };
    own.n++;
    own.wrong += 1 - truths[index.get(verdict.label)!]!;
    errors.set(verdict.reviewer, own);
  }
  for (const own of errors.values()) own.wrong = Math.round(own.wrong);
  return errors;
}

/** The errors of the better half of the reviewers: what one who errs more is held against. */
function betterHalf(errors: ReadonlyMap<string, Errors>): Errors {
  const ranked = [...errors.values()].sort((a, b) => a.wrong / a.n - b.wrong / b.n);
  const best = ranked.slice(0, Math.ceil(ranked.length / 2));
  return {
    n: best.reduce((sum, { n }) => sum + n, 0),
    wrong: best.reduce((sum, { wrong }) => sum + wrong, 0),
  };
}

/** Each reviewer's figures, busiest first. Pure: from verdicts alone. */
export function reviewerFigures(verdicts: readonly Verdict[]): ReviewerFigures[] {
  const units = opinionsOf(verdicts);
  const model = modelOf(verdicts, units);
  const agreed = new Map<string, { n: number; count: number }>();
  for (const unit of units) {
    for (const one of unit) {
      for (const other of unit) {
        if (one.reviewer === other.reviewer) continue;
        const tally = agreed.get(one.reviewer) ?? { n: 0, count: 0 };
        tally.n++;
        if (one.label === other.label) tally.count++;
        agreed.set(one.reviewer, tally);
      }
    }
  }
  const byReviewer = new Map<string, Verdict[]>();
  for (const verdict of verdicts) {
    const own = byReviewer.get(verdict.reviewer);
    if (own === undefined) byReviewer.set(verdict.reviewer, [verdict]);
    else own.push(verdict);
  }
  const errors = errorsOf(model, verdicts);
  const usual = betterHalf(errors);
  const everybody = median(verdicts.map(({ seconds }) => seconds)) ?? 0;
  return [...byReviewer]
    .map(([reviewer, own]): ReviewerFigures => {
      const tested = own.filter(({ gold }) => gold !== null);
      const gold = shareOf(tested.filter((one) => one.label === one.gold!.truth).length, tested.length);
      const suggested = own.filter(({ shown }) => shown !== null);
      const shown = shareOf(suggested.filter((one) => one.label === one.shown).length, suggested.length);
      // Held against the own answers without a suggestion: another reviewer may simply be better or worse.
      const unseen = own.filter((one) => one.kind === 'review' && one.shown === null && one.modelLabel !== null);
      const blind = shareOf(unseen.filter(({ label, modelLabel }) => label === modelLabel).length, unseen.length);
      const pValue = shown.n === 0 || blind.n === 0 ? null : fisherGreater(shown.count, shown.n, blind.count, blind.n);
      const rated = model.raters.get(reviewer);
      const pairs = agreed.get(reviewer) ?? { n: 0, count: 0 };
      const figures = {
        reviewer,
        verdicts: own.length,
        minutes: own.reduce((sum, { seconds }) => sum + seconds, 0) / 60,
        medianSeconds: median(own.map(({ seconds }) => seconds))!,
        lastVerdictAt: Math.max(...own.map(({ at }) => at)),
        gold,
        agreement: shareOf(pairs.count, pairs.n),
        confirmation: { shown, blind, pValue },
        estimatedAccuracy: rated === undefined || rated.answers < LEAST_VERDICTS ? null : rated.accuracy,
      };
      const errs = errors.get(reviewer);
      const errsMore = errs !== undefined && fisherGreater(errs.wrong, errs.n, usual.wrong, usual.n) < FLAG_P;
      return { ...figures, flags: flagsOf(figures, errsMore, everybody) };
    })
    .sort((a, b) => b.verdicts - a.verdicts || (a.reviewer < b.reviewer ? -1 : 1));
}

function flagsOf(figures: Omit<ReviewerFigures, 'flags'>, errsMore: boolean, everybodysMedian: number): Flag[] {
  const flags: Flag[] = [];
  const { gold, confirmation, medianSeconds, verdicts } = figures;
  const { shown, blind, pValue } = confirmation;
  const lift = (shown.rate ?? 0) - (blind.rate ?? 0);
  if (shown.n >= LEAST_VERDICTS && pValue !== null && pValue < FLAG_P && lift >= WORTH_SAYING) {
    flags.push('confirms_suggestions');
  }
  if (gold.n > 0 && clopperPearson(gold.count, gold.n, 1 - 2 * FLAG_P).high < GOOD_GOLD_ACCURACY) {
    flags.push('low_gold_accuracy');
  }
  if (errsMore) flags.push('low_agreement');
  if (verdicts >= LEAST_VERDICTS && medianSeconds < FAST_SECONDS && medianSeconds < everybodysMedian / 4) {
    flags.push('implausibly_fast');
  }
  return flags;
}

/** How far reviewers agree, and where they do not. Pure: from verdicts alone. */
export function agreementFigures(verdicts: readonly Verdict[]): AgreementFigures {
  const units = opinionsOf(verdicts);
  const several = units.filter((unit) => unit.length > 1);
  const confusions = new Map<string, { first: string; second: string; count: number }>();
  let pairs = 0;
  let same = 0;
  for (const unit of several) {
    for (let i = 0; i < unit.length; i++) {
      for (let j = i + 1; j < unit.length; j++) {
        const [first, second] = [unit[i]!.label, unit[j]!.label].sort() as [string, string];
        pairs++;
        if (first === second) same++;
        else {
          const key = JSON.stringify([first, second]);
          const known = confusions.get(key) ?? { first, second, count: 0 };
          known.count++;
          confusions.set(key, known);
        }
      }
    }
  }
  const model = modelOf(verdicts, units);
  return {
    items: several.length,
    alpha: krippendorffAlpha(several.map((unit) => unit.map(({ label }) => label))),
    agreement: shareOf(same, pairs),
    confusions: [...confusions.values()].sort((a, b) => b.count - a.count).slice(0, 50),
    reviewers: [...model.raters]
      .map(([reviewer, { answers, accuracy, confusion }]) => ({
        reviewer,
        opinions: answers,
        estimatedAccuracy: accuracy,
        confusion: model.labels
          .flatMap((truth, t) =>
            model.labels.flatMap((answered, a) =>
              t === a ? [] : [{ truth, answered, probability: confusion[t]![a]! }],
            ),
          )
          .sort((a, b) => b.probability - a.probability)
          .slice(0, 20),
      }))
      .sort((a, b) => b.opinions - a.opinions || (a.reviewer < b.reviewer ? -1 : 1)),
  };
}

function median(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
