import type { Database } from '@understudy/kernel';
import { sql } from 'kysely';
import type { DatasetStore, StoredDataset } from '../ports.ts';

interface Row {
  workspace_id: string;
  task_id: string;
  id: string;
  rows: string;
  groups: string;
  conflicts: string;
  labels: { name: string; rows: number }[];
  attributes: string[];
  sources: StoredDataset['sources'] | null;
  labels_given: string | null;
  object_key: string;
  object_sha256: string;
  object_bytes: string;
  created_at: Date;
}

const toDataset = (row: Row): StoredDataset => ({
  id: row.id,
  workspace: row.workspace_id,
  taskId: row.task_id,
  rows: Number(row.rows),
  groups: Number(row.groups),
  conflicts: Number(row.conflicts),
  labels: row.labels,
  attributes: row.attributes,
  // A version from before decisions could be examples has imports only.
  sources: row.sources ?? [{ name: 'import', rows: Number(row.rows) }],
  labelsGiven: row.labels_given === null ? null : Number(row.labels_given),
  object: { key: row.object_key, sha256: row.object_sha256, bytes: Number(row.object_bytes) },
  createdAt: row.created_at.getTime(),
});

/** Dataset versions in PostgreSQL. */
export class PostgresDatasetStore implements DatasetStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  insert(dataset: StoredDataset): Promise<boolean> {
    return this.#database.inWorkspace(dataset.workspace, async (tx) => {
      const { numAffectedRows } = await sql`
        INSERT INTO lake.datasets (workspace_id, task_id, id, rows, groups, conflicts, labels, attributes, sources,
                                   labels_given, object_key, object_sha256, object_bytes, created_at)
        VALUES (${dataset.workspace}, ${dataset.taskId}, ${dataset.id}, ${dataset.rows}, ${dataset.groups},
                ${dataset.conflicts}, ${JSON.stringify(dataset.labels)}::jsonb,
                ${JSON.stringify(dataset.attributes)}::jsonb, ${JSON.stringify(dataset.sources)}::jsonb,
                ${dataset.labelsGiven}, ${dataset.object.key}, ${dataset.object.sha256},
                ${dataset.object.bytes}, ${new Date(dataset.createdAt)})
        ON CONFLICT (task_id, id) DO NOTHING`.execute(tx);
      return (numAffectedRows ?? 0n) > 0n;
    });
  }

  find(workspace: string, taskId: string, id: string): Promise<StoredDataset | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM lake.datasets
        WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND id = ${id}`.execute(tx);
      return rows[0] === undefined ? null : toDataset(rows[0]);
    });
  }

  list(workspace: string, taskId: string, page: { limit: number; before?: string }): Promise<StoredDataset[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM lake.datasets
        WHERE workspace_id = ${workspace} AND task_id = ${taskId}
          AND (${page.before ?? null}::text IS NULL OR sequence < (
            SELECT sequence FROM lake.datasets
            WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND id = ${page.before ?? null}))
        ORDER BY sequence DESC LIMIT ${page.limit}`.execute(tx);
      return rows.map(toDataset);
    });
  }

  referenced(keys: readonly string[]): Promise<ReadonlySet<string>> {
    if (keys.length === 0) return Promise.resolve(new Set());
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ object_key: string }>`
        SELECT object_key FROM lake.datasets WHERE object_key = ANY(${[...keys]}::text[])`.execute(tx);
      return new Set(rows.map((row) => row.object_key));
    });
  }
}
