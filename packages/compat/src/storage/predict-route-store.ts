import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { PredictRouteEdit, PredictRouteStore } from '../ports.ts';
import type { PredictRoute, PredictRouteDefinition } from '../predict-routes/predict-route.ts';

interface Row {
  workspace_id: string;
  name: string;
  id: string;
  definition: PredictRouteDefinition;
  version: number;
  changed_by: string;
  created_at: Date;
  updated_at: Date;
}

const toRoute = (row: Row): PredictRoute => ({
  workspace: row.workspace_id,
  id: row.id,
  name: row.name,
  definition: row.definition,
  version: row.version,
  changedBy: row.changed_by,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
});

/** Predict routes in PostgreSQL. */
export class PostgresPredictRouteStore implements PredictRouteStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  find(workspace: string, name: string): Promise<PredictRoute | null> {
    return this.#one(workspace, sql`name = ${name}`);
  }

  findByPath(workspace: string, path: string): Promise<PredictRoute | null> {
    return this.#one(workspace, sql`path = ${path}`);
  }

  #one(workspace: string, wanted: ReturnType<typeof sql>): Promise<PredictRoute | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM compat.predict_routes WHERE workspace_id = ${workspace} AND ${wanted}`.execute(tx);
      return rows[0] === undefined ? null : toRoute(rows[0]);
    });
  }

  list(workspace: string, page: { limit: number; after: string }): Promise<PredictRoute[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM compat.predict_routes WHERE workspace_id = ${workspace} AND name > ${page.after}
        ORDER BY name LIMIT ${page.limit}`.execute(tx);
      return rows.map(toRoute);
    });
  }

  edit(
    workspace: string,
    name: string,
    change: (before: PredictRoute | null, tx: Tx) => Promise<PredictRouteEdit>,
  ): Promise<{ route: PredictRoute; before: PredictRoute | null }> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      // One edit of routes at a time in a workspace: two of other names could ask for one path.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`predict-routes:${workspace}`}, 0))`.execute(tx);
      const { rows } = await sql<Row>`
        SELECT * FROM compat.predict_routes WHERE workspace_id = ${workspace} AND name = ${name}`.execute(tx);
      const before = rows[0] === undefined ? null : toRoute(rows[0]);
      const { route, write, remove } = await change(before, tx);
      if (write && remove === true) {
        await sql`DELETE FROM compat.predict_routes WHERE workspace_id = ${workspace} AND name = ${name}`.execute(tx);
      } else if (write) {
        await sql`
          INSERT INTO compat.predict_routes (workspace_id, name, id, path, definition, version, changed_by, created_at,
                                             updated_at)
          VALUES (${workspace}, ${name}, ${route.id}, ${route.definition.path},
                  ${JSON.stringify(route.definition)}::json, ${route.version}, ${route.changedBy},
                  ${new Date(route.createdAt)}, ${new Date(route.updatedAt)})
          ON CONFLICT (workspace_id, name) DO UPDATE SET path = excluded.path, definition = excluded.definition,
            version = excluded.version, changed_by = excluded.changed_by, updated_at = excluded.updated_at`.execute(tx);
      }
      return { route, before };
    });
  }

  async nameOfPath(tx: Tx, workspace: string, path: string): Promise<string | null> {
    const { rows } = await sql<{ name: string }>`
      SELECT name FROM compat.predict_routes WHERE workspace_id = ${workspace} AND path = ${path}`.execute(tx);
    return rows[0]?.name ?? null;
  }

  async count(tx: Tx, workspace: string): Promise<number> {
    const { rows } = await sql<{ count: string }>`
      SELECT count(*) AS count FROM compat.predict_routes WHERE workspace_id = ${workspace}`.execute(tx);
    return Number(rows[0]?.count ?? 0);
  }
}
