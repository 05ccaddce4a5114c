import type { CountSet, LabelCounts } from '@understudy/ledger';
import {
  auditedError,
  type Estimated,
  type EstimateOptions,
  labelQuality,
  leastProbability,
} from '@understudy/monitoring';
import { binomialUpperTail } from '@understudy/statistics';
import { randomOf } from './random.ts';
import type { HonestyResult } from './result.ts';

const CONFIDENCE = 0.95;
const DECISIONS = 200_000;
/** Misses are put down to chance while a fair coin of this bias would give as many with this probability or more. */
const NOISE = 0.001;

const LABELS = ['ok', 'spam', 'toxic'] as const;
const SHARES = [0.7, 0.2, 0.1];

/** A range of confidence: how often it comes, how often the model is right there, and what becomes of it. */
interface Band {
  share: number;
  right: number;
  automated: boolean;
}
const BANDS: readonly Band[] = [
  { share: 0.15, right: 0.6, automated: false },
  { share: 0.25, right: 0.92, automated: true },
  { share: 0.3, right: 0.97, automated: true },
  { share: 0.3, right: 0.99, automated: true },
];

interface Scenario {
  name: string;
  /** With which probability each band is audited. */
  audit: readonly number[];
  /** Share of drawn audits, and of reviews, that nobody has answered yet. */
  unanswered: { audits: number; reviews: number };
}
const ALL = { audits: 0, reviews: 0 };
const SCENARIOS: readonly Scenario[] = [
  { name: 'equal π (3 %)', audit: [0, 0.03, 0.03, 0.03], unanswered: ALL },
  { name: 'π by band (10, 4, 2 %)', audit: [0, 0.1, 0.04, 0.02], unanswered: ALL },
  {
    name: 'π by band, 30 % of audits and 40 % of reviews unanswered',
    audit: [0, 0.1, 0.04, 0.02],
    unanswered: { audits: 0.3, reviews: 0.4 },
  },
];

interface World {
  set: CountSet;
  labels: LabelCounts;
  error: number;
  /** By label. */
  precision: number[];
  recall: number[];
  f1: number[];
}

/** One stream with its truth, and what the ledger's counters would say of it. */
function worldOf(scenario: Scenario, decisions: number, seed: number): World {
  const random = randomOf(seed);
  const size = LABELS.length;
  const at = (band: number, answer: number, truth: number) => (band * size + answer) * size + truth;
  const all = new Int32Array(BANDS.length * size * size);
  const drawn = new Int32Array(BANDS.length * size);
  const known = new Int32Array(all.length);
  for (let i = 0; i < decisions; i++) {
    const band = pick(BANDS, random());
    const truth = pickShare(random());
    const { automated, right } = BANDS[band]!;
    let answer = truth;
    if (random() >= right) answer = (truth + (random() < 0.7 ? 1 : 2)) % size;
    const cell = at(band, answer, truth);
    all[cell]!++;
    if (automated) {
      if (random() >= scenario.audit[band]!) continue;
      drawn[band * size + answer]!++;
      if (random() >= scenario.unanswered.audits) known[cell]!++;
    } else if (random() >= scenario.unanswered.reviews) known[cell]!++;
  }
  const set: CountSet = { automated: [], review: [], truth: [] };
  const labels: LabelCounts = { automated: [], review: [], truth: [] };
  const answers = new Float64Array(size);
  const truths = new Float64Array(size);
  const hits = new Float64Array(size);
  let wrong = 0;
  let automatedCount = 0;
  for (const [band, { automated }] of BANDS.entries()) {
    for (const [answer, label] of LABELS.entries()) {
      let count = 0;
      for (const [truth, name] of LABELS.entries()) {
        const cell = at(band, answer, truth);
        count += all[cell]!;
        answers[answer]! += all[cell]!;
        truths[truth]! += all[cell]!;
        if (truth === answer) hits[answer]! += all[cell]!;
        else if (automated) wrong += all[cell]!;
        if (known[cell] === 0) continue;
        const common = {
          lane: automated ? ('audited' as const) : ('reviewed' as const),
          outcome: automated ? ('automated' as const) : ('review' as const),
          probability: automated ? scenario.audit[band]! : null,
          decisions: known[cell]!,
        };
        set.truth.push({ ...common, right: truth === answer });
        labels.truth.push({ ...common, answered: label, truth: name });
      }
      if (automated) {
        automatedCount += count;
        const row = { probability: scenario.audit[band]!, decisions: count, drawn: drawn[band * size + answer]! };
        set.automated.push(row);
        labels.automated.push({ ...row, label });
      } else {
        set.review.push({ suggested: true, decisions: count });
        labels.review.push({ label, decisions: count });
      }
    }
  }
  return {
    set,
    labels,
    error: wrong / automatedCount,
    precision: LABELS.map((_, label) => hits[label]! / answers[label]!),
    recall: LABELS.map((_, label) => hits[label]! / truths[label]!),
    f1: LABELS.map((_, label) => (2 * hits[label]!) / (answers[label]! + truths[label]!)),
  };
}

