import type { DatasetRow } from './dataset.ts';

/**
 * How a row of one dataset version stands in another. A row is the same one when it is of the same decision or, imported,
 * has the same text; of several, those with the same label are matched first.
 */
export type Change = 'relabelled' | 'added' | 'removed' | 'changed';

/** In the order in which rows are listed. `changed`: the same text and label, but something else about the row differs. */
export const CHANGES: readonly Change[] = ['relabelled', 'added', 'removed', 'changed'];

/** A row as one of the versions has it. */
export type RowSide = Omit<DatasetRow, 'text' | 'group' | 'conflict'>;

export interface RowDifference {
  change: Change;
  text: string;
  /** In the base; null = not there. */
  before: RowSide | null;
  after: RowSide | null;
}

export interface DifferenceSummary {
  relabelled: number;
  added: number;
  removed: number;
  changed: number;
  unchanged: number;
  /** Between which labels, the most first; at most 100 pairs. */
  relabellings: { from: string; to: string; rows: number }[];
}

/** Which differences are wanted. */
export interface DifferenceQuery {
  change?: Change;
  /** Only those after this one, in the order of the list. */
  after?: DifferencePlace;
  /** At most so many; absent = all. */
  limit?: number;
}

/** Where a row stands in the list: by kind of change, then by digest. */
export interface DifferencePlace {
  change: Change;
  digest: string;
}

export const placeOf = ({ change, before, after }: RowDifference): DifferencePlace => ({
  change,
  digest: (after ?? before)!.digest,
});
