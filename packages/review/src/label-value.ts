/** An item with the greatest value is worked on as if it had come this much earlier. Nothing starves: age wins in the end. */
export const HEAD_START_MS = 4 * 3_600_000;
/** Somebody waits for the answer of an appeal. */
export const APPEAL_HEAD_START_MS = 24 * 3_600_000;

export interface Judged {
  candidates: readonly { label: string; score: number }[];
  confidence: number | null;
  threshold: number | null;
  suggestion: { label: string; confidence: number } | null;
}

/**
 * How much a person's label teaches, 0…1: most where the model was unsure between its best two labels or its confidence
 * stood close to the threshold, and for labels that come seldom (uncertainty sampling; Settles 2009, §2.4). Without
 * a model every label is worth the same.
 *
 * @param suggested how often each label was suggested among recent items of the task
 */
export function labelValue(decision: Judged, suggested: ReadonlyMap<string, number>): number {
  const { candidates, suggestion, confidence, threshold } = decision;
  if (suggestion === null || confidence === null) return 0.5;
  const margin = (candidates[0]?.score ?? confidence) - (candidates[1]?.score ?? 0);
  const unsure = 1 - clamp(margin);
  const close = threshold === null || threshold <= 0 ? unsure : 1 - clamp(Math.abs(threshold - confidence) / threshold);
  let total = 0;
  for (const count of suggested.values()) total += count;
  const share = ((suggested.get(suggestion.label) ?? 0) + 1) / (total + Math.max(1, suggested.size));
  const rare = 1 - clamp(share * Math.max(1, suggested.size)); // 0 for a label as frequent as the average or more
  return round(0.7 * Math.max(unsure, close) + 0.3 * rare);
}

/** When an item's turn is, on a scale of ms since the epoch: the least goes first. */
export function dueAt(createdAt: number, value: number, appeal = false): number {
  return Math.round(createdAt - value * HEAD_START_MS - (appeal ? APPEAL_HEAD_START_MS : 0));
}

const clamp = (x: number) => (Number.isFinite(x) ? Math.min(1, Math.max(0, x)) : 0);
const round = (x: number) => Math.round(x * 1e6) / 1e6;
