import { type Certificate, scoreOf, type Task, withDefaults } from '@understudy/decisions';
import { newId } from '@understudy/kernel';
import { FakeClock } from '@understudy/kernel/testing';
import type { DecisionEntry, LedgerEntry } from '@understudy/ledger';
import { exampleDecision, exampleLabel } from '@understudy/ledger/testing';
import type { FittedThreshold, ReplayPorts, Scores } from '../replay/ports.ts';
import type { Replay, What } from '../replay/replay.ts';
import { replayLedger } from '../replay/replay-ledger.ts';
import { sequence } from './example-history.ts';
import { LedgerWorld } from './ledger-world.ts';

const LABELS = ['ok', 'spam', 'toxic'];
const NOW = Date.UTC(2031, 1, 20);
const FROM = Date.UTC(2031, 1, 10);
const WORKSPACE = 'ws_replay';
const AUDIT_RATE = 0.3;

const TASK: Task = {
  id: 'tsk_moderation',
  workspace: WORKSPACE,
  slug: 'moderation',
  definition: withDefaults('moderation', {
    kind: 'text_classification',
    labels: LABELS.map((name) => ({ name })),
    economics: { currency: 'EUR', minutes_per_item: 1, cost_per_hour: '30.00', cost_of_error: '2.00' },
    audit: { rate: AUDIT_RATE },
  }),
  revision: 1,
  version: 1,
  createdAt: 0,
  updatedAt: 0,
};

const certificateOf = (id: string, version: string, threshold: number): Certificate => ({
  id,
  workspace: WORKSPACE,
  taskId: TASK.id,
  taskRevision: 1,
  model: 'moderation',
  version,
  dataset: 'sha256:0',
  rowsDigest: '',
  maxError: 0.05,
  confidence: 0.95,
  status: 'superseded',
  threshold,
  score: { kind: 'top_probability' },
  evidence: { labelled: 0, accepted: 0, errors: 0, pValue: null, method: 'example' },
  expectedCoverage: null,
  needed: null,
  assumptions: [],
  issuedAt: 0,
  suspension: null,
});

/** A model that answers from the numbers in the text, so that every answer is known beforehand. */
export function answerOf(text: string, drift = 0): Scores {
  const [label, score] = text.split(' ') as [string, string];
  const top = Number(score) - drift;
  const rest = (1 - top) / (LABELS.length - 1);
  return { labels: LABELS, probabilities: Float32Array.from(LABELS, (name) => (name === label ? top : rest)) };
}

/**
 * A history that was decided by the rule itself, under two certificates and a time without one, by two model versions and
 * for a while by none; with audits and verdicts that know the truth.
 */
