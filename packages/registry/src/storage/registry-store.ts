import { type Database, SHORT_READ, type Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import { registryErrors } from '../errors.ts';
import type { AliasChange, Artifact, Lineage, Model, ModelVersion, NewVersion } from '../model.ts';
import type { Page, RegistryStore } from '../ports.ts';

interface VersionRow {
  workspace_id: string;
  model: string;
  version: number;
  labels: string[];
  artifact: Artifact;
  lineage: Lineage;
  metrics: Record<string, unknown>;
  created_at: Date;
}

const toVersion = (row: VersionRow): ModelVersion => ({
  workspace: row.workspace_id,
  model: row.model,
  version: String(row.version),
  labels: row.labels,
  artifact: row.artifact,
  lineage: row.lineage,
  metrics: row.metrics,
  createdAt: row.created_at.getTime(),
});

interface ModelRow {
  workspace_id: string;
  name: string;
  latest_version: number;
  created_at: Date;
  aliases: { alias: string; version: number }[] | null;
}

const toModel = (row: ModelRow): Model => ({
  workspace: row.workspace_id,
  name: row.name,
  createdAt: row.created_at.getTime(),
  latestVersion: row.latest_version,
  aliases: (row.aliases ?? []).map(({ alias, version }) => ({ alias, version: String(version) })),
});

/** Version numbers are PostgreSQL integers; any other string names no version. */
const VERSION = /^[1-9]\d{0,8}$/;

/** The registry in PostgreSQL. */
export class PostgresRegistryStore implements RegistryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  addVersion(version: NewVersion, at: number): Promise<ModelVersion> {
    const createdAt = new Date(at);
    return this.#database.inWorkspace(version.workspace, async (tx) => {
      const numbered = await sql<{ latest_version: number }>`
        INSERT INTO registry.models (workspace_id, name, latest_version, created_at)
        VALUES (${version.workspace}, ${version.model}, 1, ${createdAt})
        ON CONFLICT (workspace_id, name) DO UPDATE SET latest_version = registry.models.latest_version + 1
        RETURNING latest_version`.execute(tx);
      const number = numbered.rows[0]!.latest_version;
      const { rows } = await sql<VersionRow>`
        INSERT INTO registry.versions (workspace_id, model, version, labels, artifact, lineage, metrics, created_at)
        VALUES (${version.workspace}, ${version.model}, ${number}, ${JSON.stringify(version.labels)}::jsonb,
          ${JSON.stringify(version.artifact)}::jsonb, ${JSON.stringify(version.lineage)}::jsonb,
          ${JSON.stringify(version.metrics)}::jsonb, ${createdAt})
        RETURNING *`.execute(tx);
      return toVersion(rows[0]!);
    });
  }

  #models(workspace: string, name: string | null, page: Page): Promise<Model[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<ModelRow>`
        SELECT m.*, (
          SELECT jsonb_agg(jsonb_build_object('alias', a.alias, 'version', a.version) ORDER BY a.alias)
          FROM registry.aliases a WHERE a.workspace_id = m.workspace_id AND a.model = m.name) AS aliases
        FROM registry.models m
        WHERE m.workspace_id = ${workspace} AND (${name}::text IS NULL OR m.name = ${name}) AND m.name > ${page.after ?? ''}
        ORDER BY m.name LIMIT ${page.limit}`.execute(tx);
      return rows.map(toModel);
    });
  }

  async findModel(workspace: string, name: string): Promise<Model | null> {
    return (await this.#models(workspace, name, { limit: 1 }))[0] ?? null;
  }

  listModels(workspace: string, page: Page): Promise<Model[]> {
    return this.#models(workspace, null, page);
  }

  findVersion(workspace: string, model: string, version: string): Promise<ModelVersion | null> {
    if (!VERSION.test(version)) return Promise.resolve(null);
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<VersionRow>`
        SELECT * FROM registry.versions
        WHERE workspace_id = ${workspace} AND model = ${model} AND version = ${Number(version)}`.execute(tx);
      return rows[0] === undefined ? null : toVersion(rows[0]);
    });
  }

  listVersions(workspace: string, model: string, page: Page): Promise<ModelVersion[]> {
    const before = page.after !== undefined && VERSION.test(page.after) ? Number(page.after) : 2_147_483_647;
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<VersionRow>`
        SELECT * FROM registry.versions
        WHERE workspace_id = ${workspace} AND model = ${model} AND version < ${before}
        ORDER BY version DESC LIMIT ${page.limit}`.execute(tx);
      return rows.map(toVersion);
    });
  }

  aliasVersion(workspace: string, model: string, alias: string): Promise<ModelVersion | null> {
    const read = async (tx: Tx) => {
      const { rows } = await sql<VersionRow>`
        SELECT v.* FROM registry.aliases a
        JOIN registry.versions v USING (workspace_id, model, version)
        WHERE a.workspace_id = ${workspace} AND a.model = ${model} AND a.alias = ${alias}`.execute(tx);
      return rows[0] === undefined ? null : toVersion(rows[0]);
    };
    return this.#database.inWorkspace(workspace, read, SHORT_READ);
  }

  setAlias(
    workspace: string,
    model: string,
    change: Omit<AliasChange, 'previous'>,
    record: (tx: Tx, previous: string | null) => Promise<void>,
  ): Promise<string | null> {
    const version = change.version === null ? null : Number(change.version);
    return this.#database.inWorkspace(workspace, async (tx) => {
      // The model's row serialises moves of its aliases, so that `previous` is what this change really replaced.
      const model_ = await sql`
        SELECT 1 FROM registry.models WHERE workspace_id = ${workspace} AND name = ${model} FOR UPDATE`.execute(tx);
      if (model_.rows.length === 0) throw registryErrors.model_not_found(`no model ${model} in this workspace`);
      const before = await sql<{ version: number }>`
        SELECT version FROM registry.aliases
        WHERE workspace_id = ${workspace} AND model = ${model} AND alias = ${change.alias}`.execute(tx);
      const previous = before.rows[0]?.version ?? null;
      if (version === null) {
        await sql`DELETE FROM registry.aliases
          WHERE workspace_id = ${workspace} AND model = ${model} AND alias = ${change.alias}`.execute(tx);
      } else {
        await sql`
          INSERT INTO registry.aliases (workspace_id, model, alias, version)
          VALUES (${workspace}, ${model}, ${change.alias}, ${version})
          ON CONFLICT (workspace_id, model, alias) DO UPDATE SET version = excluded.version`.execute(tx);
      }
      await sql`
        INSERT INTO registry.alias_changes
          (workspace_id, model, alias, version, previous, reason, evidence, changed_by, changed_at)
        VALUES (${workspace}, ${model}, ${change.alias}, ${version}, ${previous}, ${change.reason},
          ${JSON.stringify(change.evidence)}::jsonb, ${change.by}, ${new Date(change.at)})`.execute(tx);
      await record(tx, previous === null ? null : String(previous));
      return previous === null ? null : String(previous);
    });
  }

  aliasHistory(workspace: string, model: string, limit: number): Promise<AliasChange[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{
        alias: string;
        version: number | null;
        previous: number | null;
        reason: string;
        evidence: Record<string, unknown>;
        changed_by: string;
        changed_at: Date;
      }>`
        SELECT * FROM registry.alias_changes WHERE workspace_id = ${workspace} AND model = ${model}
        ORDER BY seq DESC LIMIT ${limit}`.execute(tx);
      return rows.map((row) => ({
        alias: row.alias,
        version: row.version === null ? null : String(row.version),
        previous: row.previous === null ? null : String(row.previous),
        reason: row.reason,
        evidence: row.evidence,
        by: row.changed_by,
        at: row.changed_at.getTime(),
      }));
    });
  }
}
