import { idTime } from '@understudy/kernel';
import type { Verdict } from '@understudy/ledger';
import type { DecisionRecord, RecordParser } from './record-reading.ts';

/** A decision as the ledger has it, as far as a replay needs it. */
export interface Recorded extends DecisionRecord {
  id: string;
  at: number;
  erased: boolean;
  /** The text that was decided over; null when not read or erased. */
  text: string | null;
  /** What a person said it is, in the lane in which people are asked at random or always. */
  truth: string | null;
  /** Seconds of each timed verdict on it, added up, and how many there were. */
  seconds: number;
  timed: number;
}

export interface DecisionRow {
  id: string;
  record: string;
  payload: string | null;
  erased: boolean;
}

export function readDecision(parser: RecordParser, { id, record, payload, erased }: DecisionRow): Recorded {
  const recorded = parser.parse(record) as Recorded;
  recorded.id = id;
  recorded.at = idTime(id);
  recorded.erased = erased;
  recorded.text = payload === null ? null : textOf(payload);
  recorded.truth = null;
  recorded.seconds = 0;
  recorded.timed = 0;
  return recorded;
}

export function textOf(payload: string): string | null {
  const { input } = JSON.parse(payload) as { input?: { text?: unknown } };
  return typeof input?.text === 'string' ? input.text : null;
}

/**
 * Adds what people said of a decision. Truth comes from reviewers where it was left to people, and from audits where it
 * was automated: there people are asked always, or at random. Whatever else is known of it was not drawn at random.
 */
export function addVerdicts(decision: Recorded, verdicts: readonly Verdict[], from: number, to: number): void {
  let audited = false;
  let latest: string | null = null;
  for (let at = from; at < to; at++) {
    const { label, source, seconds } = verdicts[at]!;
    latest = label; // in order of time
    if (source === 'audit') audited = true;
    if (seconds !== null) {
      decision.seconds += seconds;
      decision.timed++;
    }
  }
  if (decision.outcome === 'review' || (audited && decision.audit !== null)) decision.truth = latest;
}
