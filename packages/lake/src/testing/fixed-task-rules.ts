import type { Principal } from '@understudy/kernel';
import { lakeErrors } from '../errors.ts';
import type { TaskForImport } from '../example.ts';
import type { TaskRules } from '../ports.ts';

/** Tasks that a test sets up, by workspace and slug. */
export class FixedTaskRules implements TaskRules {
  readonly #tasks = new Map<string, TaskForImport>();

  set(workspace: string, slug: string, task: TaskForImport): void {
    this.#tasks.set(`${workspace}/${slug}`, task);
  }

  async taskFor(workspace: string, slug: string): Promise<TaskForImport> {
    const task = this.#tasks.get(`${workspace}/${slug}`);
    // The decisions room answers task_not_found; a fake in this room has this room's codes.
    if (task === undefined) throw lakeErrors.dataset_not_found(`no task ${slug}`);
    return task;
  }

  async addLabels(principal: Principal, slug: string, names: readonly string[]): Promise<void> {
    const task = await this.taskFor(principal.workspace, slug);
    this.set(principal.workspace, slug, { ...task, labels: [...new Set([...task.labels, ...names])] });
  }
}
