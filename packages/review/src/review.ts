import { type Clock, isUnderstudyError, type Logger, newId, type Principal, silentLogger } from '@understudy/kernel';
import { ledgerErrors } from '@understudy/ledger';
import { reviewErrors } from './errors.ts';
import { hiddenShareOf, type Item, shownSuggestion, type Verdict } from './item.ts';
import type {
  AfterVerdict,
  ClaimRequest,
  HandbackAction,
  ReviewStore,
  ReviewTasks,
  TaskRules,
  VerdictLedger,
} from './ports.ts';

/** How long a verdict can be taken back by whoever gave it. */
export const UNDO_SECONDS = 300;
/** An item that this many reviewers skipped goes to a lead. */
export const ESCALATE_AFTER_SKIPS = 2;
/** Leases are made this long until the item's task is looked up. */
const USUAL_LEASE_SECONDS = 300;
/** An accepted verdict that is not in the ledger after so long: whoever was bringing it there has died. */
const SETTLE_AFTER_SECONDS = 10;

const MOST_HANDED_OUT = 20_000;

export interface ReviewOptions {
  store: ReviewStore;
  tasks: ReviewTasks;
  ledger: VerdictLedger;
  clock: Clock;
  logger?: Logger;
}

/** A claimed item as its reviewer may see it. */
export interface Claimed {
  item: Item;
  rules: TaskRules;
  suggestion: { label: string; confidence: number } | null;
  /** Answers that the item can have. */
  labels: readonly string[];
}

export interface GivenVerdict {
  token: string;
  label: string;
  seconds?: number | undefined;
  note?: string | undefined;
}

export const isLead = (principal: Principal): boolean => principal.scopes.has('review:lead');

/**
 * Claiming items and answering them. Every way through is the same for every kind of item, so that neither an answer's
 * content nor its time tells a reviewer what the item is.
 */
export class Review {
  readonly #store: ReviewStore;
  readonly #tasks: ReviewTasks;
  readonly #ledger: VerdictLedger;
  readonly #clock: Clock;
  readonly #logger: Logger;
  /**
   * Items that this process handed out: what of them a verdict is checked against never changes, and reading it again
   * would cost a round trip. The claim itself is always checked in the store.
   */
  readonly #handedOut = new Map<string, Item>();
  /** Verdicts that this process is bringing into the ledger: a repeated request waits for the first. */
  readonly #underWay = new Map<string, Promise<void>>();

  constructor(options: ReviewOptions) {
    this.#store = options.store;
    this.#tasks = options.tasks;
    this.#ledger = options.ledger;
    this.#clock = options.clock;
    this.#logger = (options.logger ?? silentLogger).child({ component: 'review' });
  }

  /**
   * Takes up to `limit` items under a lease, most urgent first. Items of tasks that are gone are closed on the way.
   *
   * @throws `leads_only`
   */
  async claim(
    principal: Principal,
    request: {
      task?: string | undefined;
      limit: number;
      queue: 'reviewers' | 'leads';
      items?: readonly string[] | undefined;
    },
  ): Promise<Claimed[]> {
    if ((request.queue === 'leads' || request.items !== undefined) && !isLead(principal)) {
      throw reviewErrors.leads_only('the key lacks the scope review:lead');
    }
    const { workspace } = principal;
    const known = request.task === undefined ? null : await this.#tasks.find(workspace, request.task);
    const ask: ClaimRequest = {
      reviewer: principal.id,
      task: request.task ?? null,
      limit: request.items?.length ?? request.limit,
      leaseSeconds: known?.leaseSeconds ?? USUAL_LEASE_SECONDS,
      from: request.items ?? request.queue,
    };
    for (;;) {
      const items = await this.#store.claim(workspace, ask);
      const claimed = await this.#presentable(workspace, items);
      const wrong = claimed.filter(({ rules }) => rules.leaseSeconds !== ask.leaseSeconds);
      if (wrong.length > 0) {
        const leases = wrong.map(({ item, rules }) => ({
          item: item.id,
          token: item.claim!.token,
          seconds: rules.leaseSeconds,
        }));
        await this.#store.lease(workspace, leases);
        for (const { item, rules } of wrong) item.claim!.until = item.claim!.at + rules.leaseSeconds * 1000;
      }
      // All that was taken had lost its task or labels: look further, each round closes what it found.
      if (claimed.length > 0 || items.length === 0 || request.items !== undefined) return claimed;
    }
  }

  /** What the caller holds now. */
  async claims(principal: Principal): Promise<Claimed[]> {
    const items = await this.#store.claimsOf(principal.workspace, principal.id);
    return this.#presentable(principal.workspace, items);
  }

  /** Closes items that nobody can answer any more, and gives the rest what their reviewer sees. */
  async #presentable(workspace: string, items: readonly Item[]): Promise<Claimed[]> {
    const claimed: Claimed[] = [];
    for (const item of items) {
      const rules = await this.#rulesOf(workspace, item);
      if (rules === null) continue;
      const labels = await this.#answersOf(workspace, item, rules);
      if (labels.length === 0) {
        await this.#store.close(workspace, { item: item.id }, 'labels_gone');
        continue;
      }
      claimed.push({ item, rules, labels, suggestion: shownSuggestion(item, hiddenShareOf(rules)) });
      if (this.#handedOut.size >= MOST_HANDED_OUT) this.#handedOut.delete(this.#handedOut.keys().next().value!);
      this.#handedOut.set(`${workspace} ${item.id} ${item.claim?.token}`, { ...item, input: null });
    }
    return claimed;
  }

