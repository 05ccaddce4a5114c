import type { Tx } from '@understudy/kernel';
import type { CloseReason, Escalation, Item, ItemKind, ItemState, NewItem, Verdict } from './item.ts';

/** A task as reviewing needs it. */
export interface TaskRules {
  id: string;
  slug: string;
  title: string;
  instructions: string;
  labels: readonly { name: string; description?: string | undefined }[];
  auditRate: number;
  hideSuggestions: number;
  doubleReviewRate: number;
  goldRate: number;
  leaseSeconds: number;
  idleLimitSeconds: number;
}

/** The decisions room. May answer from a cache of a second or two. */
export interface ReviewTasks {
  /** Null when there is no such task (any more). */
  find(workspace: string, slug: string): Promise<TaskRules | null>;
  /** The label names of one revision, also of a deleted task; they never change. */
  labelsAt(workspace: string, taskId: string, revision: number): Promise<readonly string[] | null>;
}

export interface VerdictLabel {
  id: string;
  decision: string;
  label: string;
  source: 'reviewer' | 'audit';
  principal: string;
  probability: number | null;
  item: string;
  seconds: number;
  note: string | null;
}

/** The ledger room. */
export interface VerdictLedger {
  /** Resolves when the label is durable. A label with an id that is there already rejects and changes nothing. */
  append(workspace: string, label: VerdictLabel): Promise<void>;
  has(workspace: string, decision: string, label: string): Promise<boolean>;
  /** What a gold item is made from. Throws decision_not_found. */
  decision(
    workspace: string,
    id: string,
  ): Promise<{ taskId: string; task: string; taskRevision: number; input: unknown; erased: boolean }>;
}

/** What moved the model, in the shape of the prediction API. Null when there is none. */
export interface Explainer {
  explain(workspace: string, decision: string): Promise<unknown>;
}

/** What one ledger row means for the queue. */
export type ItemChange =
  | { change: 'add'; item: NewItem }
  /** Opens the item again, or makes it; one that waits already moves up. */
  | { change: 'appeal'; item: NewItem }
  /** Closes an ordinary item that waits. */
  | { change: 'answered_elsewhere'; item: string }
  | { change: 'erase'; decision: string };

export interface ClaimRequest {
  reviewer: string;
  /** Slug. */
  task: string | null;
  limit: number;
  leaseSeconds: number;
  /** The reviewers' queue, the leads', or these items whichever queue they stand in. */
  from: 'reviewers' | 'leads' | readonly string[];
}

export interface VerdictRequest {
  /** Id of the ledger's label to be. */
  id: string;
  item: string;
  token: string;
  reviewer: string;
  label: string;
  /** As the caller measured; null = since the claim, or since the reviewer's verdict before. */
  seconds: number | null;
  idleLimitSeconds: number;
  note: string | null;
  shown: string | null;
}

/** `others`: what was said about the item in this round by others, oldest first. */
export type BegunVerdict =
  | { outcome: 'begun' | 'repeated'; item: Item; verdict: Verdict; others: readonly Verdict[] }
  | { outcome: 'refused'; item: Item | null };

export type AfterVerdict = { state: 'answered' } | { state: 'waiting'; escalation: Escalation | null };

export type HandbackAction = 'skip' | 'release' | 'escalate';

export interface Handback {
  action: HandbackAction;
  by: string;
  note: string | null;
  at: number;
}

export interface ItemFilter {
  task?: string | undefined;
  kind?: ItemKind | undefined;
  status?: 'waiting' | 'claimed' | 'escalated' | 'answered' | 'closed' | undefined;
}

/** One task's queue as one reviewer stands before it. */
export interface QueueCounts {
  taskId: string;
  task: string;
  depth: number;
  claimed: number;
  oldestAt: number | null;
  escalated: number;
  kinds: Record<ItemKind, number>;
  secondOpinions: number;
}

/** What was done and what came over the last days, by task. */
export interface QueuePace {
  taskId: string;
  medianSeconds: number | null;
  verdictSeconds: number;
  arrived: number;
  /** When the first item of the task came, or the window's start if that is later. */
  since: number;
}

