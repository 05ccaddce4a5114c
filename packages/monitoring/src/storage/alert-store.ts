import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { Alert, AlertKind } from '../alert.ts';
import type { AlertFilter, AlertStore } from '../ports.ts';

interface AlertRow {
  workspace_id: string;
  id: string;
  task_id: string;
  task: string;
  kind: AlertKind;
  subject: string;
  severity: Alert['severity'];
  summary: string;
  evidence: Record<string, unknown>;
  opened_at: Date;
  resolved_at: Date | null;
  resolution: string | null;
  acknowledged: Alert['acknowledged'];
}

const toAlert = (row: AlertRow): Alert => ({
  id: row.id,
  workspace: row.workspace_id,
  taskId: row.task_id,
  task: row.task,
  kind: row.kind,
  subject: row.subject,
  severity: row.severity,
  summary: row.summary,
  evidence: row.evidence,
  openedAt: row.opened_at.getTime(),
  resolvedAt: row.resolved_at?.getTime() ?? null,
  resolution: row.resolution,
  acknowledged: row.acknowledged,
});

const iso = (at: number) => new Date(at).toISOString();

/** Alerts in PostgreSQL. A unique index keeps one open alert a kind and subject, whoever raises it. */
export class PostgresAlertStore implements AlertStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  open(tx: Tx, alert: Alert): Promise<Alert | null> {
    return this.#insert(tx, alert, sql`DO NOTHING`);
  }

  raise(alert: Alert): Promise<Alert> {
    return this.#database.inWorkspace(alert.workspace, async (tx) => {
      const update = sql`(workspace_id, kind, subject) WHERE resolved_at IS NULL
        DO UPDATE SET summary = excluded.summary, evidence = excluded.evidence`;
      return (await this.#insert(tx, alert, update))!;
    });
  }

  async #insert(tx: Tx, alert: Alert, conflict: ReturnType<typeof sql>): Promise<Alert | null> {
    const { rows } = await sql<AlertRow>`
      INSERT INTO monitoring.alerts
        (workspace_id, id, task_id, task, kind, subject, severity, summary, evidence, opened_at)
      VALUES (${alert.workspace}, ${alert.id}, ${alert.taskId}, ${alert.task}, ${alert.kind}, ${alert.subject},
              ${alert.severity}, ${alert.summary}, ${JSON.stringify(alert.evidence)}::jsonb, ${iso(alert.openedAt)})
      ON CONFLICT ${conflict} RETURNING *`.execute(tx);
    return rows[0] === undefined ? null : toAlert(rows[0]);
  }

  resolve(
    workspace: string,
    { kind, subject }: { kind: AlertKind; subject: string },
    { at, reason }: { at: number; reason: string },
  ): Promise<Alert | null> {
    return this.#one(workspace, (tx) =>
      sql<AlertRow>`
        UPDATE monitoring.alerts SET resolved_at = ${iso(at)}, resolution = ${reason}
         WHERE workspace_id = ${workspace} AND kind = ${kind} AND subject = ${subject} AND resolved_at IS NULL
        RETURNING *`.execute(tx),
    );
  }

  find(workspace: string, id: string): Promise<Alert | null> {
    return this.#one(workspace, (tx) =>
      sql<AlertRow>`SELECT * FROM monitoring.alerts WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx),
    );
  }

  list(workspace: string, filter: AlertFilter, page: { limit: number; after?: string | undefined }): Promise<Alert[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { task = null, open = null } = filter;
      const { rows } = await sql<AlertRow>`
        SELECT * FROM monitoring.alerts
         WHERE workspace_id = ${workspace} AND (${task}::text IS NULL OR task = ${task})
           AND (${open}::boolean IS NULL OR (resolved_at IS NULL) = ${open})
           AND (${page.after ?? null}::text IS NULL OR id < ${page.after ?? null})
         ORDER BY id DESC LIMIT ${page.limit}`.execute(tx);
      return rows.map(toAlert);
    });
  }

  countOpen(workspace: string): Promise<Map<string, number>> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{ task_id: string; n: number }>`
        SELECT task_id, count(*)::int AS n FROM monitoring.alerts
         WHERE workspace_id = ${workspace} AND resolved_at IS NULL GROUP BY task_id`.execute(tx);
      return new Map(rows.map(({ task_id, n }) => [task_id, n]));
    });
  }

  allOpen(workspace: string): Promise<Alert[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<AlertRow>`
        SELECT * FROM monitoring.alerts WHERE workspace_id = ${workspace} AND resolved_at IS NULL ORDER BY id`.execute(
        tx,
      );
      return rows.map(toAlert);
    });
  }

  acknowledge(
    workspace: string,
    id: string,
    acknowledged: { at: number; by: string; note: string | null },
  ): Promise<Alert | null> {
    // The first to acknowledge stays named.
    return this.#one(workspace, (tx) =>
      sql<AlertRow>`
        UPDATE monitoring.alerts SET acknowledged = COALESCE(acknowledged, ${JSON.stringify(acknowledged)}::jsonb)
         WHERE workspace_id = ${workspace} AND id = ${id} RETURNING *`.execute(tx),
    );
  }

  #one(workspace: string, query: (tx: Tx) => Promise<{ rows: AlertRow[] }>): Promise<Alert | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await query(tx);
      return rows[0] === undefined ? null : toAlert(rows[0]);
    });
  }
}