  /** Null when the task is gone, in which case all its items are closed. A new task of the same name is another one. */
  async #rulesOf(workspace: string, item: Pick<Item, 'task' | 'taskId'>): Promise<TaskRules | null> {
    const rules = await this.#tasks.find(workspace, item.task);
    if (rules?.id === item.taskId) return rules;
    await this.#store.close(workspace, { taskId: item.taskId }, 'task_deleted');
    return null;
  }

  /** Labels that the task has now and that the decision's revision knew. */
  async #answersOf(workspace: string, item: Item, rules: TaskRules): Promise<string[]> {
    const own = new Set(await this.#tasks.labelsAt(workspace, item.taskId, item.taskRevision));
    return rules.labels.map(({ name }) => name).filter((name) => own.has(name));
  }

  /**
   * Answers an item: the verdict is accepted under the claim, becomes a label of the decision and settles the item.
   * The same verdict under the same claim answers the same, however often it comes and whichever server it meets.
   *
   * @throws `review_item_not_found` `review_item_closed` `claim_lost` `verdict_differs` `unknown_label` `label_removed`
   * `label_too_new` `ledger_overloaded`
   */
  async verdict(principal: Principal, id: string, given: GivenVerdict): Promise<Verdict> {
    const { workspace } = principal;
    const item = this.#handedOut.get(`${workspace} ${id} ${given.token}`) ?? (await this.#find(workspace, id));
    const rules = await this.#rulesOf(workspace, item);
    if (rules !== null) await this.#checkLabel(principal, item, rules, given);
    const begun = await this.#store.beginVerdict(workspace, {
      id: newId('lab', this.#clock.now()),
      item: id,
      token: given.token,
      reviewer: principal.id,
      label: given.label,
      seconds: given.seconds ?? null,
      idleLimitSeconds: rules?.idleLimitSeconds ?? USUAL_LEASE_SECONDS,
      note: given.note ?? null,
      shown: rules === null ? null : (shownSuggestion(item, hiddenShareOf(rules))?.label ?? null),
    });
    if (begun.outcome === 'refused') throw refusal(begun.item);
    const { verdict } = begun;
    if (begun.outcome === 'repeated' && verdict.label !== given.label) {
      throw reviewErrors.verdict_differs(`this claim answered “${verdict.label}”; undo it to answer otherwise`);
    }
    if (verdict.state === 'pending') {
      await this.#settle(workspace, begun.item, verdict, begun.others, begun.outcome === 'repeated');
    }
    return { ...verdict, state: 'recorded' };
  }

  async #checkLabel(principal: Principal, item: Item, rules: TaskRules, given: GivenVerdict): Promise<void> {
    const { workspace } = principal;
    const { label, token } = given;
    const present = rules.labels.some(({ name }) => name === label);
    const own = await this.#tasks.labelsAt(workspace, item.taskId, item.taskRevision);
    const known = own?.includes(label) ?? false;
    if (present && known) return;
    // A verdict that counted already answers as it did, whatever has become of its label since.
    const { verdicts } = await this.#store.history(workspace, item.id);
    if (verdicts.some((one) => one.token === token && one.reviewer === principal.id && one.label === label)) return;
    const problem = (code: string, detail: string) => ({ problems: [{ pointer: '/label', code, detail }] });
    if (known) {
      const detail = `“${label}” was removed from the labels of ${item.task}`;
      throw reviewErrors.label_removed(detail, problem('label_removed', detail));
    }
    if (present) {
      const detail = `“${label}” was added after this decision was made under revision ${item.taskRevision} of ${item.task}`;
      throw reviewErrors.label_too_new(detail, problem('label_too_new', detail));
    }
    const detail = `“${label}” is not a label of ${item.task}`;
    throw ledgerErrors.unknown_label(detail, problem('unknown_label', detail));
  }

  /** Brings an accepted verdict into the ledger and moves its item on. Done twice, it is done once. */
  #settle(
    workspace: string,
    item: Item,
    verdict: Verdict,
    others: readonly Verdict[],
    perhapsThere: boolean,
  ): Promise<void> {
    const key = `${workspace} ${verdict.id}`;
    const running = this.#underWay.get(key);
    if (running !== undefined) return running;
    const work = this.#bring(workspace, item, verdict, others, perhapsThere).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, work);
    return work;
  }

  async #bring(
    workspace: string,
    item: Item,
    verdict: Verdict,
    others: readonly Verdict[],
    perhapsThere: boolean,
  ): Promise<void> {
    if (verdict.gold === null) {
      const there = perhapsThere && (await this.#ledger.has(workspace, verdict.decision, verdict.id));
      if (!there) await this.#append(workspace, item, verdict);
    }
    const rules = await this.#tasks.find(workspace, item.task);
    const own = rules?.id === item.taskId ? rules : null;
    await this.#store.finishVerdict(workspace, verdict.id, nextOf(item, verdict, others, own));
    if (own !== null && verdict.gold === null && item.goldLot < own.goldRate && others.length === 0) {
      await this.#insertGold(workspace, item);
    }
  }

  async #append(workspace: string, item: Item, verdict: Verdict): Promise<void> {
    try {
      await this.#ledger.append(workspace, {
        id: verdict.id,
        decision: verdict.decision,
        label: verdict.label,
        source: verdict.kind === 'audit' ? 'audit' : 'reviewer',
        principal: verdict.reviewer,
        probability: verdict.probability,
        item: item.id,
        seconds: verdict.seconds,
        note: verdict.note,
      });
    } catch (error) {
      // A coded error wrote nothing. Another server may have been quicker with the same verdict, though.
      if (isUnderstudyError(error) || !(await this.#ledger.has(workspace, verdict.decision, verdict.id))) throw error;
    }
  }

  async #insertGold(workspace: string, item: Item): Promise<void> {
    const decision = newId('dec', this.#clock.now());
    const id = `itm_${decision.slice(4)}`;
    try {
      await this.#store.insertGold(workspace, item.taskId, {
        id,
        decision,
        lot: item.secondLot,
        hideLot: item.hideLot,
      });
    } catch (error) {
      // The verdict is given: a control that could not be placed must not turn it into a failure.
      this.#logger.warn({ err: error, workspace }, 'a gold item could not be put into the queue');
    }
  }

  /** Finishes verdicts that a process accepted and then died with. Returns how many. */
  async settleLeftovers(): Promise<number> {
    const left = await this.#store.unsettled(SETTLE_AFTER_SECONDS, 100);
    for (const { workspace, item, verdict, others } of left) {
      await this.#settle(workspace, item, verdict, others, true);
    }
    return left.length;
  }

  /**
   * Ends a claim without a verdict. `skip`: another reviewer shall answer it. `release`: as if it had not been
   * claimed. `escalate`: a lead shall answer it. Repeated with the same token it answers the same.
   *
   * @throws `review_item_not_found` `review_item_closed` `claim_lost`
   */
  async handBack(
    principal: Principal,
    id: string,
    request: { token: string; action: HandbackAction; note?: string | undefined },
  ): Promise<Item> {
    const done = await this.#store.handBack(principal.workspace, {
      item: id,
      token: request.token,
      reviewer: principal.id,
      action: request.action,
      note: request.note ?? null,
      escalateAfterSkips: ESCALATE_AFTER_SKIPS,
    });
    const item = await this.#store.find(principal.workspace, id);
    if (!done || item === null) throw refusal(item);
    return item;
  }

  /**
   * Takes the caller's own verdict back and claims the item anew. The label stays in the ledger's history until
   * the next verdict supersedes it, by this reviewer or, when the new claim ends without one, by another.
   *
   * @throws `review_item_not_found` `review_item_closed` `undo_too_late`
   */
  async undo(principal: Principal, id: string, token: string): Promise<Claimed> {
    const { workspace } = principal;
    const before = await this.#find(workspace, id);
    const rules = await this.#rulesOf(workspace, before);
    if (rules === null) throw refusal({ ...before, state: 'closed', closedReason: 'task_deleted' });
    const item = await this.#store.undo(workspace, {
      item: id,
      token,
      reviewer: principal.id,
      windowSeconds: UNDO_SECONDS,
      leaseSeconds: rules.leaseSeconds,
    });
    if (item === null) {
      throw reviewErrors.undo_too_late(`a verdict can be taken back for ${UNDO_SECONDS} seconds, by whoever gave it`);
    }
    const labels = await this.#answersOf(workspace, item, rules);
    return { item, rules, labels, suggestion: shownSuggestion(item, hiddenShareOf(rules)) };
  }

  async #find(workspace: string, id: string): Promise<Item> {
    const item = await this.#store.find(workspace, id);
    if (item === null) throw refusal(null);
    return item;
  }
}

/** Where an item goes after a verdict. */
function nextOf(item: Item, verdict: Verdict, others: readonly Verdict[], rules: TaskRules | null): AfterVerdict {
  if (item.gold !== null || verdict.deciding || rules === null) return { state: 'answered' };
  if (others.length === 0) {
    return item.secondLot < rules.doubleReviewRate ? { state: 'waiting', escalation: null } : { state: 'answered' };
  }
  const agreed = others.every(({ label }) => label === verdict.label);
  return agreed ? { state: 'answered' } : { state: 'waiting', escalation: 'disagreement' };
}

function refusal(item: Item | null): Error {
  if (item === null) return reviewErrors.review_item_not_found('there is no such review item');
  if (item.state === 'closed') {
    const reason = item.closedReason ?? 'answered_elsewhere';
    return reviewErrors.review_item_closed(`the item was closed: ${reason}`, { details: { closed_reason: reason } });
  }
  return reviewErrors.claim_lost('this claim token is not the one of the item’s present claim');
}
