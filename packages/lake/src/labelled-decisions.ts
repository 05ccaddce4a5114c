import { type Clock, newId, type Tx } from '@understudy/kernel';
import { type AttributeValue, hashesOf } from './example.ts';
import type { LabelledDecisionStore, LabelledRow, StandingLabel } from './ports.ts';

/** A label that counts, with the decision that it is about. */
export interface DecisionLabel extends StandingLabel {
  taskId: string;
  input: Record<string, string>;
  subject: string | null;
  external_id: string | null;
  /** When the decision was made, RFC 3339. */
  occurred_at: string;
  attributes: Record<string, AttributeValue>;
}

/** The later label of the same or more authority stands. */
function replaces(label: StandingLabel, standing: StandingLabel): boolean {
  if (label.authority !== standing.authority) return label.authority > standing.authority;
  return label.label_id > standing.label_id;
}

/**
 * Turns the labels of decisions into examples: one row a decision, whose label is the one that stands. Rows are never
 * merged by their text, because the share of traffic that a text makes up is part of what a certificate promises.
 */
export class LabelledDecisions {
  readonly #store: LabelledDecisionStore;
  readonly #clock: Clock;

  constructor(ports: { store: LabelledDecisionStore; clock: Clock }) {
    this.#store = ports.store;
    this.#clock = ports.clock;
  }

  /**
   * Takes labels in, in any order and more than once. The probability that a decision was to be labelled with is the
   * first that is known: a later label, given for another reason, does not change how the decision came to be labelled.
   */
  async record(tx: Tx, workspace: string, labels: readonly DecisionLabel[]): Promise<void> {
    if (labels.length === 0) return;
    const decisions = [...new Set(labels.map(({ decision }) => decision))];
    const standing = new Map(
      (await this.#store.standing(tx, workspace, decisions)).map((one) => [one.decision, one] as const),
    );
    const changed = new Map<string, DecisionLabel>();
    for (const label of labels) {
      const present = standing.get(label.decision);
      if (present !== undefined && !replaces(label, present)) continue;
      const probability = present?.probability ?? label.probability;
      const next = { ...label, probability };
      standing.set(label.decision, next);
      changed.set(label.decision, next);
    }
    await this.#store.put(
      tx,
      workspace,
      [...changed.values()].map((label) => this.#row(label)),
    );
  }

  /** Takes erased decisions out. Dataset versions that hold them stay as they are. */
  forget(tx: Tx, workspace: string, decisions: readonly string[]): Promise<void> {
    return decisions.length === 0 ? Promise.resolve() : this.#store.remove(tx, workspace, decisions);
  }

  /** Takes every labelled decision of a workspace out, so that they can be taken in again. */
  clear(tx: Tx, workspace: string): Promise<void> {
    return this.#store.clear(tx, workspace);
  }

  #row(given: DecisionLabel): LabelledRow {
    const { taskId, input, label, subject, external_id, occurred_at, attributes } = given;
    const { decision, source, probability, labelled_at, label_id, authority } = given;
    const row = { input, label, subject, external_id, occurred_at, attributes };
    return {
      id: newId('ex', this.#clock.now()),
      taskId,
      ...row,
      ...hashesOf(row, { source, probability, decision, labelled_at }),
      standing: { decision, label, source, probability, labelled_at, label_id, authority },
    };
  }
}
