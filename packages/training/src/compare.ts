import { exactMcNemar } from '@understudy/statistics';
import type { ScoredRow } from './evaluation.ts';

export interface Verdict {
  better: boolean;
  reason: string;
  evidence: Record<string, unknown>;
}

/**
 * Challenger against champion on the same rows, paired (McNemar 1947): only rows on which they disagree count.
 * The champion may have learnt from some of these rows, the challenger never has, so a tie on correctness is
 * settled by the log loss and the comparison errs on the champion's side.
 */
export function compare(ours: readonly ScoredRow[], theirs: readonly ScoredRow[], champion: string): Verdict {
  let gained = 0;
  let lost = 0;
  let ourLoss = 0;
  let theirLoss = 0;
  for (const [index, mine] of ours.entries()) {
    const other = theirs[index]!;
    const right = mine.predicted === mine.truth;
    const otherRight = other.predicted === other.truth;
    if (right && !otherRight) gained++;
    if (!right && otherRight) lost++;
    ourLoss -= Math.log(Math.max(mine.truthProbability, 1e-12));
    theirLoss -= Math.log(Math.max(other.truthProbability, 1e-12));
  }
  const p = exactMcNemar(gained, lost);
  const better = gained > lost || (gained === lost && ours.length > 0 && ourLoss < theirLoss);
  const facts =
    `on ${ours.length} held-out rows it is right where version ${champion} is wrong ${gained} times and wrong ` +
    `where that is right ${lost} times (exact McNemar p = ${p.toFixed(3)})`;
  return {
    better,
    reason: `${better ? 'promoted' : 'not promoted'}: ${facts}`,
    evidence: {
      method: 'mcnemar_exact',
      rows: ours.length,
      gained,
      lost,
      p_value: p,
      log_loss: ours.length === 0 ? null : ourLoss / ours.length,
      champion_log_loss: ours.length === 0 ? null : theirLoss / ours.length,
      champion,
    },
  };
}
