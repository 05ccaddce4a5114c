import { hajekError, weightedErrorIntervalOfCounts } from '@understudy/statistics';
import { auditedOf, type Tally } from './tally.ts';

/** With fewer audits than this a rate is noise: it is not given. */
export const FEWEST_AUDITS = 30;
export const CONFIDENCE = 0.95;

/** The share of automated decisions that were wrong. Null members: too little evidence, `note` says what is missing. */
export interface ErrorRate {
  estimate: number | null;
  low: number | null;
  high: number | null;
  audited: number;
  wrong: number;
  note: string | null;
}

/**
 * Hájek's ratio estimate over the audited decisions, each weighted by 1/probability, with an exact Clopper–Pearson
 * interval (equal probabilities) or a betting interval (unequal; Waudby-Smith & Ramdas 2023). Decisions that were made
 * while no audit lane ran widen the interval by the whole of their share: each of them may be right or wrong.
 */
export function errorRateOf(tallies: readonly Tally[], confidence = CONFIDENCE): ErrorRate {
  const lanes = tallies.flatMap((tally) => [...tally.lanes.values()]);
  const counts = new Map<number, { probability: number; right: number; wrong: number }>();
  for (const { probability, right, wrong } of lanes) {
    const sum = counts.get(probability) ?? { probability, right: 0, wrong: 0 };
    counts.set(probability, { probability, right: sum.right + right, wrong: sum.wrong + wrong });
  }
  const groups = [...counts.values()].sort((a, b) => a.probability - b.probability);
  const audited = tallies.reduce((sum, tally) => sum + auditedOf(tally), 0);
  const wrong = groups.reduce((sum, group) => sum + group.wrong, 0);
  const automated = tallies.reduce((sum, tally) => sum + tally.automated, 0);
  const unaudited = tallies.reduce((sum, tally) => sum + tally.unaudited, 0);
  const nothing = { estimate: null, low: null, high: null, audited, wrong };
  if (automated === 0) return { ...nothing, note: 'Nothing was automated.' };
  if (audited < FEWEST_AUDITS) {
    const counted = audited === 1 ? '1 automated decision was' : `${audited} automated decisions were`;
    return { ...nothing, note: `Too little evidence: ${counted} audited, ${FEWEST_AUDITS} are needed.` };
  }
  const estimate = hajekError(groups)!.error;
  const { low, high } = weightedErrorIntervalOfCounts(groups, confidence);
  const known = (automated - unaudited) / automated;
  const note =
    unaudited === 0
      ? null
      : `${unaudited} of ${automated} automated decisions were made while no audit ran; the interval allows for each of them being wrong.`;
  return { estimate, low: low * known, high: high * known + (1 - known), audited, wrong, note };
}
