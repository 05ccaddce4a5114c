import { checkQuality, reviewerFigures, type Verdict } from '@understudy/review';
import { clopperPearson, correctedError, uniform } from '@understudy/statistics';
import type { HonestyResult } from './result.ts';

export interface H5Options {
  seeds: number;
  /** Ordinary items and audits of each stream. */
  items: number;
  audits: number;
}

export const H5_FULL: H5Options = { seeds: 300, items: 6000, audits: 1000 };

const LABELS = ['billing', 'delivery', 'refund', 'account', 'other'];
/** How often each reviewer is wrong without a suggestion. `confirmer` takes every suggestion that is shown. */
const REVIEWERS = { careful: 0.02, steady: 0.02, sloppy: 0.1, confirmer: 0.2 };
type Reviewer = keyof typeof REVIEWERS;
const NAMES = Object.keys(REVIEWERS) as Reviewer[];
const HONEST: readonly Reviewer[] = ['careful', 'steady'];

const AUTOMATED_ERROR = 0.04;
const SUGGESTION_ERROR = 0.35;
const HIDDEN = 0.5;
const DOUBLE = 0.2;
const GOLD = 0.1;
const LEVEL = 0.95;

/**
 * H5: streams of ordinary items (half of them with the model's suggestion), second opinions, gold items and blind audits,
 * worked on by four reviewers, one of whom errs in 10 % and one of whom confirms whatever is suggested. The figures that
 * leads see have to name both and nobody else, and the audited error, corrected by what gold says of reviewing, has
 * to cover the true one.
 */
export function reviewersAreFound(options: H5Options = H5_FULL): HonestyResult[] {
  const found: Record<Reviewer, number> = { careful: 0, steady: 0, sloppy: 0, confirmer: 0 };
  let confirming = 0;
  let covered = 0;
  let plain = 0;
  let width = 0;
  let bias = 0;
  for (let seed = 1; seed <= options.seeds; seed++) {
    const { verdicts, reported, trueError } = stream(seed, options);
    for (const { reviewer, flags } of reviewerFigures(verdicts)) {
      if (flags.length > 0) found[reviewer as Reviewer]++;
      if (reviewer === 'confirmer' && flags.includes('confirms_suggestions')) confirming++;
    }
    const corrected = correctedError(reported, checkQuality(verdicts, LABELS), LEVEL);
    if (corrected !== null) {
      if (corrected.low <= trueError && trueError <= corrected.high) covered++;
      width += (corrected.high - corrected.low) / options.seeds;
      bias += (corrected.estimate - trueError) / options.seeds;
    }
    const uncorrected = clopperPearson(reported.errors, reported.checked, LEVEL);
    if (uncorrected.low <= trueError && trueError <= uncorrected.high) plain++;
  }
  const share = (count: number) => count / options.seeds;
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const accused = share(HONEST.reduce((sum, name) => sum + found[name], 0)) / HONEST.length;
  // Three standard deviations of the simulation itself.
  const slack = 3 * Math.sqrt((LEVEL * (1 - LEVEL)) / options.seeds);
  const shape = `${options.items} items, 20 % seen twice, 10 % gold`;
  return [
    {
      test: 'H5',
      scenario: `who errs in 10 %, who always confirms: ${shape}`,
      runs: options.seeds,
      measured: {
        '10 % error found': percent(share(found.sloppy)),
        'confirmer found': percent(share(found.confirmer)),
        'as one who confirms': percent(share(confirming)),
        'honest reviewers accused': percent(accused),
      },
      bound: 'both found in ≥ 95 %, honest ones accused in ≤ 1 %',
      pass: share(found.sloppy) >= 0.95 && share(confirming) >= 0.95 && accused <= 0.01,
    },
    {
      test: 'H5',
      scenario: `audited error with these reviewers: ${options.audits} audits, true error about 4 %`,
      runs: options.seeds,
      measured: {
        'corrected interval covers': percent(share(covered)),
        'uncorrected interval covers': percent(share(plain)),
        'mean width': percent(width),
        'bias of the estimate': percent(bias),
      },
      bound: `covers in ≥ ${percent(LEVEL)} less the noise of ${options.seeds} runs`,
      pass: share(covered) >= LEVEL - slack,
    },
  ];
}

function stream(seed: number, { items, audits }: H5Options) {
  const random = uniform(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const another = (label: string) => pick(LABELS.filter((other) => other !== label));
  const verdicts: Verdict[] = [];
  const say = (reviewer: Reviewer, truth: string, shown: string | null) => {
    if (reviewer === 'confirmer' && shown !== null) return shown;
    return random() < REVIEWERS[reviewer] ? another(truth) : truth;
  };
  const record = (item: string, reviewer: Reviewer, label: string, over: Partial<Verdict>) => {
    verdicts.push({
      id: `lab_${verdicts.length}`,
      ...{ item, round: 1, decision: item, taskId: 'task_1', task: 'mails', kind: 'review', reviewer, token: item },
      ...{ label, seconds: 10, note: null, probability: 1, shown: null, modelLabel: null, gold: null },
      ...{ deciding: false, state: 'recorded', at: verdicts.length, ...over },
    });
  };
  for (let i = 0; i < items; i++) {
    const truth = pick(LABELS);
    const modelLabel = random() < SUGGESTION_ERROR ? another(truth) : truth;
    const shown = random() < HIDDEN ? null : modelLabel;
    const first = pick(NAMES);
    record(`item ${i}`, first, say(first, truth, shown), { shown, modelLabel });
    if (random() < DOUBLE) {
      const second = pick(NAMES.filter((name) => name !== first));
      record(`item ${i}`, second, say(second, truth, shown), { shown, modelLabel });
    }
    if (random() < GOLD) {
      const known = pick(LABELS);
      const tested = pick(NAMES);
      record(`gold ${i}`, tested, say(tested, known, null), { kind: 'gold', gold: { id: `gld_${i}`, truth: known } });
    }
  }
  let errors = 0;
  for (let i = 0; i < audits; i++) {
    const truth = pick(LABELS);
    const answered = random() < AUTOMATED_ERROR ? another(truth) : truth;
    const reviewer = pick(NAMES);
    const label = say(reviewer, truth, null);
    if (label !== answered) errors++;
    record(`audit ${i}`, reviewer, label, { kind: 'audit', modelLabel: answered, probability: 0.02 });
  }
  return { verdicts, reported: { errors, checked: audits }, trueError: AUTOMATED_ERROR };
}
