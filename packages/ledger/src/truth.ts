import type { RecordedLabel } from './decision-view.ts';

/**
 * How much a label's word counts: a reviewer's or an audit's verdict over a person of the application over everything
 * else. An appeal says that somebody disagrees, not what is true: it opens a review, whose verdict counts. An echo of
 * our own answer says nothing.
 */
export function authority({ source, person, echo }: RecordedLabel): number {
  if (echo || source === 'appeal') return 0;
  if (source === 'reviewer' || source === 'audit') return 3;
  return person !== null ? 2 : 1;
}

/** The label that counts as the truth of a decision: of the highest authority the latest. Null when none counts. */
export function truthOf(labels: readonly RecordedLabel[]): RecordedLabel | null {
  let truth: RecordedLabel | null = null;
  let most = 1;
  for (const label of labels) {
    const weight = authority(label);
    if (weight < most) continue;
    if (truth !== null && weight === most && label.id < truth.id) continue;
    truth = label;
    most = weight;
  }
  return truth;
}

/** Whether labels that count contradict each other. */
export function labelsConflict(labels: readonly RecordedLabel[]): boolean {
  return new Set(labels.filter(({ echo }) => !echo).map(({ label }) => label)).size > 1;
}
