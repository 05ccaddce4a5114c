import type { LabelCounts } from '@understudy/ledger';
import { type Estimated, type EstimateOptions, knownShare, METHODS, weightedShare } from './audited-error.ts';

export interface LabelFigures {
  label: string;
  precision: Estimated;
  recall: Estimated;
  f1: Estimated;
  /** Of the automated answers alone. */
  automatedPrecision: Estimated;
  answered: number;
  automated: number;
  known: number;
}

/** A number of decisions and the share of them that counts. */
interface Part {
  decisions: number;
  share: Estimated;
}

type Cell = LabelCounts['truth'][number];

const total = (rows: readonly { decisions: number }[]): number => rows.reduce((sum, row) => sum + row.decisions, 0);

/**
 * Precision, recall and F1 of the model's word for one label, over all decisions on which a model said something:
 * its automated answers, known from the audits weighted by 1/π, and its suggestions, known from the reviews. So recall
 * counts what automation let through.
 *
 * Each figure rises or falls with the shares of up to four parts (automated or reviewed; answered with the label or
 * not), each with an interval of its own at α divided by the number of uncertain parts (Bonferroni): the figure's
 * interval covers at least as often as stated.
 */
export function labelQuality(counts: LabelCounts, label: string, options: EstimateOptions): LabelFigures {
  const suggested = counts.review.filter((row) => row.label !== null);
  const own = {
    automated: counts.automated.filter((row) => row.label === label),
    review: suggested.filter((row) => row.label === label),
  };
  const others = {
    automated: counts.automated.filter((row) => row.label !== label),
    review: suggested.filter((row) => row.label !== label),
  };
  const audited = counts.truth.filter(({ lane }) => lane === 'audited');
  const reviewed = counts.truth.filter(({ lane, answered }) => lane === 'reviewed' && answered !== null);
  const answers = (cells: readonly Cell[], same: boolean) =>
    cells.filter(({ answered }) => (answered === label) === same);
  const isOther = ({ truth }: Cell) => truth !== label;
  const isThis = ({ truth }: Cell) => truth === label;

  const uncertain = Number(total(own.automated) > 0) + Number(total(own.review) > total(answers(reviewed, true)));
  const moreUncertain =
    uncertain + Number(total(others.automated) > 0) + Number(total(others.review) > total(answers(reviewed, false)));
  const shared = (parts: number) => ({
    ...options,
    confidence: 1 - (1 - options.confidence) / Math.max(1, parts),
  });
  const automatedPart = (rows: LabelCounts['automated'], same: boolean, is: (cell: Cell) => boolean, at: number) => ({
    decisions: total(rows),
    share: weightedShare(rows, answers(audited, same), is, shared(at)),
  });
  const reviewPart = (rows: typeof suggested, same: boolean, is: (cell: Cell) => boolean, at: number): Part => {
    const cells = answers(reviewed, same);
    const decisions = total(rows);
    return { decisions, share: knownShare(total(cells.filter(is)), total(cells), decisions, shared(at)) };
  };

  const wrong = (parts: number): Part[] => [
    automatedPart(own.automated, true, isOther, parts),
    reviewPart(own.review, true, isOther, parts),
  ];
  const missed = (parts: number): Part[] => [
    automatedPart(others.automated, false, isThis, parts),
    reviewPart(others.review, false, isThis, parts),
  ];
  const said = total(own.automated) + total(own.review);
  const falselySaid = wrong(moreUncertain);
  const missedAll = missed(moreUncertain);
  const errorAlone = weightedShare(own.automated, answers(audited, true), isOther, options);

  return {
    label,
    precision: figure(wrong(uncertain), [], (falsely) => (said === 0 ? null : 1 - falsely / said)),
    recall: figure(falselySaid, missedAll, (falsely, missing) => ratio(said - falsely, said - falsely + missing)),
    f1: figure(falselySaid, missedAll, (falsely, missing) =>
      ratio(2 * (said - falsely), 2 * (said - falsely) + falsely + missing),
    ),
    automatedPrecision: {
      estimate: errorAlone.estimate === null ? null : 1 - errorAlone.estimate,
      low: 1 - errorAlone.high,
      high: 1 - errorAlone.low,
      method: errorAlone.method,
    },
    answered: said,
    automated: total(own.automated),
    known: total([...audited, ...reviewed].filter(({ answered, truth }) => answered === label || truth === label)),
  };
}

const ratio = (part: number, whole: number): number | null => (whole <= 0 ? null : part / whole);

/** A figure that falls in both numbers, each the sum of parts; so its bounds lie where all parts are at theirs. */
function figure(
  falsely: readonly Part[],
  missing: readonly Part[],
  of: (falsely: number, missing: number) => number | null,
): Estimated {
  const used = [...falsely, ...missing].filter(({ decisions }) => decisions > 0);
  const at = (parts: readonly Part[], bound: 'low' | 'high' | 'estimate') =>
    parts.reduce((sum, { decisions, share }) => sum + (decisions === 0 ? 0 : decisions * (share[bound] ?? 0)), 0);
  const known = used.length > 0 && used.every(({ share }) => share.estimate !== null);
  const estimate = known ? of(at(falsely, 'estimate'), at(missing, 'estimate')) : null;
  const methods = new Set(used.map(({ share }) => share.method));
  if (methods.size > 1) methods.delete(METHODS.all);
  return {
    estimate,
    low: of(at(falsely, 'high'), at(missing, 'high')) ?? 0,
    high: of(at(falsely, 'low'), at(missing, 'low')) ?? 1,
    method: methods.size === 0 ? METHODS.none : [...methods].sort().join('; '),
  };
}
