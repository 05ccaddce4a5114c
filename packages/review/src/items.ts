import { isId, type Principal } from '@understudy/kernel';
import { reviewErrors } from './errors.ts';
import type { Item, ItemKind, Verdict } from './item.ts';
import type { Explainer, Handback, ItemFilter, ReviewStore } from './ports.ts';
import { isLead } from './review.ts';

/** Reading items. */
export class Items {
  readonly #store: ReviewStore;
  readonly #explainer: Explainer;

  constructor(ports: { store: ReviewStore; explainer: Explainer }) {
    this.#store = ports.store;
    this.#explainer = ports.explainer;
  }

  /** Newest first. @throws `invalid_cursor` */
  async list(
    workspace: string,
    query: { task?: string; status?: string; kind?: string; limit?: number; cursor?: string },
  ): Promise<{ data: Item[]; nextCursor: string | null }> {
    const limit = query.limit ?? 50;
    const before = query.cursor === undefined ? null : positionOf(query.cursor, 'itm');
    const filter: ItemFilter = {
      task: query.task,
      kind: query.kind as ItemKind | undefined,
      status: query.status as ItemFilter['status'],
    };
    const rows = await this.#store.list(workspace, filter, { limit: limit + 1, before });
    const data = rows.slice(0, limit);
    return { data, nextCursor: rows.length > limit ? cursorOf(data.at(-1)!.id) : null };
  }

  /** @throws `review_item_not_found` */
  async get(
    workspace: string,
    id: string,
  ): Promise<{ item: Item; history: { verdicts: Verdict[]; handbacks: Handback[] } }> {
    const [item, history] = await Promise.all([this.#store.find(workspace, id), this.#store.history(workspace, id)]);
    if (item === null) throw reviewErrors.review_item_not_found('there is no such review item');
    return { item, history };
  }

  /**
   * What moved the model, for whoever gave a verdict on the item, and for leads once somebody did.
   *
   * @throws `review_item_not_found` `explanation_before_verdict` `explanation_unavailable`
   */
  async explanation(principal: Principal, id: string): Promise<unknown> {
    const { workspace } = principal;
    const { item, history } = await this.get(workspace, id);
    const given = history.verdicts.filter(({ state }) => state === 'recorded');
    if (!given.some(({ reviewer }) => reviewer === principal.id || isLead(principal))) {
      throw reviewErrors.explanation_before_verdict('the explanation is shown after the own verdict');
    }
    const decision = item.gold === null ? item.decision : await this.#store.decisionOfGold(workspace, item.gold.id);
    const explanation = decision === null ? null : await this.#explainer.explain(workspace, decision);
    if (explanation === null) throw reviewErrors.explanation_unavailable('no model took part in this decision');
    return explanation;
  }
}

/** A cursor is the last id seen, base64url so that nobody builds on its shape. */
export const cursorOf = (id: string): string => Buffer.from(id).toString('base64url');

export function positionOf(cursor: string, prefix: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (!isId(prefix, id)) throw reviewErrors.invalid_cursor('the cursor is not one of this list');
  return id;
}
