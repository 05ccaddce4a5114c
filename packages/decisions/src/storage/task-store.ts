import { type Database, SHORT_READ, type Tx } from '@understudy/kernel';
import type { TaskDefinition } from '@understudy/wire';
import { sql } from 'kysely';
import type { TaskEdit, TaskStore } from '../ports.ts';
import { type Task, withDefaults } from '../task.ts';

interface TaskRow {
  id: string;
  workspace_id: string;
  slug: string;
  definition: Required<TaskDefinition>;
  revision: number;
  version: number;
  created_at: Date;
  updated_at: Date;
}

const toTask = (row: TaskRow): Task => ({
  id: row.id,
  workspace: row.workspace_id,
  slug: row.slug,
  // A task that was written before a setting existed has its default.
  definition: withDefaults(row.slug, row.definition),
  revision: row.revision,
  version: row.version,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
});

/** Tasks in PostgreSQL. */
export class PostgresTaskStore implements TaskStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(workspace: string, slug: string): Promise<Task | null> {
    return this.#database.inWorkspace(workspace, (tx) => this.#find(tx, workspace, slug), SHORT_READ);
  }

  async #find(tx: Tx, workspace: string, slug: string): Promise<Task | null> {
    const { rows } = await sql<TaskRow>`
      SELECT * FROM decisions.tasks
      WHERE workspace_id = ${workspace} AND slug = ${slug} AND deleted_at IS NULL`.execute(tx);
    return rows[0] === undefined ? null : toTask(rows[0]);
  }

  /** The error budget of a task as it is now; null when it is gone. In the caller's transaction. */
  async budget(tx: Tx, workspace: string, taskId: string): Promise<{ maxError: number; confidence: number } | null> {
    const { rows } = await sql<{ budget: TaskDefinition['error_budget'] }>`
      SELECT definition->'error_budget' AS budget FROM decisions.tasks
       WHERE workspace_id = ${workspace} AND id = ${taskId} AND deleted_at IS NULL`.execute(tx);
    const budget = rows[0]?.budget;
    return budget === undefined ? null : { maxError: budget.max_error, confidence: budget.confidence };
  }

  labelsAt(workspace: string, taskId: string, revision: number): Promise<string[] | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{ labels: { name: string }[] }>`
        SELECT labels FROM decisions.task_revisions
        WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND revision = ${revision}`.execute(tx);
      return rows[0]?.labels.map(({ name }) => name) ?? null;
    });
  }

  list(workspace: string, page: { limit: number; after?: string }): Promise<Task[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<TaskRow>`
        SELECT * FROM decisions.tasks
        WHERE workspace_id = ${workspace} AND deleted_at IS NULL AND slug > ${page.after ?? ''}
        ORDER BY slug LIMIT ${page.limit}`.execute(tx);
      return rows.map(toTask);
    });
  }

  edit(
    workspace: string,
    slug: string,
    change: (before: Task | null, tx: Tx) => Promise<TaskEdit>,
  ): Promise<{ task: Task; created: boolean }> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      // Serialises edits of one slug, also the one that creates it, where there is no row to lock yet.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`task:${workspace}:${slug}`}, 0))`.execute(tx);
      const before = await this.#find(tx, workspace, slug);
      const edit = await change(before, tx);
      if (!edit.write) return edit;
      const { task } = edit;
      await sql`
        INSERT INTO decisions.tasks (workspace_id, id, slug, definition, revision, version, created_at, updated_at)
        VALUES (${workspace}, ${task.id}, ${slug}, ${JSON.stringify(task.definition)}::jsonb, ${task.revision},
                ${task.version}, ${new Date(task.createdAt)}, ${new Date(task.updatedAt)})
        ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, revision = excluded.revision,
          version = excluded.version, updated_at = excluded.updated_at`.execute(tx);
      await sql`
        INSERT INTO decisions.task_revisions (workspace_id, task_id, revision, labels, input, created_at)
        VALUES (${workspace}, ${task.id}, ${task.revision}, ${JSON.stringify(task.definition.labels)}::jsonb,
                ${JSON.stringify(task.definition.input)}::jsonb, ${new Date(task.updatedAt)})
        ON CONFLICT DO NOTHING`.execute(tx);
      if (edit.remove === true) {
        await sql`UPDATE decisions.tasks SET deleted_at = now() WHERE id = ${task.id}`.execute(tx);
      }
      return edit;
    });
  }
}
