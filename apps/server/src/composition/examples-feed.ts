import type { DecisionLabel, LabelledDecisions } from '@understudy/lake';
import { authority, type FeedConsumer, type FeedEntry, type RecordedDecision } from '@understudy/ledger';

/**
 * Makes examples of the decisions that somebody labelled. What does not count as truth (an echo of our own answer, an
 * appeal) and what was erased never becomes one.
 */
export function examplesFeed(labelled: LabelledDecisions): FeedConsumer {
  return {
    name: 'examples',
    async apply(tx, workspace, entries) {
      await labelled.record(tx, workspace, entries.flatMap(toLabel));
      const erased = entries.flatMap((entry) => (entry.kind === 'erasure' ? [entry.decision] : []));
      await labelled.forget(tx, workspace, erased);
    },
    reset: (tx, workspace) => labelled.clear(tx, workspace),
  };
}

function toLabel(entry: FeedEntry): DecisionLabel[] {
  if (entry.kind !== 'label') return [];
  const { label, decision } = entry;
  const weight = authority(label);
  const text = textOf(decision);
  if (weight === 0 || text === null) return [];
  return [
    {
      taskId: decision.task.id,
      input: { text },
      label: label.label,
      subject: decision.subject,
      external_id: decision.externalId,
      occurred_at: decision.created_at,
      attributes: (decision.attributes ?? {}) as DecisionLabel['attributes'],
      decision: decision.id,
      source: label.source === 'reviewer' || label.source === 'audit' ? label.source : 'application',
      probability: label.probability,
      labelled_at: label.createdAt,
      label_id: label.id,
      authority: weight,
    },
  ];
}

/** Null when the input was erased: then the hash is all that is left, and nothing can be learnt from it. */
function textOf({ erased, input }: RecordedDecision): string | null {
  if (erased || typeof input !== 'object' || input === null) return null;
  const { text } = input as { text?: unknown };
  return typeof text === 'string' ? text : null;
}
