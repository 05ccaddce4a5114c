import { hash } from 'node:crypto';

/** One labelled row as it comes from a dataset version. */
export interface LabelledRow {
  text: string;
  /** Index into the label list. */
  label: number;
  /** Rows of one group (same subject, same normalised text, near-duplicates) never straddle parts. */
  group: string;
}

/** Where a row goes: `holdout` rows evaluate and compare, and no trainer ever sees them. */
export type Part = 'holdout' | number;

export interface SplitPlan {
  folds: number;
  /** Share of the rows that is held out, before rounding to whole groups. */
  holdoutShare: number;
}

/** Rows to hold out: 10 %, of large data the root times five, which is all that evaluation can use. */
const HOLDOUT_SHARE = 0.1;

/** How a dataset of this size is split. Small data: fewer folds, so that each still has rows of most labels. */
export function planSplit(rows: number): SplitPlan {
  return {
    folds: rows < 50 ? 3 : rows < 200 ? 5 : 10,
    holdoutShare: Math.min(HOLDOUT_SHARE, 5 / Math.sqrt(rows)),
  };
}

/** A uniform number in [0, 1) from the seed and a group: the same whatever else is in the dataset. */
function keyed(seed: number, group: string): number {
  return hash('sha256', `${seed}\n${group}`, 'buffer').readUIntBE(0, 6) / 2 ** 48;
}

interface Group {
  rows: number[];
  order: number;
}

type Row = Pick<LabelledRow, 'label' | 'group'>;

/** The group's most frequent label; of equals the first. */
function labelOf(group: Group, rows: readonly Row[]): number {
  if (group.rows.length === 1) return rows[group.rows[0]!]!.label;
  const counts = new Map<number, number>();
  for (const index of group.rows) {
    const { label } = rows[index]!;
    counts.set(label, (counts.get(label) ?? 0) + 1);
  }
  let best = -1;
  for (const [label, count] of counts) {
    const most = counts.get(best) ?? 0;
    if (count > most || (count === most && label < best)) best = label;
  }
  return best;
}

/** Whole groups by label, each stratum in keyed random order, the strata in order of their label. */
function stratify(rows: readonly Row[], seed: number): Group[][] {
  const groups = new Map<string, Group>();
  for (const [index, row] of rows.entries()) {
    const group = groups.get(row.group);
    if (group === undefined) groups.set(row.group, { rows: [index], order: keyed(seed, row.group) });
    else group.rows.push(index);
  }
  const strata = new Map<number, Group[]>();
  for (const group of groups.values()) {
    const label = labelOf(group, rows);
    const stratum = strata.get(label);
    if (stratum === undefined) strata.set(label, [group]);
    else stratum.push(group);
  }
  return [...strata].sort((a, b) => a[0] - b[0]).map(([, stratum]) => stratum.sort((a, b) => a.order - b.order));
}

/** Groups of a label that are never held out: they are worth more in the fit than in the evaluation. */
const KEPT_GROUPS = 2;

/**
 * Assigns whole groups to the holdout or to a fold: stratified by label (a group counts for its most frequent
 * label), in keyed random order, so that each part gets its share of every label. Deterministic by seed.
 */
export function assignParts(rows: readonly Row[], plan: SplitPlan, seed: number): Part[] {
  const parts = new Array<Part>(rows.length);
  // Which fold the next group goes to, and what the holdout is still owed, run on across labels: so labels with few
  // groups do not all start at fold 0, and a thousand labels of a few rows each still give rows to evaluate on.
  let turn = 0;
  let owed = 0;
  for (const stratum of stratify(rows, seed)) {
    const spare = stratum.length - KEPT_GROUPS;
    if (spare > 0) owed += stratum.reduce((sum, group) => sum + group.rows.length, 0) * plan.holdoutShare;
    let heldGroups = 0;
    for (const group of stratum) {
      const hold = heldGroups < spare && group.rows.length / 2 <= owed;
      const part: Part = hold ? 'holdout' : turn++ % plan.folds;
      if (hold) {
        owed -= group.rows.length;
        heldGroups++;
      }
      for (const index of group.rows) parts[index] = part;
    }
    // What one label could not give (it is one large group) is not taken from the next.
    owed = Math.min(owed, 1);
  }
  return parts;
}
