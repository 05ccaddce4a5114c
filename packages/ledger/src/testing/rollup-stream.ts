import type { RecordedLabel } from '../decision-view.ts';
import type { LabelEntry, LedgerEntry } from '../entry.ts';
import type { Ledger } from '../ledger.ts';
import { bucketEnd, bucketStart } from '../rollup/buckets.ts';
import { bandOf, type CountSet, type Figures, type FiguresQuery, latencyBin } from '../rollup/figures.ts';
import { truthOf } from '../truth.ts';
import { exampleDecision, exampleLabel, exampleReview } from './example-entries.ts';

export const STREAM_FROM = Date.UTC(2031, 0, 29);
export const STREAM_TO = Date.UTC(2031, 2, 3);

/** Repeatable numbers in [0, 1) (mulberry32). */
function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const LABELS = ['ok', 'spam', 'toxic'];

/**
 * Writes 400 decisions of two tasks (over five weeks, unless it is said otherwise) and labels of every source about them, late and contradicting ones
 * among them, in mixed batches. Returns the entries in ledger order.
 */
export async function recordStream(
  ledger: Ledger,
  workspace: string,
  { from, to } = { from: STREAM_FROM, to: STREAM_TO },
): Promise<LedgerEntry[]> {
  const next = sequence(7);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  const decisions: LedgerEntry[] = [];
  const labels: LabelEntry[] = [];
  for (let i = 0; i < 400; i++) {
    const at = Math.floor(from + ((to - from) * i) / 400 + next() * 1000);
    const slug = pick(['task-a', 'task-b']);
    const common = {
      task: { id: `tsk_${slug}`, slug, revision: 1 },
      confidence: next(),
      timings: { model: Math.round(next() * 5000) },
      cost: { amount: pick(['0.000004', '0', '12.5']), currency: pick(['EUR', 'USD']) },
      decidedBy: next() < 0.1 ? null : { rung: 'own_model', model: slug, version: pick(['1', '2']) },
    };
    const decision =
      next() < 0.6
        ? exampleDecision(workspace, at, {
            ...common,
            label: pick(LABELS),
            audit: next() < 0.9 ? { probability: pick([0.5, 0.25]) } : null,
          })
        : exampleReview(workspace, at, { ...common, suggestion: { label: pick(LABELS), confidence: 0.4 } });
    decisions.push(decision);
    const given = Math.floor(next() * 4);
    for (let n = 0; n < given; n++) {
      labels.push(
        exampleLabel(workspace, at + Math.floor(((to - from) / 11) * next()), decision.id, {
          label: pick(LABELS),
          source: pick(['reviewer', 'audit', 'application', 'appeal', 'import'] as const),
          ...(next() < 0.2 ? { person: 'someone' } : {}),
          ...(next() < 0.1 ? { echo: true } : {}),
          seconds: next() < 0.8 ? Math.round(next() * 9000) / 1000 : null,
        }),
      );
    }
  }
  const time = (id: string) => id.slice(4);
  const rest = [...decisions, ...labels].sort((a, b) => (time(a.id) < time(b.id) ? -1 : 1));
  for (let at = 0; at < rest.length; at += 23) await ledger.appendAll(rest.slice(at, at + 23));
  return rest;
}

type Drawn = (decision: string) => boolean;

