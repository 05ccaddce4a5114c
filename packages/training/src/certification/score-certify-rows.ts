import { createHash, hash } from 'node:crypto';
import { type ScoreFunction, scoreOf } from '@understudy/decisions';
import { type CertifyFileRow, timeOf } from '../training-files.ts';
import type { ScoredCertifyRow } from './scored-rows.ts';

/** Rows under way at once: enough to fill batches, few enough to hold little. */
const IN_FLIGHT = 256;

type Score = (text: string) => Promise<{ labels: readonly string[]; probabilities: Float32Array }>;

/**
 * Scores labelled rows as serving would, and digests them: SHA-256 over the sorted digests of text, label, source and
 * probability of each, so that a certificate names exactly the evidence it rests on. `labels` names the rows' labels.
 */
export async function scoreCertifyRows(
  rows: AsyncIterable<CertifyFileRow>,
  labels: readonly string[],
  known: ReadonlySet<string>,
  score: Score,
  scoreFunction: ScoreFunction,
): Promise<{ rows: ScoredCertifyRow[]; digest: string }> {
  const scored: ScoredCertifyRow[] = [];
  const digests: string[] = [];
  const one = async (at: number, row: CertifyFileRow) => {
    const { labels: answered, probabilities } = await score(row.text);
    const answer = scoreOf(scoreFunction, answered, probabilities, known);
    const { source, probability, group } = row;
    const wrong = answer === null || answer.label !== labels[row.label];
    // An item without any answer goes to a person: it counts as one of the lowest score.
    const value = answer === null ? 0 : answer.score;
    scored[at] = { score: value, wrong, probability, source, group, occurredAt: timeOf(row.occurredAt) };
  };
  let at = 0;
  let pending: Promise<void>[] = [];
  for await (const row of rows) {
    digests.push(hash('sha256', JSON.stringify([row.text, labels[row.label], row.source, row.probability])));
    pending.push(one(at++, row));
    if (pending.length >= IN_FLIGHT) {
      await Promise.all(pending);
      pending = [];
    }
  }
  await Promise.all(pending);
  const digest = createHash('sha256');
  for (const each of digests.sort()) digest.update(each);
  return { rows: scored, digest: digest.digest('hex') };
}
