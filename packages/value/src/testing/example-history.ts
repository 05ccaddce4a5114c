import { newId } from '@understudy/kernel';
import type { LabelSource, LedgerEntry } from '@understudy/ledger';
import { exampleDecision, exampleLabel, exampleReview } from '@understudy/ledger/testing';
import type { PricedTask } from '../ports.ts';

/** Repeatable numbers in [0, 1) (mulberry32). */
export function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function exampleTask(slug: string, economics: Partial<PricedTask['economics']> = {}): PricedTask {
  return {
    id: `tsk_${slug}`,
    slug,
    title: slug,
    economics: {
      currency: 'EUR',
      minutesPerItem: 1.5,
      costPerHour: '24.00',
      costOfError: '0.80',
      infrastructurePerMonth: '30.00',
      ...economics,
    },
  };
}

const LABELS = ['ok', 'spam', 'toxic'];
const OTHERS: readonly LabelSource[] = ['application', 'appeal', 'import'];

/** What an example stream is made of. Shares in 0…1. */
export interface HistoryShape {
  decisions: number;
  from: number;
  to: number;
  automated: number;
  /** Of automated answers. */
  wrong: number;
  /** Audit probabilities to choose from; null = no lane. */
  audit: readonly (number | null)[];
  /** Of items left to people, those that have a verdict. */
  reviewed: number;
}

export const HISTORY: HistoryShape = {
  decisions: 2_000,
  from: Date.UTC(2031, 0, 30),
  to: Date.UTC(2031, 1, 9),
  automated: 0.7,
  wrong: 0.04,
  audit: [0.2],
  reviewed: 0.8,
};

/**
 * A stream of decisions with known truth, and what people said about them: verdicts with and without a time, audits of a
 * random draw, feedback, echoes, appeals and changes of mind. In the order in which it happened.
 */
export function exampleHistory(
  workspace: string,
  tasks: readonly PricedTask[],
  seed: number,
  shape: Partial<HistoryShape> = {},
): LedgerEntry[] {
  const { decisions, from, to, automated, wrong, audit, reviewed } = { ...HISTORY, ...shape };
  const next = sequence(seed);
  const pick = <T>(values: readonly T[]): T => values[Math.floor(next() * values.length)]!;
  const entries: { at: number; entry: LedgerEntry }[] = [];
  for (let n = 0; n < decisions; n++) {
    const at = Math.floor(from + ((to - from) * n) / decisions);
    const { id, slug, economics } = pick(tasks);
    const truth = pick(LABELS);
    const answer = next() < wrong ? LABELS[(LABELS.indexOf(truth) + 1) % LABELS.length]! : truth;
    const probability = pick(audit);
    const common = {
      task: { id, slug, revision: 1 },
      cost: { amount: pick(['0.000004', '0.000011', '0.000000']), currency: economics.currency },
      decidedBy: { rung: next() < 0.95 ? 'own_model' : 'hosted_api', model: slug, version: '1' },
    };
    const score = Math.round((0.9 + next() * 0.1) * 1e6) / 1e6;
    const isAutomated = next() < automated;
    const decision = isAutomated
      ? exampleDecision(workspace, at, {
          ...common,
          label: answer,
          confidence: score,
          threshold: 0.9,
          audit: probability === null ? null : { probability },
          candidates: [{ label: answer, score }],
        })
      : exampleReview(workspace, at, {
          ...common,
          suggestion: { label: answer, confidence: score - 0.5 },
          confidence: score - 0.5,
          threshold: 0.9,
          candidates: [{ label: answer, score: score - 0.5 }],
        });
    entries.push({ at, entry: decision });
    const say = (source: LabelSource, label: string, after: number, more: object = {}) => {
      const time = at + Math.floor(after * 3_600_000);
      const entry = exampleLabel(workspace, time, decision.id, { label, source, ...more });
      entries.push({ at: time, entry: { ...entry, id: newId('lab', time) } });
    };
    const seconds = () => (next() < 0.9 ? Math.round(next() * 90_000) / 1000 : null);
    if (isAutomated && probability !== null && next() < probability) {
      say('audit', truth, next() * 20, { seconds: seconds(), probability });
    }
    if (!isAutomated && next() < reviewed) say('reviewer', truth, next() * 20, { seconds: seconds(), probability: 1 });
    if (!isAutomated && next() < 0.05)
      say('reviewer', pick(LABELS), 21 + next(), { seconds: seconds(), probability: 1 });
    if (next() < 0.05) say(pick(OTHERS), pick(LABELS), next() * 30, next() < 0.5 ? { person: 'someone' } : {});
    if (isAutomated && next() < 0.1) say('application', answer, next(), { echo: true });
  }
  return entries.sort((a, b) => a.at - b.at).map(({ entry }) => entry);
}
