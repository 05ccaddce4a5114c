import type { ScoredRow } from './evaluation.ts';
import { readRows } from './training-files.ts';

/** Rows under way at once: enough to fill batches, few enough to hold little. */
const IN_FLIGHT = 256;
const EXCERPT = 300;

/**
 * Scores the rows of a file with a model whose labels may stand in another order, or lack some: a label that the
 * model does not know gets probability 0, and a prediction outside `labels` counts as wrong (-1).
 */
export async function scoreRows(
  path: string,
  labels: readonly string[],
  score: (text: string) => Promise<{ labels: readonly string[]; probabilities: Float32Array }>,
): Promise<ScoredRow[]> {
  const indexOf = new Map(labels.map((label, index) => [label, index]));
  const scored: ScoredRow[] = [];
  const one = async (at: number, row: { text: string; label: number }) => {
    const answer = await score(row.text);
    let best = 0;
    for (let i = 1; i < answer.probabilities.length; i++) {
      if (answer.probabilities[i]! > answer.probabilities[best]!) best = i;
    }
    const truthAt = answer.labels.indexOf(labels[row.label]!);
    scored[at] = {
      truth: row.label,
      predicted: indexOf.get(answer.labels[best]!) ?? -1,
      confidence: answer.probabilities[best]!,
      truthProbability: truthAt < 0 ? 0 : answer.probabilities[truthAt]!,
      excerpt: excerptOf(row.text),
    };
  };
  let at = 0;
  let pending: Promise<void>[] = [];
  for await (const row of readRows(path)) {
    pending.push(one(at++, row));
    if (pending.length >= IN_FLIGHT) {
      await Promise.all(pending);
      pending = [];
    }
  }
  await Promise.all(pending);
  return scored;
}

/** Never half a surrogate pair: no database stores one. */
function excerptOf(text: string): string {
  if (text.length <= EXCERPT) return text;
  const cut = text.slice(0, EXCERPT);
  return `${cut.isWellFormed() ? cut : cut.slice(0, -1)}…`;
}
