import { createHash } from 'node:crypto';

/** One labelled row as it comes from a dataset version. */
export interface LabelledRow {
  text: string;
  /** Index into the label list. */
  label: number;
  /** Rows of one group (same subject, same normalised text, near-duplicates) never straddle parts. */
  group: string;
}

/** Where a row goes: `holdout` rows evaluate and certify, and no trainer ever sees them. */
export type Part = 'holdout' | number;

export interface SplitPlan {
  folds: number;
  /** Share of the rows that is held out, before rounding to whole groups. */
  holdoutShare: number;
}

/** Rows to hold out: 10 %, but no more than evaluation and certification can use. */
const HOLDOUT_SHARE = 0.1;
const HOLDOUT_MAX_ROWS = 5000;

/** How a dataset of this size is split. Small data: fewer folds, so that each still has rows of most labels. */
export function planSplit(rows: number): SplitPlan {
  return {
    folds: rows < 50 ? 3 : rows < 200 ? 5 : 10,
    holdoutShare: Math.min(HOLDOUT_SHARE, HOLDOUT_MAX_ROWS / rows),
  };
}

/** A uniform number in [0, 1) from the seed and a group: the same whatever else is in the dataset. */
function keyed(seed: number, group: string): number {
  const digest = createHash('sha256').update(`${seed}\n${group}`).digest();
  return digest.readUIntBE(0, 6) / 2 ** 48;
}

/**
 * Assigns whole groups to the holdout or to a fold: stratified by label (a group counts for its most frequent
 * label), in keyed random order, so that each part gets its share of every label. Deterministic by seed.
 */
export function assignParts(
  rows: readonly Pick<LabelledRow, 'label' | 'group'>[],
  plan: SplitPlan,
  seed: number,
): Part[] {
  const groups = new Map<string, { rows: number[]; labels: Map<number, number>; order: number }>();
  for (const [index, row] of rows.entries()) {
    let group = groups.get(row.group);
    if (group === undefined) {
      group = { rows: [], labels: new Map(), order: keyed(seed, row.group) };
      groups.set(row.group, group);
    }
    group.rows.push(index);
    group.labels.set(row.label, (group.labels.get(row.label) ?? 0) + 1);
  }
  const strata = new Map<number, { rows: number[]; order: number }[]>();
  for (const group of groups.values()) {
    const [[label]] = [...group.labels].sort((a, b) => b[1] - a[1] || a[0] - b[0]) as [[number, number]];
    const stratum = strata.get(label);
    if (stratum === undefined) strata.set(label, [group]);
    else stratum.push(group);
  }
  const parts = new Array<Part>(rows.length);
  // Which fold the next group goes to runs on across labels, so that labels with few groups do not all start at 0.
  let turn = 0;
  for (const stratum of [...strata.keys()].sort((a, b) => a - b).map((label) => strata.get(label)!)) {
    stratum.sort((a, b) => a.order - b.order);
    const total = stratum.reduce((sum, group) => sum + group.rows.length, 0);
    // A label's only group is worth more in the fit than in the evaluation.
    const wanted = stratum.length < 3 ? 0 : total * plan.holdoutShare;
    let held = 0;
    for (const group of stratum) {
      const hold = wanted >= 0.5 && held + group.rows.length / 2 <= wanted;
      const part: Part = hold ? 'holdout' : turn++ % plan.folds;
      if (hold) held += group.rows.length;
      for (const index of group.rows) parts[index] = part;
    }
  }
  return parts;
}
