import type { Certificate } from './certificate.ts';
import type { ModelAnswer } from './ports.ts';
import { scoreOf } from './score.ts';
import type { Task } from './task.ts';

export type ReviewReason = 'below_threshold' | 'not_certified' | 'automation_off' | 'no_model' | 'model_unavailable';

export interface Candidate {
  label: string;
  score: number;
}

/** What was decided about one item, before it is written down. */
export interface Outcome {
  outcome: 'automated' | 'review';
  label: string | null;
  suggestion: { label: string; confidence: number } | null;
  confidence: number | null;
  threshold: number | null;
  reason: ReviewReason | null;
  candidates: Candidate[];
}

/** At most this many candidates are returned and recorded; the rest is noise among hundreds of labels. */
const MAX_CANDIDATES = 5;

/**
 * Labels best first, equal scores in the model's order. Labels that the task no longer has never come back as an
 * answer, and neither does a score that is no number. Scores are rounded to a millionth here, once: the rounded
 * score is what is compared with the threshold, recorded and returned.
 */
export function rank(answer: ModelAnswer, known: ReadonlySet<string>): Candidate[] {
  const best: Candidate[] = [];
  for (let i = 0; i < answer.labels.length; i++) {
    // Cannot round to more than the last of them: among many labels, most end here.
    if (best.length === MAX_CANDIDATES && answer.probabilities[i]! < best[MAX_CANDIDATES - 1]!.score - 1e-6) continue;
    const score = Math.round(answer.probabilities[i]! * 1e6) / 1e6;
    if (!Number.isFinite(score)) continue;
    if (best.length === MAX_CANDIDATES && score <= best[MAX_CANDIDATES - 1]!.score) continue;
    const label = answer.labels[i]!;
    if (!known.has(label)) continue;
    let at = best.length;
    while (at > 0 && best[at - 1]!.score < score) at--;
    best.splice(at, 0, { label, score });
    if (best.length > MAX_CANDIDATES) best.pop();
  }
  return best;
}

/** What the rule of automation needs of a live plan. */
export interface Rule {
  task: Task;
  certificate: Certificate | null;
  labelSet: ReadonlySet<string>;
}

/**
 * The rule of automation. Under a certificate the answer's score is compared with the certified threshold. Without one
 * nothing is automated, unless the task says `uncertified` itself; then the decision carries that word.
 */
export function settle(rule: Rule, answer: ModelAnswer): Outcome {
  const { task, certificate, labelSet } = rule;
  const candidates = rank(answer, labelSet);
  const best = candidates[0];
  if (best === undefined) return toPerson('no_model', null, []);
  const { automation } = task.definition;
  if (automation.mode === 'certified' && certificate !== null && certificate.threshold !== null) {
    const { threshold } = certificate;
    const scored = scoreOf(certificate.score, answer.labels, answer.probabilities, labelSet);
    if (scored === null) return toPerson('no_model', threshold, candidates);
    const { label, score: confidence } = scored;
    if (confidence < threshold) return toPerson('below_threshold', threshold, candidates, scored);
    return { outcome: 'automated', label, suggestion: null, confidence, threshold, reason: null, candidates };
  }
  if (automation.mode === 'uncertified') {
    const threshold = automation.min_confidence;
    if (best.score >= threshold) {
      return {
        outcome: 'automated',
        label: best.label,
        suggestion: null,
        confidence: best.score,
        threshold,
        reason: null,
        candidates,
      };
    }
    return toPerson('below_threshold', threshold, candidates);
  }
  return toPerson(automation.mode === 'off' ? 'automation_off' : 'not_certified', null, candidates);
}

/** Hands the item to a person, with the model's best guess where there is one. */
export function toPerson(
  reason: ReviewReason,
  threshold: number | null,
  candidates: Candidate[],
  best = candidates[0],
): Outcome {
  return {
    outcome: 'review',
    label: null,
    suggestion: best === undefined ? null : { label: best.label, confidence: best.score },
    confidence: best === undefined ? null : best.score,
    threshold,
    reason,
    candidates,
  };
}
