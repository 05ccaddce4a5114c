/** Why an item stands in the queue. Reviewers never learn it. */
export type ItemKind = 'review' | 'audit' | 'appeal' | 'gold';

/** `answering`: a verdict was accepted and is on its way into the ledger. */
export type ItemState = 'waiting' | 'answering' | 'answered' | 'closed';
export type Escalation = 'by_reviewer' | 'skipped' | 'disagreement';
export type CloseReason = 'answered_elsewhere' | 'erased' | 'task_deleted' | 'labels_gone';

export interface Claim {
  /** Fencing token: another claim makes another one, and what comes with this one then is too late. */
  token: string;
  by: string;
  /** Milliseconds since the epoch, by the database's clock. */
  at: number;
  until: number;
  /** By the database's clock; an expired claim still counts until somebody else takes the item. */
  live: boolean;
  /** The token of the verdict that this claim undid. */
  undoes: string | null;
}

/** What enters the queue. Times in ms since the epoch, lots uniform in [0, 1). */
export interface NewItem {
  id: string;
  decision: string;
  taskId: string;
  task: string;
  taskRevision: number;
  kind: ItemKind;
  reason: string | null;
  probability: number | null;
  value: number;
  dueAt: number;
  createdAt: number;
  input: unknown;
  modelLabel: string | null;
  modelConfidence: number | null;
  hideLot: number;
  secondLot: number;
  goldLot: number;
  gold: { id: string; truth: string } | null;
}

export interface Item extends NewItem {
  /** It was skipped or escalated. */
  irregular: boolean;
  state: ItemState;
  escalation: Escalation | null;
  closedReason: CloseReason | null;
  round: number;
  claim: Claim | null;
  skips: number;
  opinions: number;
  answer: string | null;
  answeredAt: number | null;
}

/** One reviewer's word about one item. `id` is the id of the ledger's label. */
export interface Verdict {
  id: string;
  item: string;
  round: number;
  decision: string;
  taskId: string;
  task: string;
  kind: ItemKind;
  reviewer: string;
  token: string;
  label: string;
  seconds: number;
  note: string | null;
  probability: number | null;
  shown: string | null;
  modelLabel: string | null;
  gold: { id: string; truth: string } | null;
  deciding: boolean;
  state: 'pending' | 'recorded' | 'undone';
  at: number;
}

/** A review item's id follows from its decision's, so that a prediction can name it before the item exists. */
export const itemIdOf = (decision: string): string => `itm_${decision.slice(4)}`;

/** How an item's state reads for people. */
export function statusOf(item: Item): 'waiting' | 'claimed' | 'escalated' | 'answered' | 'closed' {
  if (item.state === 'answered' || item.state === 'answering') return 'answered';
  if (item.state === 'closed') return 'closed';
  if (item.claim?.live === true) return 'claimed';
  return item.escalation === null ? 'waiting' : 'escalated';
}

/**
 * With which probability the decision was to be labelled, as the label says it. Skipping and escalating change who
 * answers, never whether: the item ends with a lead. Without these, the hardest ones, audits would flatter.
 */
export const probabilityOf = (item: Item): number | null => item.probability;

/** The suggestion that reviewers see: of ordinary items only, and not of the share that is shown without. */
export function shownSuggestion(item: Item, hiddenShare: number): { label: string; confidence: number } | null {
  if (item.kind !== 'review' || item.modelLabel === null || item.hideLot < hiddenShare) return null;
  return { label: item.modelLabel, confidence: item.modelConfidence ?? 0 };
}

/** While audits run, at least this share of ordinary items is shown without a suggestion as well. */
const LEAST_HIDDEN = 0.5;

/** Audit items have no suggestion; unless ordinary ones often have none either, its absence would give them away. */
export function hiddenShareOf(task: { auditRate: number; hideSuggestions: number }): number {
  return task.auditRate > 0 ? Math.max(task.hideSuggestions, LEAST_HIDDEN) : task.hideSuggestions;
}
