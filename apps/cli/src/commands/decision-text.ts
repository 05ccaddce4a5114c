import type { Decision } from '@understudy/client';
import { percent } from '../terminal/format.ts';
import type { Output } from '../terminal/output.ts';
import { bold, dim, green, inverse, type Piece, yellow } from '../terminal/style.ts';

const REASONS: Record<string, string> = {
  below_threshold: 'the confidence is below the threshold',
  not_certified: 'no certificate yet: nothing is automated without one',
  automation_off: 'automation is off for this task',
  no_model: 'the task has no model yet',
  model_unavailable: 'the model could not answer',
  audit: 'drawn for an audit',
};

type Answer = Pick<
  Decision,
  'id' | 'outcome' | 'label' | 'confidence' | 'threshold' | 'automation' | 'candidates' | 'decided_by'
> & {
  suggestion?: Decision['suggestion'];
  review?: { reason: string } | null;
};

export function outcomePiece(decision: { outcome: string }): Piece {
  return decision.outcome === 'automated' ? green('automated') : yellow('review');
}

/** What was answered, for people. */
export function showAnswer(out: Output, decision: Answer): void {
  const { suggestion, review, decided_by: by } = decision;
  const best = decision.label ?? suggestion?.label;
  out.line(
    outcomePiece(decision),
    '  ',
    bold(best ?? '–'),
    decision.label === null && best !== undefined ? ' (suggestion)' : '',
    '  ',
    dim(decision.id),
  );
  out.fields([
    ['confidence', decision.confidence === null ? undefined : percent(decision.confidence)],
    ['threshold', decision.threshold === null ? undefined : `${percent(decision.threshold)} (${decision.automation})`],
    ['why review', review === undefined || review === null ? undefined : (REASONS[review.reason] ?? review.reason)],
    ['candidates', decision.candidates.map(({ label, score }) => `${label} ${percent(score)}`).join(', ')],
    ['decided by', by === null ? undefined : `${by.rung} ${by.model} version ${by.version}`],
  ]);
}

/** The weights that made the score, and the text with the strongest n-grams marked. */
export function showExplanation(out: Output, text: string, explanation: NonNullable<Decision['explanation']>): void {
  const features = [...explanation.features].sort((a, b) => Math.abs(b.weight) - Math.abs(a.weight)).slice(0, 12);
  out.line('');
  out.line(...markSpans(text, features));
  out.line('');
  out.table(
    [{ title: 'WEIGHT', align: 'right' }, { title: `FOR ${explanation.label}` }],
    features.map(({ name, weight }) => [weight > 0 ? green(`+${weight.toFixed(3)}`) : yellow(weight.toFixed(3)), name]),
  );
  out.line(
    dim(
      `${explanation.method}: score ${explanation.score.toFixed(3)} ${explanation.unit} = bias ${explanation.bias.toFixed(3)} + what is listed + the rest ${explanation.remainder.toFixed(3)}`,
    ),
  );
}

/** The text in pieces; where a feature that speaks for the label lies, it is marked. */
export function markSpans(text: string, features: { weight: number; span?: number[] }[]): Piece[] {
  const marked = new Uint8Array(text.length);
  for (const { weight, span } of features) {
    if (weight > 0 && span !== undefined) marked.fill(1, Math.max(0, span[0]!), Math.min(text.length, span[1]!));
  }
  const pieces: Piece[] = [];
  for (let from = 0; from < text.length; ) {
    let to = from + 1;
    while (to < text.length && marked[to] === marked[from]) to++;
    const part = text.slice(from, to);
    pieces.push(marked[from] === 1 ? inverse(part) : part);
    from = to;
  }
  return pieces;
}
