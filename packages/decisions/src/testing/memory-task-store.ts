import type { Tx } from '@understudy/kernel';
import type { TaskEdit, TaskStore } from '../ports.ts';
import type { Task } from '../task.ts';

/** Tasks in memory. `tx` is no transaction: a fake audit trail takes no notice of it. */
export class MemoryTaskStore implements TaskStore {
  readonly #tasks = new Map<string, Task>();
  readonly #revisions = new Map<string, string[]>();
  #last: Promise<unknown> = Promise.resolve();

  async find(workspace: string, slug: string): Promise<Task | null> {
    return structuredClone(this.#tasks.get(`${workspace}/${slug}`) ?? null);
  }

  async labelsAt(workspace: string, taskId: string, revision: number): Promise<string[] | null> {
    return this.#revisions.get(`${workspace}/${taskId}/${revision}`) ?? null;
  }

  async list(workspace: string, page: { limit: number; after?: string }): Promise<Task[]> {
    return [...this.#tasks.values()]
      .filter((task) => task.workspace === workspace && task.slug > (page.after ?? ''))
      .sort((a, b) => (a.slug < b.slug ? -1 : 1))
      .slice(0, page.limit)
      .map((task) => structuredClone(task));
  }

  edit(
    workspace: string,
    slug: string,
    change: (before: Task | null, tx: Tx) => Promise<TaskEdit>,
  ): Promise<{ task: Task; created: boolean }> {
    const edited = this.#last.then(async () => {
      const edit = await change(await this.find(workspace, slug), undefined as unknown as Tx);
      const key = `${workspace}/${slug}`;
      if (edit.write && edit.remove === true) this.#tasks.delete(key);
      else if (edit.write) this.#write(key, edit.task);
      return edit;
    });
    this.#last = edited.catch(() => {});
    return edited;
  }

  #write(key: string, task: Task): void {
    this.#tasks.set(key, structuredClone(task));
    const revision = `${task.workspace}/${task.id}/${task.revision}`;
    if (this.#revisions.has(revision)) return; // it never changes
    this.#revisions.set(
      revision,
      task.definition.labels.map(({ name }) => name),
    );
  }
}
