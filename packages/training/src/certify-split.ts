import { keyedDraw } from './fingerprint.ts';

/** What decides where a row goes. */
export interface SplitRow {
  label: number;
  /** The group's number or name within this dataset version. */
  group: string;
  fingerprint: number;
  /** Milliseconds since the epoch; null where the row does not say. */
  occurredAt: number | null;
}

/** Groups of a label that are always fitted on: a label that cannot be learnt cannot be certified either. */
const KEPT_GROUPS = 2;
/** Share of rows that must say when they are from, for a split by time. */
const DATED = 0.95;

/**
 * Share of the rows that certify. Fewer make the test too weak, more make the model worse; where the two balance falls
 * with the fourth root of the rows (measured: docs of the room). Very small data cannot be certified anyway.
 */
export function certifyShare(rows: number): number {
  return rows < 200 ? 0.15 : Math.min(0.3, 1.5 / rows ** 0.25, 50_000 / rows);
}

/** Of the rows that were planned to certify, the least that a split by time must find. */
const ENOUGH = 0.5;

/**
 * Which rows certify, as whole groups. Where (nearly) all rows are dated: the newest, as the rows to come will be newer
 * still. Otherwise those with the lowest draw, keyed by the task and a text of the group, so that a row keeps its part
 * as the data grows, whatever the seed of the run.
 *
 * Where the same subjects go on writing, few groups are new as a whole, and a split by time would leave (nearly) nothing
 * to certify on: then the draw decides there, too, and `byTime` is false.
 */
export function assignCertify(rows: readonly SplitRow[], key: string): { certify: boolean[]; byTime: boolean } {
  const share = certifyShare(rows.length);
  const cutoff = timeCutoff(rows, share);
  if (cutoff !== null) {
    const certify = assign(rows, key, share, cutoff);
    const found = certify.reduce((count, own) => count + Number(own), 0);
    if (found >= ENOUGH * share * rows.length) return { certify, byTime: true };
  }
  return { certify: assign(rows, key, share, null), byTime: false };
}

function assign(rows: readonly SplitRow[], key: string, share: number, cutoff: number | null): boolean[] {
  const groups = new Map<string, Group>();
  const names = rows.map((row) => {
    let group = groups.get(row.group);
    if (group === undefined) {
      group = { fingerprint: row.fingerprint, oldest: Number.POSITIVE_INFINITY, label: row.label, rank: 0 };
      groups.set(row.group, group);
    }
    // The least fingerprint names a group whose number changes from one version to the next.
    group.fingerprint = Math.min(group.fingerprint, row.fingerprint);
    group.oldest = Math.min(group.oldest, row.occurredAt ?? Number.NEGATIVE_INFINITY);
    return group;
  });
  // Ranks below `share` certify; the lowest first where a label has few groups.
  for (const group of groups.values()) {
    group.rank = cutoff === null ? keyedDraw(key, group.fingerprint) : group.oldest >= cutoff ? share / 2 : 1;
  }
  const byLabel = Map.groupBy(groups.values(), ({ label }) => label);
  const chosen = new Set<Group>();
  for (const own of byLabel.values()) {
    const able = own
      .filter(({ rank }) => rank < share)
      .sort((a, b) => a.rank - b.rank || a.fingerprint - b.fingerprint);
    for (const group of able.slice(0, Math.max(0, own.length - KEPT_GROUPS))) chosen.add(group);
  }
  return names.map((group) => chosen.has(group));
}

interface Group {
  fingerprint: number;
  oldest: number;
  /** Of its first row. */
  label: number;
  rank: number;
}

/** The moment after which the newest `share` of the rows lies; null where too few rows are dated, or all alike. */
function timeCutoff(rows: readonly SplitRow[], share: number): number | null {
  const times = rows.flatMap(({ occurredAt }) => (occurredAt === null ? [] : [occurredAt])).sort((a, b) => a - b);
  if (times.length < DATED * rows.length || times.length === 0) return null;
  const cutoff = times[Math.floor(times.length * (1 - share))]!;
  return times[0]! < cutoff ? cutoff : null;
}
