import type { ScoredCertifyRow } from './scored-rows.ts';

/** How rows may be used, from the task. */
export interface SamplingRules {
  imports: 'random_sample' | 'excluded';
  /** Rows before this moment are out: older than the task's window, or from before a detected shift. */
  since: number | null;
  /** True when `since` is a shift: then a row that does not say when it is from is out as well. */
  sinceShift: boolean;
}

/** The rows that may carry a certificate, and what was left out. */
export interface EvidenceRows {
  rows: ScoredCertifyRow[];
  /** Declared to be random samples of the traffic, or labelled with one and the same probability. */
  uniform: boolean;
  minProbability: number;
  left: { unknownProbability: number; tooOld: number; sameGroup: number };
}

/**
 * Keeps what certifies: rows with a known probability, imports where they are declared a random sample of the traffic,
 * no row before `since`; and one row a group, its first, since rows of a group are wrong together and a test
 * that took them for independent would promise too much.
 */
export function evidenceRows(all: readonly ScoredCertifyRow[], rules: SamplingRules): EvidenceRows {
  const left = { unknownProbability: 0, tooOld: 0, sameGroup: 0 };
  const kept: ScoredCertifyRow[] = [];
  const groups = new Set<number>();
  let min = 1;
  let uniform = true;
  let first: number | null = null;
  for (const row of all) {
    if (rules.since !== null && (row.occurredAt === null ? rules.sinceShift : row.occurredAt < rules.since)) {
      left.tooOld++;
      continue;
    }
    const sampled = row.probability !== null || (row.source === 'import' && rules.imports === 'random_sample');
    if (!sampled || (row.probability !== null && !(row.probability > 0))) {
      left.unknownProbability++;
      continue;
    }
    if (groups.has(row.group)) {
      left.sameGroup++;
      continue;
    }
    groups.add(row.group);
    kept.push(row);
    // An import stands for the traffic as a whole, whatever share of it was taken.
    if (row.probability === null) continue;
    min = Math.min(min, row.probability);
    first ??= row.probability;
    if (row.probability !== first) uniform = false;
  }
  return { rows: kept, uniform, minProbability: min, left };
}

/**
 * A sample of one probability for all: each row of a larger one is kept with minProbability / probability, by a hash of
 * its group, which nobody chooses. What remains is a random sample of the traffic, for which exact tests hold.
 */
export function thinned({ rows, minProbability }: EvidenceRows): ScoredCertifyRow[] {
  return rows.filter(
    ({ probability, group }) => probability === null || scramble(group) < minProbability / probability,
  );
}

/** A number in [0, 1) from a group's 48 bits (the finaliser of SplitMix64, by halves). */
function scramble(group: number): number {
  let x = (group % 2 ** 32) ^ (Math.floor(group / 2 ** 32) * 0x9e3779b1);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return ((x ^ (x >>> 16)) >>> 0) / 2 ** 32;
}
