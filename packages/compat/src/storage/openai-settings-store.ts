import type { Database, Tx } from '@understudy/kernel';
import type { OpenAiSettingsRequest } from '@understudy/wire';
import { sql } from 'kysely';
import type { OpenAiSettingsStore, StoredOpenAiSettings } from '../ports.ts';

interface Row {
  settings: OpenAiSettingsRequest;
  version: number;
  updated_at: Date;
}

const toStored = ({ settings, version, updated_at }: Row): StoredOpenAiSettings => ({
  settings,
  version,
  updatedAt: updated_at.getTime(),
});

/** The settings of the OpenAI-compatible door in PostgreSQL: one row a workspace. */
export class PostgresOpenAiSettingsStore implements OpenAiSettingsStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(workspace: string): Promise<StoredOpenAiSettings | null> {
    return this.#database.inWorkspace(workspace, (tx) => read(tx, workspace));
  }

  edit(
    workspace: string,
    changedBy: string,
    change: (before: StoredOpenAiSettings | null, tx: Tx) => Promise<StoredOpenAiSettings>,
  ): Promise<StoredOpenAiSettings> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      // Serialises edits, also the first one, where there is no row to lock yet.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`openai-settings:${workspace}`}, 0))`.execute(tx);
      const next = await change(await read(tx, workspace), tx);
      await sql`
        INSERT INTO compat.openai_settings (workspace_id, settings, version, changed_by, updated_at)
        VALUES (${workspace}, ${JSON.stringify(next.settings)}::jsonb, ${next.version}, ${changedBy},
                ${new Date(next.updatedAt)})
        ON CONFLICT (workspace_id) DO UPDATE SET settings = excluded.settings, version = excluded.version,
          changed_by = excluded.changed_by, updated_at = excluded.updated_at`.execute(tx);
      return next;
    });
  }
}

async function read(tx: Tx, workspace: string): Promise<StoredOpenAiSettings | null> {
  const { rows } = await sql<Row>`
    SELECT settings, version, updated_at FROM compat.openai_settings WHERE workspace_id = ${workspace}`.execute(tx);
  return rows[0] === undefined ? null : toStored(rows[0]);
}
