import type { Tx } from '@understudy/kernel';
import type { RecordedDecision, RecordedLabel } from './decision-view.ts';
import type { FeedConsumer } from './feed.ts';

/**
 * Whether an application that has fed a label back has only copied our answer. Such a label is kept and never counted:
 * a model that learns from its own answers, or is certified by them, proves nothing.
 *
 * Two rules. A label without a person that equals the automated answer is an echo. And a key whose people *always*
 * agree with us, more often than independent people could, is one that fills in a name: from then on its labels that
 * equal our answer are echoes, until it has disagreed often enough.
 */

/** What is known of one key's labels. */
export interface EchoEvidence {
  /** Natural logarithm of the wealth of the test below; 0 = nothing known. */
  logWealth: number;
  /** Labels that the test looked at, and how many of them said what we had said. */
  labels: number;
  agreed: number;
  /** The key agrees implausibly often. */
  alwaysAgrees: boolean;
}

export const NO_EVIDENCE: EchoEvidence = { logWealth: 0, labels: 0, agreed: 0, alwaysAgrees: false };

/** Models are often better than they say: independent people may agree as if it erred this many times less. */
const MODESTY = 4;
/** The share of the wealth that is bet on agreement; the rest survives a disagreement. */
const STAKE = 0.9;
/** An honest key is taken for an echo at most once in this many labels, in the mean. */
const ALARM = 100_000;

/**
 * One step of a test by betting (Shafer & Vovk; as a change detector Shin, Ramdas & Rinaldo, "E-detectors", 2023).
 * Null hypothesis: somebody looked, so that the label agrees with our answer with a probability of at most
 * q = 1 − (1 − confidence) / 4. The wealth is a martingale under it; restarting it at 1 makes it find a key that
 * begins to copy after a year, and false alarms at least 1 / ALARM labels apart in the mean. Confident answers carry
 * little evidence: it takes 500 agreements in a row at confidence 0.9, 5,000 at 0.99.
 */
export function stepEcho(before: EchoEvidence, agreed: boolean, confidence: number): EchoEvidence {
  const most = 1 - (1 - Math.min(1, Math.max(0, confidence))) / MODESTY;
  const factor = agreed ? 1 + STAKE * (1 / most - 1) : 1 - STAKE;
  const limit = Math.log(ALARM);
  const logWealth = Math.min(limit, Math.max(0, before.logWealth + Math.log(factor)));
  return {
    logWealth,
    labels: before.labels + 1,
    agreed: before.agreed + (agreed ? 1 : 0),
    // Hysteresis: a key that is known to copy has to lose all of the evidence again.
    alwaysAgrees: logWealth >= limit || (before.alwaysAgrees && logWealth > 0),
  };
}

/** What we had said: the automated answer, or the suggestion of a decision that waited for a person. */
export function answerOf(decision: Pick<RecordedDecision, 'label' | 'suggestion'>): string | null {
  return decision.label ?? decision.suggestion?.label ?? null;
}

/** Whether a label that an application gives to a decision is an echo of our answer. */
export function isEcho(
  given: { label: string; person?: string | null | undefined },
  decision: Pick<RecordedDecision, 'label' | 'suggestion'>,
  evidence: Pick<EchoEvidence, 'alwaysAgrees'>,
): boolean {
  const named = given.person !== undefined && given.person !== null;
  if (!named && decision.label !== null && given.label === decision.label) return true;
  return evidence.alwaysAgrees && given.label === answerOf(decision);
}

/** The evidence at rest, a row a key. */
export interface EchoStore {
  /** {@link NO_EVIDENCE} for a key that has given no label. */
  of(workspace: string, principal: string): Promise<EchoEvidence>;
  list(workspace: string): Promise<(EchoEvidence & { principal: string })[]>;
  /** Locks what it returns. */
  read(tx: Tx, workspace: string, principals: readonly string[]): Promise<Map<string, EchoEvidence>>;
  write(tx: Tx, workspace: string, evidence: ReadonlyMap<string, EchoEvidence>): Promise<void>;
  clear(tx: Tx, workspace: string): Promise<void>;
}

/** Null where a label tells nothing about whether its key copies. */
function testimony(label: RecordedLabel, decision: RecordedDecision): { agreed: boolean; confidence: number } | null {
  const answer = answerOf(decision);
  const confidence = decision.confidence ?? decision.suggestion?.confidence ?? null;
  if (label.source !== 'application' || answer === null || confidence === null) return null;
  // Without a person, agreement with an automated answer is an echo anyhow, so disagreement alone would be seen.
  if (label.person === null && decision.label !== null) return null;
  return { agreed: label.label === answer, confidence };
}

/** Keeps the evidence as labels are recorded. */
export function echoWatch(store: EchoStore): FeedConsumer {
  return {
    name: 'echo',
    async apply(tx, workspace, entries) {
      const told = entries.flatMap((entry) => {
        const said = entry.kind === 'label' ? testimony(entry.label, entry.decision) : null;
        return said === null || entry.kind !== 'label' ? [] : [{ principal: entry.label.principal, ...said }];
      });
      if (told.length === 0) return;
      const evidence = await store.read(tx, workspace, [...new Set(told.map(({ principal }) => principal))]);
      for (const { principal, agreed, confidence } of told) {
        evidence.set(principal, stepEcho(evidence.get(principal) ?? NO_EVIDENCE, agreed, confidence));
      }
      await store.write(tx, workspace, evidence);
    },
    reset: (tx, workspace) => store.clear(tx, workspace),
  };
}
