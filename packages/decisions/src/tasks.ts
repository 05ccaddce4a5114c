import { isDeepStrictEqual } from 'node:util';
import { type Clock, newId, type Principal } from '@understudy/kernel';
import type { TaskDefinition } from '@understudy/wire';
import { decisionsErrors } from './errors.ts';
import type { AuditTrail, TaskStore } from './ports.ts';
import { checkLabels, checkNewLabels, etagOf, startsNewRevision, type Task, withDefaults } from './task.ts';

export interface Preconditions {
  /** `If-Match`: the ETag that the caller edits on top of, a list of them, or `*` (the task must be there). */
  ifMatch?: string;
  /** `If-None-Match: *`: create only. */
  createOnly?: boolean;
}

/** Making, editing and reading tasks. */
export class Tasks {
  readonly #store: TaskStore;
  readonly #audit: AuditTrail;
  readonly #clock: Clock;

  constructor(ports: { store: TaskStore; audit: AuditTrail; clock: Clock }) {
    this.#store = ports.store;
    this.#audit = ports.audit;
    this.#clock = ports.clock;
  }

  /** Creates or replaces a task. Throws task_exists, stale_version, duplicate_label, kind_immutable. */
  async put(
    principal: Principal,
    slug: string,
    definition: TaskDefinition,
    conditions: Preconditions,
    requestId: string,
  ): Promise<{ task: Task; created: boolean }> {
    checkLabels(definition);
    const now = this.#clock.now();
    return this.#store.edit(principal.workspace, slug, async (before, tx) => {
      if (before !== null && conditions.createOnly === true) {
        throw decisionsErrors.task_exists(`the task ${slug} exists`);
      }
      if (conditions.ifMatch !== undefined && !matches(conditions.ifMatch, before)) {
        throw decisionsErrors.stale_version(`the task ${slug} has another version than the one you edited`);
      }
      const next = withDefaults(slug, definition);
      if (before !== null && before.definition.kind !== next.kind) {
        throw decisionsErrors.kind_immutable(`the task ${slug} is of kind ${before.definition.kind}`);
      }
      // Deep equality, because a store may give the fields back in another order.
      if (before !== null && isDeepStrictEqual(before.definition, next)) {
        return { task: before, created: false, write: false };
      }
      const task: Task = {
        id: before?.id ?? newId('task', now),
        workspace: principal.workspace,
        slug,
        definition: next,
        revision: before === null ? 1 : before.revision + (startsNewRevision(before.definition, next) ? 1 : 0),
        version: (before?.version ?? 0) + 1,
        createdAt: before?.createdAt ?? now,
        updatedAt: now,
      };
      await this.#audit.record(tx, {
        principal,
        action: before === null ? 'task.created' : 'task.updated',
        resource: slug,
        requestId,
        details: { revision: task.revision },
      });
      return { task, created: before === null, write: true };
    });
  }

  /** Throws task_not_found. */
  async get(workspace: string, slug: string): Promise<Task> {
    const task = await this.#store.find(workspace, slug);
    if (task === null) throw decisionsErrors.task_not_found(`no task ${slug} in this workspace`);
    return task;
  }

  /** Whether `label` was a label of this revision of a task: what a decision made under it may be told. */
  async allowsLabel(workspace: string, taskId: string, revision: number, label: string): Promise<boolean> {
    const labels = await this.#store.labelsAt(workspace, taskId, revision);
    return labels?.includes(label) ?? false;
  }

  list(workspace: string, page: { limit: number; after?: string }): Promise<Task[]> {
    return this.#store.list(workspace, page);
  }

  /** The task disappears from lists and answers; its decisions and labels stay in the ledger. */
  async remove(principal: Principal, slug: string, conditions: Preconditions, requestId: string): Promise<void> {
    await this.#store.edit(principal.workspace, slug, async (before, tx) => {
      if (before === null) throw decisionsErrors.task_not_found(`no task ${slug} in this workspace`);
      if (conditions.ifMatch !== undefined && !matches(conditions.ifMatch, before)) {
        throw decisionsErrors.stale_version(`the task ${slug} has another version than the one you meant`);
      }
      await this.#audit.record(tx, { principal, action: 'task.deleted', resource: slug, requestId, details: {} });
      return { task: before, created: false, write: true, remove: true };
    });
  }

  /**
   * Adds labels that the task lacks (an import with `new_labels=add`). Throws task_not_found, duplicate_label,
   * invalid_label, too_many_labels.
   */
  async addLabels(principal: Principal, slug: string, names: readonly string[], requestId: string): Promise<Task> {
    const now = this.#clock.now();
    const { task } = await this.#store.edit(principal.workspace, slug, async (before, tx) => {
      if (before === null) throw decisionsErrors.task_not_found(`no task ${slug} in this workspace`);
      const known = new Set(before.definition.labels.map((label) => label.name));
      const added = [...new Set(names)].filter((name) => !known.has(name));
      if (added.length === 0) return { task: before, created: false, write: false };
      const definition = {
        ...before.definition,
        labels: [...before.definition.labels, ...added.map((name) => ({ name }))],
      };
      checkNewLabels(definition, added);
      checkLabels(definition);
      await this.#audit.record(tx, {
        principal,
        action: 'task.labels_added',
        resource: slug,
        requestId,
        details: { labels: added.slice(0, 100), count: added.length },
      });
      const task = {
        ...before,
        definition,
        revision: before.revision + 1,
        version: before.version + 1,
        updatedAt: now,
      };
      return { task, created: false, write: true };
    });
    return task;
  }
}

/** RFC 9110, 13.1.1: strong comparison, so that a weak ETag matches nothing. */
function matches(ifMatch: string, task: Task | null): boolean {
  if (task === null) return false;
  if (ifMatch.trim() === '*') return true;
  const etag = etagOf(task);
  return ifMatch.split(',').some((candidate) => candidate.trim() === etag);
}
