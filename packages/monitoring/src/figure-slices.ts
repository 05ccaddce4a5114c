import { CONFIDENCE_BANDS, type CountSet, type Figures, type LabelCounts, type ShapeCounts } from '@understudy/ledger';

/** The counts of several figures as one set. Rows of the same kind stay apart: whoever sums does not mind. */
export function setOf(figures: readonly Figures[]): CountSet {
  return {
    automated: figures.flatMap(({ automatedCounts }) => automatedCounts),
    review: figures.flatMap(({ reviewCounts }) => reviewCounts),
    truth: figures.flatMap(({ truth }) => truth),
  };
}

/** `0.90-0.92` */
export function bandName(band: number | null): string {
  if (band === null) return 'none';
  const edge = (value: number) => value.toFixed(3).replace(/0$/, '');
  return `${edge(CONFIDENCE_BANDS[band]!)}-${edge(CONFIDENCE_BANDS[band + 1] ?? 1)}`;
}

export interface NamedSet {
  key: string;
  set: CountSet;
}

/** By what was answered or suggested. */
export function byLabel(counts: LabelCounts): NamedSet[] {
  const sets = new Map<string, CountSet>();
  const of = (label: string | null): CountSet => {
    const key = label ?? '(no suggestion)';
    let set = sets.get(key);
    if (set === undefined) {
      set = { automated: [], review: [], truth: [] };
      sets.set(key, set);
    }
    return set;
  };
  for (const row of counts.automated) of(row.label).automated.push(row);
  for (const { label, decisions } of counts.review) of(label).review.push({ suggested: label !== null, decisions });
  for (const { answered, truth, ...cell } of counts.truth) {
    of(answered).truth.push({ ...cell, right: answered === null ? null : answered === truth });
  }
  return named(sets);
}

/** Why decisions were left to a person; beside them those that were not. */
export function byReason(shape: ShapeCounts, all: CountSet): NamedSet[] {
  const automated = {
    automated: all.automated,
    review: [],
    truth: all.truth.filter(({ outcome }) => outcome === 'automated'),
  };
  const reasons = shape.reasons.map(({ reason, ...set }) => ({ key: reason, set }));
  return automated.automated.length === 0 ? reasons : [{ key: '(automated)', set: automated }, ...reasons];
}

export function byBand(shape: ShapeCounts): NamedSet[] {
  return shape.bands.map(({ band, ...set }) => ({ key: bandName(band), set }));
}

const named = (sets: ReadonlyMap<string, CountSet>): NamedSet[] =>
  [...sets].sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, set]) => ({ key, set }));

export interface ConfusionCell {
  answered: string | null;
  truth: string;
  lane: 'audited' | 'reviewed';
  rows: number;
  decisions: number;
}

/** Wrong answers (audited, each row standing for those of its probability) and wrong suggestions; most frequent first. */
export function confusions(counts: LabelCounts, limit: number): ConfusionCell[] {
  const strata = new Map<number | null, { decisions: number; labelled: number }>();
  const stratum = (probability: number | null) => {
    let found = strata.get(probability);
    if (found === undefined) {
      found = { decisions: 0, labelled: 0 };
      strata.set(probability, found);
    }
    return found;
  };
  for (const { probability, decisions } of counts.automated) stratum(probability).decisions += decisions;
  for (const { lane, probability, decisions } of counts.truth) {
    if (lane === 'audited') stratum(probability).labelled += decisions;
  }
  const cells = new Map<string, ConfusionCell>();
  for (const { lane, answered, truth, probability, decisions } of counts.truth) {
    if ((lane !== 'audited' && lane !== 'reviewed') || answered === truth || answered === null) continue;
    const { decisions: all, labelled } = lane === 'audited' ? stratum(probability) : { decisions: 1, labelled: 1 };
    const place = JSON.stringify([lane, answered, truth]);
    const cell = cells.get(place) ?? { answered, truth, lane, rows: 0, decisions: 0 };
    cell.rows += decisions;
    cell.decisions += (decisions * all) / labelled;
    cells.set(place, cell);
  }
  return [...cells.values()]
    .sort((a, b) => b.decisions - a.decisions || ((a.answered ?? '') < (b.answered ?? '') ? -1 : 1))
    .slice(0, limit)
    .map((cell) => ({ ...cell, decisions: Math.round(cell.decisions * 10) / 10 }));
}

/** Decisions by confidence, in order; bands without any are left out. */
export function confidenceDistribution({ bands }: ShapeCounts) {
  const total = (rows: readonly { decisions: number }[]) => rows.reduce((sum, { decisions }) => sum + decisions, 0);
  return bands.flatMap(({ band, automated, review }) =>
    band === null
      ? []
      : {
          low: CONFIDENCE_BANDS[band]!,
          high: CONFIDENCE_BANDS[band + 1] ?? 1,
          automated: total(automated),
          review: total(review),
        },
  );
}