export async function replayWorld({ decisions, seed }: { decisions: number; seed: number }) {
  const next = sequence(seed);
  const clock = new FakeClock(NOW);
  const world = new LedgerWorld({ tasks: [], clock });
  const certificates = new Map([
    ['crt_a', certificateOf('crt_a', '1', 0.8)],
    ['crt_b', certificateOf('crt_b', '2', 0.75)],
  ]);
  const fits = new Map<string, FittedThreshold>();
  const missing = new Set<string>();
  const made: { entry: DecisionEntry; score: number; right: boolean }[] = [];
  const labels: LedgerEntry[] = [];
  let withoutModel = 0;
  for (let n = 0; n < decisions; n++) {
    const at = Math.floor(FROM + ((NOW - FROM - 3_600_000) * n) / decisions);
    const part = n / decisions;
    const version = part < 0.5 ? '1' : '2';
    const certificate = part < 0.1 ? null : version === '1' ? 'crt_a' : 'crt_b';
    const truth = LABELS[Math.floor(next() * LABELS.length)]!;
    const quality = 0.4 + next() * 0.599;
    const right = next() < quality;
    const answer = right ? truth : LABELS[(LABELS.indexOf(truth) + 1) % LABELS.length]!;
    const text = `${answer} ${quality.toFixed(4)} ${n}`;
    const noModel = next() < 0.02;
    if (noModel) withoutModel++;
    const { labels: names, probabilities } = answerOf(text);
    const best = scoreOf({ kind: 'top_probability' }, names, probabilities, new Set(LABELS))!;
    const threshold = certificate === null ? null : certificates.get(certificate)!.threshold;
    const automated = !noModel && threshold !== null && best.score >= threshold;
    const entry = exampleDecision(WORKSPACE, at, {
      task: { id: TASK.id, slug: TASK.slug, revision: 1 },
      label: automated ? best.label : null,
      suggestion: automated || noModel ? null : { label: best.label, confidence: best.score },
      confidence: noModel ? null : best.score,
      threshold: noModel ? null : threshold,
      candidates: noModel ? [] : [best],
      decidedBy: noModel ? null : { rung: 'own_model', model: 'moderation', version },
      reviewReason: automated ? null : noModel ? 'no_model' : threshold === null ? 'not_certified' : 'below_threshold',
      certificate: noModel ? null : certificate,
      audit: automated ? { probability: AUDIT_RATE } : null,
      payload: { input: { text } },
    });
    made.push({ entry, score: noModel ? -1 : best.score, right: best.label === truth });
    if (!automated || next() < AUDIT_RATE) {
      labels.push({
        ...exampleLabel(WORKSPACE, at + 1000, entry.id, {
          label: truth,
          source: automated ? 'audit' : 'reviewer',
          probability: automated ? AUDIT_RATE : 1,
          seconds: 20 + Math.round(next() * 40),
        }),
        id: newId('lab', at + 1000),
      });
    }
  }
  const entries = [...made.map(({ entry }) => entry), ...labels];
  entries.sort((a, b) => (a.id.slice(4) < b.id.slice(4) ? -1 : 1));
  await world.record(entries, 500);
  const settings = { drift: 0 };
  const ports: ReplayPorts = {
    records: world.records,
    ledger: world.storage,
    clock,
    rooms: {
      task: async () => TASK,
      labelsAt: async () => LABELS,
      certificate: async (_workspace, id) => certificates.get(id) ?? null,
      fit: async (_workspace, _task, version) => fits.get(version) ?? null,
      hasVersion: async (_workspace, _task, version) => version === '1' || version === '2',
      open: async (_workspace, _model, version) =>
        missing.has(version) ? null : { score: async (text) => answerOf(text, settings.drift), close: async () => {} },
    },
  };
  return {
    workspace: WORKSPACE,
    now: NOW,
    ports,
    certificates,
    fits,
    missing,
    withoutModel,
    set drift(value: number) {
      settings.drift = value;
    },
    automatedIds: () => made.filter(({ entry }) => entry.label !== null).map(({ entry }) => entry.id),
    /** The true share of wrong ones among all decisions with a score of `threshold` or more. */
    errorAbove(threshold: number) {
      const above = made.filter(({ score }) => score >= threshold);
      return above.filter(({ right }) => !right).length / above.length;
    },
    record: (more: readonly LedgerEntry[]) => world.record(more, 500),
    erase: (count: number) =>
      world.record(
        made
          .filter(({ entry }) => entry.decidedBy !== null)
          .slice(0, count)
          .map(({ entry }) => ({
            kind: 'erasure' as const,
            workspace: WORKSPACE,
            id: newId('era', NOW),
            decision: entry.id,
            reason: 'asked for',
            principal: 'key_1',
          })),
      ),
    replay(what: What, signal = new AbortController().signal) {
      const replay: Replay = {
        id: newId('rpl', NOW),
        workspace: WORKSPACE,
        taskId: TASK.id,
        task: TASK.slug,
        from: null,
        to: NOW,
        what,
        status: 'running',
        progress: { done: 0, total: null },
        result: null,
        error: null,
        requestedBy: 'key_1',
        attempts: 1,
        cancelRequested: false,
        createdAt: NOW,
        startedAt: NOW,
        finishedAt: null,
      };
      return replayLedger(ports, replay, { signal, progress: async () => {} });
    },
  };
}