/** The same figures counted the slow way, from all rows at once and by `truthOf`: what a rollup is held against. */
export function referenceFigures(entries: readonly LedgerEntry[], query: FiguresQuery, isDrawn: Drawn): Figures[] {
  const out = new Map<string, Figures>();
  const tally = new Map<string, Map<string, number>>();
  const labels = Map.groupBy(
    entries.filter((entry) => entry.kind === 'label'),
    (entry) => entry.decision,
  );
  const place = (at: number, task: { id: string; slug: string }, version: string | null): Figures | null => {
    if (at < query.from || at >= query.to) return null;
    if (query.task !== undefined && query.task !== task.slug) return null;
    const start = bucketStart(at, query.bucket);
    const key = [
      String(start).padStart(16, '0'),
      query.perTask ? `${task.slug} ${task.id}` : '',
      query.perVersion ? (version ?? '') : '',
    ].join(' ');
    let figures = out.get(key);
    if (figures === undefined) {
      figures = {
        from: Math.max(query.from, start),
        to: Math.min(query.to, bucketEnd(start, query.bucket)),
        task: query.perTask ? { id: task.id, slug: task.slug } : null,
        ...(query.perVersion ? { modelVersion: version } : {}),
        ...blank(),
      };
      out.set(key, figures);
      tally.set(key, new Map());
    }
    return figures;
  };
  const bump = <T extends { decisions: number }>(rows: T[], row: Omit<T, 'decisions' | 'drawn'>, drawn?: boolean) => {
    const text = JSON.stringify(row);
    const found = rows.find((one) => {
      const { decisions: _, drawn: __, ...same } = one as T & { drawn?: number };
      return JSON.stringify(same) === text;
    });
    const target = found ?? ({ ...row, decisions: 0, ...(drawn === undefined ? {} : { drawn: 0 }) } as unknown as T);
    if (found === undefined) rows.push(target);
    target.decisions++;
    if (drawn === true) (target as T & { drawn: number }).drawn++;
  };
  const setOf = <T extends CountSet>(sets: T[], key: Omit<T, keyof CountSet>): T => {
    const found = sets.find((set) => Object.entries(key).every(([name, value]) => set[name as keyof T] === value));
    if (found !== undefined) return found;
    const made = { ...key, automated: [], review: [], truth: [] } as unknown as T;
    sets.push(made);
    return made;
  };
  const byId = new Map(entries.map((entry) => [entry.id, entry]));
  for (const entry of entries) {
    if (entry.kind === 'event') continue;
    const decision = entry.kind === 'decision' ? entry : byId.get(entry.decision)!;
    if (decision.kind !== 'decision') throw new Error('an annotation without its decision');
    const version = decision.decidedBy?.version ?? null;
    const decidedAt = timeOf(decision.id);
    if (entry.kind === 'label') {
      const given = place(timeOf(entry.id), decision.task, version);
      const source = entry.echo ? 'echo' : entry.source;
      if (given !== null) given.given[source] = (given.given[source] ?? 0) + 1;
      const figures = place(decidedAt, decision.task, version);
      if (figures === null) continue;
      figures.labels[source] = (figures.labels[source] ?? 0) + 1;
      if (source !== 'reviewer' && source !== 'audit') continue;
      if (entry.seconds === null || entry.seconds === undefined) figures.seconds.unmeasured[source]++;
      else
        figures.seconds[source] =
          (Math.round(figures.seconds[source] * 1000) + Math.round(entry.seconds * 1000)) / 1000;
    }
    if (entry.kind !== 'decision') continue;
    const figures = place(decidedAt, entry.task, version);
    if (figures === null) continue;
    const band = bandOf(entry.confidence);
    const automated = entry.label !== null;
    const drawn = automated && entry.audit !== null && isDrawn(entry.id);
    figures.decisions++;
    figures[automated ? 'automated' : 'review']++;
    if (drawn) figures.drawn++;
    const bandSet = setOf(figures.shape!.bands, { band });
    const sets: CountSet[] = [
      { automated: figures.automatedCounts, review: figures.reviewCounts, truth: figures.truth },
      bandSet,
    ];
    if (automated) {
      const probability = entry.audit?.probability ?? null;
      for (const set of sets) bump(set.automated, { probability }, drawn);
      bump(figures.byLabel!.automated, { label: entry.label!, probability }, drawn);
    } else {
      sets.push(setOf(figures.shape!.reasons, { reason: entry.reviewReason! }));
      for (const set of sets) bump(set.review, { suggested: entry.suggestion !== null });
      bump(figures.byLabel!.review, { label: entry.suggestion?.label ?? null });
    }
    bump(figures.shape!.latency, { bin: latencyBin(Object.values(entry.timings)[0]!) });
    const cost = figures.cost.find(
      (one) => one.rung === (entry.decidedBy?.rung ?? 'none') && one.currency === entry.cost.currency,
    );
    const sum = Number(cost?.amount ?? 0) + Number(entry.cost.amount);
    const amount = String(Math.round(sum * 1e6) / 1e6);
    if (cost !== undefined) cost.amount = amount;
    else if (sum > 0) {
      figures.cost.push({ rung: entry.decidedBy?.rung ?? 'none', currency: entry.cost.currency, amount });
    }
    const own = (labels.get(entry.id) ?? []).map(asRecorded);
    const truth = truthOf(own);
    if (truth === null) continue;
    const audited = drawn && own.some(({ source, echo }) => source === 'audit' && !echo);
    const byPerson = truth.source === 'reviewer' || truth.source === 'audit' || truth.person !== null;
    const imported = own.some(({ source, echo }) => source === 'import' && !echo);
    const unpersoned = imported ? 'imported' : 'other';
    const lane = automated ? (audited ? 'audited' : 'other') : byPerson ? 'reviewed' : unpersoned;
    if (lane !== 'other') figures[lane]++;
    const answered = entry.label ?? entry.suggestion?.label ?? null;
    const right = answered === null ? null : answered === truth.label;
    const outcome = automated ? ('automated' as const) : ('review' as const);
    const probability = lane === 'audited' ? entry.audit!.probability : null;
    for (const set of sets) bump(set.truth, { lane, outcome, right, probability });
    bump(figures.byLabel!.truth, { lane, outcome, answered, truth: truth.label, probability });
  }
  return [...out]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([, figures]) => {
      const { byLabel, shape, ...summary } = ordered(figures);
      return query.detail === 'full' ? { ...summary, byLabel: byLabel!, shape: shape! } : summary;
    });
}