export interface Gold {
  id: string;
  decision: string;
  taskId: string;
  task: string;
  taskRevision: number;
  input: unknown;
  label: string;
  createdBy: string;
  createdAt: number;
}

/**
 * Where items live. All times that decide (leases, windows) are the store's own clock. Laws:
 * `testing/review-store.contract.ts`.
 */
export interface ReviewStore {
  /** In the feed's transaction, in order. Adding an item that is there changes nothing. */
  apply(tx: Tx, workspace: string, changes: readonly ItemChange[]): Promise<void>;
  /** The newest ordinary items of a task, newest first: what audits are mixed among. */
  recent(
    tx: Tx,
    workspace: string,
    taskId: string,
    limit: number,
  ): Promise<{ value: number; modelLabel: string | null }[]>;

  /** In order of work. Never the same item to two callers while a lease runs. */
  claim(workspace: string, request: ClaimRequest): Promise<Item[]>;
  /** Sets the leases of claims just made to another length. */
  lease(workspace: string, items: readonly { item: string; token: string; seconds: number }[]): Promise<void>;
  /** Live claims of a reviewer in order of work. */
  claimsOf(workspace: string, reviewer: string): Promise<Item[]>;
  find(workspace: string, item: string): Promise<Item | null>;

  /** Accepts a verdict under the item's present claim, once; durable when it resolves. */
  beginVerdict(workspace: string, request: VerdictRequest): Promise<BegunVerdict>;
  /** The ledger has it: settles the verdict and moves the item on, once. */
  finishVerdict(workspace: string, verdict: string, after: AfterVerdict): Promise<void>;
  /** Verdicts that were accepted at least so many seconds ago and never settled, of all workspaces. */
  unsettled(
    seconds: number,
    limit: number,
  ): Promise<{ workspace: string; item: Item; verdict: Verdict; others: readonly Verdict[] }[]>;
  /** True when done, or done before by the same call; false when the claim is not the caller's any more. */
  handBack(
    workspace: string,
    request: {
      item: string;
      token: string;
      reviewer: string;
      action: HandbackAction;
      note: string | null;
      escalateAfterSkips: number;
    },
  ): Promise<boolean>;
  /** Takes a verdict back and claims the item for the same reviewer. Null when that cannot be (any more). */
  undo(
    workspace: string,
    request: { item: string; token: string; reviewer: string; windowSeconds: number; leaseSeconds: number },
  ): Promise<Item | null>;
  close(workspace: string, which: { taskId: string } | { item: string }, reason: CloseReason): Promise<void>;

  list(workspace: string, filter: ItemFilter, page: { limit: number; before: string | null }): Promise<Item[]>;
  /** Everything that was said about an item, oldest first. */
  history(workspace: string, item: string): Promise<{ verdicts: Verdict[]; handbacks: Handback[] }>;
  queues(workspace: string, reviewer: string, task: string | null): Promise<QueueCounts[]>;
  pace(workspace: string, task: string | null, days: number): Promise<QueuePace[]>;
  /** Settled verdicts, newest first, and when `since` was. */
  verdicts(
    workspace: string,
    filter: { task: string | null; days: number; limit: number },
  ): Promise<{ verdicts: Verdict[]; since: number }>;

  /** False when the decision is gold already. */
  addGold(workspace: string, gold: Gold): Promise<boolean>;
  listGold(
    workspace: string,
    task: string | null,
    page: { limit: number; after: string | null },
  ): Promise<(Gold & { answered: number; correct: number })[]>;
  decisionOfGold(workspace: string, id: string): Promise<string | null>;
  /** False when it is not there. Items of it that wait are closed. */
  removeGold(workspace: string, id: string): Promise<boolean>;
  /**
   * Puts the least used gold of the task into the queue, as if it were a decision that came just now. Its value is that
   * of one of the newest ordinary items, chosen by `lot`. Nothing happens when the task has no gold.
   */
  insertGold(
    workspace: string,
    taskId: string,
    item: { id: string; decision: string; lot: number; hideLot: number },
  ): Promise<void>;
}

export type { Item, ItemState };
