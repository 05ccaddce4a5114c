import { bucketEnd } from './buckets.ts';
import { type CounterKey, fromBillionths } from './contribution.ts';
import type { AutomatedCount, CountSet, Figures, FiguresQuery, LabelCounts, ShapeCounts } from './figures.ts';
import type { RollupSum } from './rollup-ports.ts';

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

/** Figures from counters, in order of bucket, task and version; everything in them in a fixed order too. */
export function assemble(sums: readonly RollupSum[], query: FiguresQuery): Figures[] {
  const groups = new Map<string, { first: RollupSum; sums: RollupSum[] }>();
  for (const sum of sums) {
    const place = `${String(sum.bucket).padStart(16, '0')} ${sum.task ?? ''} ${sum.taskId ?? ''} ${sum.modelVersion ?? ''}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, { first: sum, sums: [sum] });
    else group.sums.push(sum);
  }
  return [...groups]
    .sort(([a], [b]) => compare(a, b))
    .map(([, { first, sums: own }]) => {
      const assembly = new Assembly(query, first);
      for (const { key, n } of own.sort((a, b) => compare(a.key, b.key))) {
        assembly.enter(JSON.parse(key) as CounterKey, n);
      }
      return assembly.figures;
    });
}

const emptySet = (): CountSet => ({ automated: [], review: [], truth: [] });

/** The counters of one bucket on their way into its figures. Counters come in order of their keys. */
class Assembly {
  readonly figures: Figures;
  readonly #labels: LabelCounts = { automated: [], review: [], truth: [] };
  readonly #shape: ShapeCounts = { bands: [], reasons: [], latency: [] };
  /** Counts of automated decisions by set, label and probability: where the drawn ones belong. */
  readonly #automated = new Map<string, AutomatedCount>();

  constructor(query: FiguresQuery, { bucket, taskId, task, modelVersion }: RollupSum) {
    this.figures = {
      from: Math.max(query.from, bucket),
      to: Math.min(query.to, bucketEnd(bucket, query.bucket)),
      task: taskId === null ? null : { id: taskId, slug: task! },
      ...(query.perVersion === true ? { modelVersion: modelVersion === '' ? null : modelVersion } : {}),
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
      ...(query.detail === 'full' ? { byLabel: this.#labels, shape: this.#shape } : {}),
    };
  }

  enter(key: CounterKey, n: bigint): void {
    const { figures } = this;
    const decisions = Number(n);
    switch (key[0]) {
      case 'a':
        figures.decisions += decisions;
        figures.automated += decisions;
        figures.automatedCounts.push(this.#count(key[0], null, { probability: key[1], decisions, drawn: 0 }));
        return;
      case 'd':
        figures.drawn += decisions;
        this.#draw('a', null, key[1], decisions);
        return;
      case 'r':
        figures.decisions += decisions;
        figures.review += decisions;
        figures.reviewCounts.push({ suggested: key[1] === 1, decisions });
        return;
      case 't': {
        const [, lane, automated, right, probability] = key;
        if (lane === 'audited') figures.audited += decisions;
        if (lane === 'reviewed') figures.reviewed += decisions;
        if (lane === 'imported') figures.imported += decisions;
        figures.truth.push({ lane, outcome: outcome(automated), right: flag(right), probability, decisions });
        return;
      }
      case 'm':
        figures.cost.push({ rung: key[1], currency: key[2], amount: fromBillionths(n) });
        return;
      case 's':
        figures.seconds[key[1]] = decisions / 1000;
        return;
      case 'u':
        figures.seconds.unmeasured[key[1]] = decisions;
        return;
      case 'l':
        figures.labels[key[1]] = decisions;
        return;
      case 'g':
        figures.given[key[1]] = decisions;
        return;
      default:
        this.#enterDetail(key, decisions);
    }
  }

  #enterDetail(key: CounterKey, decisions: number): void {
    switch (key[0]) {
      case 'la': {
        const [, label, probability] = key;
        this.#labels.automated.push(this.#count('la', label, { label, probability, decisions, drawn: 0 }));
        return;
      }
      case 'lr':
        this.#labels.review.push({ label: key[1], decisions });
        return;
      case 'lt': {
        const [, lane, automated, answered, truth, probability] = key;
        this.#labels.truth.push({ lane, outcome: outcome(automated), answered, truth, probability, decisions });
        return;
      }
      case 'ba': {
        const [, band, probability] = key;
        this.#band(band).automated.push(this.#count('ba', band, { probability, decisions, drawn: 0 }));
        return;
      }
      case 'ld':
      case 'bd':
        this.#draw(key[0] === 'ld' ? 'la' : 'ba', key[1], key[2], decisions);
        return;
      case 'br':
        this.#band(key[1]).review.push({ suggested: key[2] === 1, decisions });
        return;
      case 'bt': {
        const [, band, lane, automated, right, probability] = key;
        const cell = { lane, outcome: outcome(automated), right: flag(right), probability, decisions };
        this.#band(band).truth.push(cell);
        return;
      }
      case 'yr':
        this.#reason(key[1]).review.push({ suggested: key[2] === 1, decisions });
        return;
      case 'yt': {
        const [, reason, lane, right] = key;
        const cell = { lane, outcome: 'review' as const, right: flag(right), probability: null, decisions };
        this.#reason(reason).truth.push(cell);
        return;
      }
      case 'q':
        this.#shape.latency.push({ bin: key[1], decisions });
    }
  }

  #count<C extends AutomatedCount>(set: string, of: string | number | null, count: C): C {
    this.#automated.set(JSON.stringify([set, of, count.probability]), count);
    return count;
  }

  // Keys of drawn counters sort behind those of the decisions that they are among.
  #draw(set: string, of: string | number | null, probability: number | null, drawn: number): void {
    const count = this.#automated.get(JSON.stringify([set, of, probability]));
    if (count !== undefined) count.drawn = drawn;
  }

  #band(band: number | null): CountSet {
    const { bands } = this.#shape;
    let found = bands.find((one) => one.band === band);
    if (found === undefined) {
      found = { band, ...emptySet() };
      bands.push(found);
      bands.sort((a, b) => (a.band ?? -1) - (b.band ?? -1));
    }
    return found;
  }

  #reason(reason: string): CountSet {
    const { reasons } = this.#shape;
    let found = reasons.find((one) => one.reason === reason);
    if (found === undefined) {
      found = { reason, ...emptySet() };
      reasons.push(found);
      reasons.sort((a, b) => compare(a.reason, b.reason));
    }
    return found;
  }
}

const outcome = (automated: 0 | 1): 'automated' | 'review' => (automated === 1 ? 'automated' : 'review');
const flag = (right: 0 | 1 | null): boolean | null => (right === null ? null : right === 1);
