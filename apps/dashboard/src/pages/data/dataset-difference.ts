import type { DatasetVersion } from '@understudy/client';

export interface CountChange {
  name: string;
  before: number;
  after: number;
}

const merge = (
  before: readonly { name: string; rows: number }[],
  after: readonly { name: string; rows: number }[],
): CountChange[] => {
  const rows = new Map<string, CountChange>();
  for (const { name, rows: count } of before) rows.set(name, { name, before: count, after: 0 });
  for (const { name, rows: count } of after) {
    const row = rows.get(name);
    if (row === undefined) rows.set(name, { name, before: 0, after: count });
    else row.after = count;
  }
  return [...rows.values()];
};

const bySize = (a: CountChange, b: CountChange) =>
  Math.abs(b.after - b.before) - Math.abs(a.after - a.before) || a.name.localeCompare(b.name);

/** What two versions hold, label by label and source by source, the largest change first. */
export function difference(before: DatasetVersion, after: DatasetVersion) {
  return {
    totals: [
      { name: 'Examples', before: before.rows, after: after.rows },
      { name: 'Groups', before: before.groups, after: after.groups },
      { name: 'With another label elsewhere', before: before.conflicts, after: after.conflicts },
    ],
    labels: merge(before.labels, after.labels).sort(bySize),
    sources: merge(before.sources, after.sources).sort(bySize),
  };
}

/** The first characters of a dataset’s id, for people; the server names downloads by the same. */
export const shortId = (id: string) => id.replace(/^sha256:/, '').slice(0, 12);