function pick(bands: readonly Band[], at: number): number {
  let rest = at;
  for (let band = 0; band < bands.length - 1; band++) {
    rest -= bands[band]!.share;
    if (rest < 0) return band;
  }
  return bands.length - 1;
}

function pickShare(at: number): number {
  if (at < SHARES[0]!) return 0;
  return at < SHARES[0]! + SHARES[1]! ? 1 : 2;
}

const covers = ({ low, high }: Estimated, truth: number) => low - 1e-12 <= truth && truth <= high + 1e-12;

/**
 * H3: a stream of 200,000 decisions whose truth is known, drawn for audit as the lane does. How often do the intervals of
 * the audited error and of precision, recall and F1 a label hold the stream's true figures?
 */
export function auditedIntervals(seeds: number, scale = 1): HonestyResult[] {
  const decisions = Math.max(1000, Math.round(DECISIONS * scale));
  return SCENARIOS.flatMap((scenario) => {
    const tallies = { fixed: new Tally(), anytime: new Tally() };
    for (let seed = 0; seed < seeds; seed++) {
      const world = worldOf(scenario, decisions, seed);
      const minProbability = leastProbability(world.set.automated);
      for (const interval of ['fixed', 'anytime'] as const) {
        tallies[interval].note(world, { confidence: CONFIDENCE, interval, minProbability });
      }
    }
    return (['fixed', 'anytime'] as const).map((interval): HonestyResult => {
      const tally = tallies[interval];
      return {
        test: 'H3',
        scenario: `${decisions} decisions, ${scenario.name}, ${interval} intervals`,
        runs: seeds,
        measured: tally.measured(seeds),
        bound: 'each figure of each label is covered in ≥ 95 % of runs, beyond binomial noise; the least is shown',
        pass: tally.misses.every((misses) => binomialUpperTail(seeds, misses, 1 - CONFIDENCE) > NOISE),
      };
    });
  });
}

/** How often each figure's interval left the truth out, and how wide it was. */
class Tally {
  readonly #figures = new Map<string, { misses: number; width: number }>();

  note(world: World, options: EstimateOptions): void {
    this.#add('error', auditedError(world.set, options), world.error);
    for (const [at, label] of LABELS.entries()) {
      const { precision, recall, f1 } = labelQuality(world.labels, label, options);
      this.#add(`precision ${label}`, precision, world.precision[at]!);
      this.#add(`recall ${label}`, recall, world.recall[at]!);
      this.#add(`F1 ${label}`, f1, world.f1[at]!);
    }
  }

