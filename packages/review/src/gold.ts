import { type Clock, newId, type Principal } from '@understudy/kernel';
import { ledgerErrors } from '@understudy/ledger';
import { reviewErrors } from './errors.ts';
import { cursorOf, positionOf } from './items.ts';
import type { Gold, ReviewStore, ReviewTasks, VerdictLedger } from './ports.ts';

/** Decisions whose answer is known, to see how reviewers do without their knowing. */
export class GoldItems {
  readonly #store: ReviewStore;
  readonly #tasks: ReviewTasks;
  readonly #ledger: VerdictLedger;
  readonly #clock: Clock;

  constructor(ports: { store: ReviewStore; tasks: ReviewTasks; ledger: VerdictLedger; clock: Clock }) {
    this.#store = ports.store;
    this.#tasks = ports.tasks;
    this.#ledger = ports.ledger;
    this.#clock = ports.clock;
  }

  /** @throws `decision_not_found` `content_erased` `unknown_label` `gold_exists` */
  async add(
    principal: Principal,
    given: { decision: string; label: string },
  ): Promise<Gold & { answered: number; correct: number }> {
    const { workspace } = principal;
    const decision = await this.#ledger.decision(workspace, given.decision);
    if (decision.erased) throw reviewErrors.content_erased('the content of this decision was erased');
    const labels = await this.#tasks.labelsAt(workspace, decision.taskId, decision.taskRevision);
    if (labels?.includes(given.label) !== true) {
      const detail = `“${given.label}” is not a label of revision ${decision.taskRevision} of ${decision.task}`;
      throw ledgerErrors.unknown_label(detail, { problems: [{ pointer: '/label', code: 'unknown_label', detail }] });
    }
    const gold: Gold = {
      id: newId('gld', this.#clock.now()),
      decision: given.decision,
      taskId: decision.taskId,
      task: decision.task,
      taskRevision: decision.taskRevision,
      input: decision.input,
      label: given.label,
      createdBy: principal.id,
      createdAt: this.#clock.now(),
    };
    if (!(await this.#store.addGold(workspace, gold))) {
      throw reviewErrors.gold_exists('this decision is a gold item already');
    }
    return { ...gold, answered: 0, correct: 0 };
  }

  async list(workspace: string, query: { task?: string; limit?: number; cursor?: string }) {
    const limit = query.limit ?? 50;
    const after = query.cursor === undefined ? null : positionOf(query.cursor, 'gld');
    const rows = await this.#store.listGold(workspace, query.task ?? null, { limit: limit + 1, after });
    const data = rows.slice(0, limit);
    return { data, nextCursor: rows.length > limit ? cursorOf(data.at(-1)!.id) : null };
  }

  /** @throws `gold_not_found` */
  async remove(workspace: string, id: string): Promise<void> {
    if (!(await this.#store.removeGold(workspace, id))) throw reviewErrors.gold_not_found('there is no such gold item');
  }
}