const timeOf = (id: string): number => {
  let time = 0;
  for (const character of id.slice(4, 14)) time = time * 32 + '0123456789abcdefghjkmnpqrstvwxyz'.indexOf(character);
  return time;
};

const asRecorded = (entry: LabelEntry): RecordedLabel => ({
  id: entry.id,
  label: entry.label,
  source: entry.source,
  principal: entry.principal,
  probability: entry.probability,
  note: null,
  person: entry.person ?? null,
  seconds: entry.seconds ?? null,
  item: null,
  echo: entry.echo === true,
  createdAt: new Date(timeOf(entry.id)).toISOString(),
});

const blank = (): Omit<Figures, 'from' | 'to' | 'task'> => ({
  decisions: 0,
  automated: 0,
  review: 0,
  drawn: 0,
  audited: 0,
  reviewed: 0,
  imported: 0,
  automatedCounts: [],
  reviewCounts: [],
  truth: [],
  cost: [],
  seconds: { reviewer: 0, audit: 0, unmeasured: { reviewer: 0, audit: 0 } },
  labels: {},
  given: {},
  byLabel: { automated: [], review: [], truth: [] },
  shape: { bands: [], reasons: [], latency: [] },
});

/** Lists in the order of their counters' keys. */
function ordered(figures: Figures): Figures {
  const by =
    <T>(key: (row: T) => unknown) =>
    (a: T, b: T) =>
      JSON.stringify(key(a)) < JSON.stringify(key(b)) ? -1 : 1;
  const flag = (value: boolean | null) => (value === null ? null : Number(value));
  const sets: CountSet[] = [
    { automated: figures.automatedCounts, review: figures.reviewCounts, truth: figures.truth },
    ...figures.shape!.bands,
    ...figures.shape!.reasons,
  ];
  for (const set of sets) {
    set.automated.sort(by((row) => [row.probability]));
    set.review.sort(by((row) => [flag(row.suggested)]));
    set.truth.sort(by((row) => [row.lane, row.outcome === 'automated' ? 1 : 0, flag(row.right), row.probability]));
  }
  const { byLabel, shape } = figures as Required<Figures>;
  byLabel.automated.sort(by((row) => [row.label, row.probability]));
  byLabel.review.sort(by((row) => [row.label]));
  byLabel.truth.sort(
    by((row) => [row.lane, row.outcome === 'automated' ? 1 : 0, row.answered, row.truth, row.probability]),
  );
  shape.bands.sort((a, b) => (a.band ?? -1) - (b.band ?? -1));
  shape.reasons.sort(by((row) => row.reason));
  shape.latency.sort(by((row) => ['q', row.bin]));
  figures.cost.sort(by((row) => ['m', row.rung, row.currency]));
  return figures;
}