  #add(figure: string, estimated: Estimated, truth: number): void {
    const sum = this.#figures.get(figure) ?? { misses: 0, width: 0 };
    if (!covers(estimated, truth)) sum.misses++;
    sum.width += estimated.high - estimated.low;
    this.#figures.set(figure, sum);
  }

  get misses(): number[] {
    return [...this.#figures.values()].map(({ misses }) => misses);
  }

  measured(seeds: number): Record<string, number> {
    const measured: Record<string, number> = {};
    for (const name of ['error', 'precision', 'recall', 'F1']) {
      const rows = [...this.#figures].filter(([figure]) => figure.startsWith(name)).map(([, row]) => row);
      measured[`${name}: coverage`] = round(Math.min(...rows.map(({ misses }) => 1 - misses / seeds)));
      measured[`${name}: mean width`] = round(rows.reduce((sum, { width }) => sum + width, 0) / rows.length / seeds);
    }
    return measured;
  }
}

const LOOKS = 100;
const AUDITS_A_LOOK = 20;

/**
 * H3, looked at again and again: audits come in, and the interval of the error is read after every 20 of them. How
 * often does it ever leave out the true error? The interval for one look is run beside it, to show why it is not shown.
 */
export function intervalsAtEveryLook(seeds: number, scale = 1): HonestyResult[] {
  const looks = Math.max(10, Math.round(LOOKS * scale));
  const probabilities = [0.1, 0.04, 0.02];
  const shares = [0.25, 0.3, 0.3];
  const errors = [0.08, 0.03, 0.01];
  const traffic = shares.reduce((sum, share) => sum + share, 0);
  const truth = shares.reduce((sum, share, band) => sum + share * errors[band]!, 0) / traffic;
  return (['anytime', 'fixed'] as const).map((interval): HonestyResult => {
    let missed = 0;
    let width = 0;
    for (let seed = 0; seed < seeds; seed++) {
      const random = randomOf(seed);
      const automated = shares.map((share, band) => ({
        probability: interval === 'fixed' ? 0.04 : probabilities[band]!,
        decisions: share * 1e6,
        drawn: 0,
      }));
      const cells = shares.map((_, band) => [0, 0].map((__, right) => cell(automated[band]!.probability, right === 1)));
      let ever = false;
      for (let look = 0; look < looks; look++) {
        for (let n = 0; n < AUDITS_A_LOOK; n++) {
          const band = drawBand(automated, random());
          cells[band]![random() < errors[band]! ? 0 : 1]!.decisions++;
        }
        // `fixed` with one probability for all is the exact interval, as somebody would show it who looks too often.
        const set: CountSet = { automated, review: [], truth: cells.flat().filter(({ decisions }) => decisions > 0) };
        const options = { confidence: CONFIDENCE, interval, minProbability: Math.min(...probabilities) };
        const error = auditedError(set, options);
        if (!covers(error, truth)) ever = true;
        if (look === looks - 1) width += error.high - error.low;
      }
      if (ever) missed++;
    }
    const within = binomialUpperTail(seeds, missed, 1 - CONFIDENCE) > NOISE;
    return {
      test: 'H3',
      scenario: `the error read ${looks} times, after every ${AUDITS_A_LOOK} audits, ${interval} intervals`,
      runs: seeds,
      measured: {
        'ever left out the truth': round(missed / seeds),
        'mean width at the end': round(width / seeds),
      },
      bound:
        interval === 'anytime'
          ? 'ever wrong in ≤ 5 % of runs, beyond binomial noise'
          : 'none: shown for comparison, it is meant for one look',
      pass: interval === 'fixed' || within,
    };
  });
}

const cell = (probability: number, right: boolean) => ({
  lane: 'audited' as const,
  outcome: 'automated' as const,
  right,
  probability,
  decisions: 0,
});

/** The band of the next audited decision: by its traffic and by how often it is drawn. */
function drawBand(automated: readonly { probability: number; decisions: number }[], at: number): number {
  const total = automated.reduce((sum, { probability, decisions }) => sum + probability * decisions, 0);
  let rest = at * total;
  for (const [band, { probability, decisions }] of automated.entries()) {
    rest -= probability * decisions;
    if (rest < 0) return band;
  }
  return automated.length - 1;
}

const round = (value: number) => Math.round(value * 10_000) / 10_000;
