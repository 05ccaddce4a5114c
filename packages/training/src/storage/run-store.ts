import type { Database } from '@understudy/kernel';
import { sql } from 'kysely';
import type { RunEnd, RunStore } from '../ports.ts';
import type { Run, RunPage, RunProgress, RunStatus } from '../run.ts';

/** The part of a run that stands in the jsonb column. */
type Body = Omit<
  Run,
  | 'id'
  | 'workspace'
  | 'taskId'
  | 'status'
  | 'attempts'
  | 'cancelRequested'
  | 'version'
  | 'createdAt'
  | 'startedAt'
  | 'finishedAt'
>;

interface RunRow {
  workspace_id: string;
  id: string;
  task_id: string;
  status: RunStatus;
  body: Body;
  cancel_requested: boolean;
  attempts: number;
  version: string;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

const toRun = (row: RunRow): Run => ({
  ...row.body,
  id: row.id,
  workspace: row.workspace_id,
  taskId: row.task_id,
  status: row.status,
  attempts: row.attempts,
  cancelRequested: row.cancel_requested,
  version: Number(row.version),
  createdAt: row.created_at.getTime(),
  startedAt: row.started_at?.getTime() ?? null,
  finishedAt: row.finished_at?.getTime() ?? null,
});

const bodyOf = (run: Run): Body => {
  const {
    id,
    workspace,
    taskId,
    status,
    attempts,
    cancelRequested,
    version,
    createdAt,
    startedAt,
    finishedAt,
    ...body
  } = run;
  return body;
};

/** Training runs in PostgreSQL. Leases run on the database's clock, so that no worker's clock matters. */
export class PostgresRunStore implements RunStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async create(run: Run): Promise<void> {
    await this.#database.inWorkspace(run.workspace, (tx) =>
      sql`
        INSERT INTO training.runs (workspace_id, id, task_id, status, body, created_at)
        VALUES (${run.workspace}, ${run.id}, ${run.taskId}, ${run.status}, ${JSON.stringify(bodyOf(run))}::jsonb,
          ${new Date(run.createdAt)})`.execute(tx),
    );
  }

  find(workspace: string, id: string): Promise<Run | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<RunRow>`
        SELECT * FROM training.runs WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
      return rows[0] === undefined ? null : toRun(rows[0]);
    });
  }

  list(workspace: string, taskId: string | null, page: RunPage): Promise<Run[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<RunRow>`
        SELECT * FROM training.runs
        WHERE workspace_id = ${workspace} AND (${taskId}::text IS NULL OR task_id = ${taskId})
          AND (${page.after ?? null}::text IS NULL OR id < ${page.after ?? null})
        ORDER BY id DESC LIMIT ${page.limit}`.execute(tx);
      return rows.map(toRun);
    });
  }

  claim(worker: string, leaseMs: number): Promise<Run | null> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<RunRow>`
        UPDATE training.runs SET status = 'running', lease_owner = ${worker},
          lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond',
          attempts = attempts + 1, version = version + 1, started_at = clock_timestamp()
        WHERE id = (
          SELECT id FROM training.runs
          WHERE status = 'queued' OR (status = 'running' AND lease_until < clock_timestamp())
          ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 1)
        RETURNING *`.execute(tx);
      return rows[0] === undefined ? null : toRun(rows[0]);
    });
  }

  renew(run: Run, worker: string, leaseMs: number): Promise<{ held: boolean; cancelRequested: boolean }> {
    return this.#database.inWorkspace(run.workspace, async (tx) => {
      const { rows } = await sql<{ cancel_requested: boolean }>`
        UPDATE training.runs
        SET lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        WHERE id = ${run.id} AND lease_owner = ${worker} AND status = 'running'
        RETURNING cancel_requested`.execute(tx);
      return { held: rows.length === 1, cancelRequested: rows[0]?.cancel_requested ?? false };
    });
  }

  async progress(run: Run, worker: string, progress: RunProgress, log: readonly string[]): Promise<void> {
    await this.#database.inWorkspace(run.workspace, (tx) =>
      sql`
        UPDATE training.runs SET version = version + 1,
          body = body || jsonb_build_object('progress', ${JSON.stringify(progress)}::jsonb, 'log', ${JSON.stringify(log)}::jsonb)
        WHERE id = ${run.id} AND lease_owner = ${worker} AND status = 'running'`.execute(tx),
    );
  }

  async release(run: Run, worker: string): Promise<void> {
    await this.#database.inWorkspace(run.workspace, (tx) =>
      sql`
        UPDATE training.runs SET status = 'queued', version = version + 1, attempts = attempts - 1,
          lease_owner = NULL, lease_until = NULL, started_at = NULL
        WHERE id = ${run.id} AND lease_owner = ${worker} AND status = 'running'`.execute(tx),
    );
  }

  finish(run: Run, worker: string, end: RunEnd): Promise<boolean> {
    const change = {
      ...(end.dataset === null ? {} : { dataset: end.dataset }),
      chosenTrainer: end.trainer,
      modelVersion: end.modelVersion,
      metrics: end.metrics,
      promotion: end.promotion,
      error: end.error,
      log: end.log,
      ...(end.status === 'succeeded' ? { progress: { phase: 'done', fraction: 1, detail: null } } : {}),
    };
    return this.#database.inWorkspace(run.workspace, async (tx) => {
      const { rows } = await sql`
        UPDATE training.runs SET status = ${end.status}, version = version + 1, lease_owner = NULL,
          lease_until = NULL, finished_at = ${new Date(end.at)}, body = body || ${JSON.stringify(change)}::jsonb
        WHERE id = ${run.id} AND lease_owner = ${worker} AND status = 'running' RETURNING id`.execute(tx);
      return rows.length === 1;
    });
  }

  requestCancel(workspace: string, id: string, at: number): Promise<Run | null> {
    const error = JSON.stringify({ error: { code: 'training_cancelled', detail: 'the run was cancelled' } });
    return this.#database.inWorkspace(workspace, async (tx) => {
      await sql`
        UPDATE training.runs SET version = version + 1,
          cancel_requested = true,
          body = CASE WHEN status = 'queued' THEN body || ${error}::jsonb ELSE body END,
          finished_at = CASE WHEN status = 'queued' THEN ${new Date(at)} ELSE finished_at END,
          status = CASE WHEN status = 'queued' THEN 'cancelled' ELSE status END
        WHERE workspace_id = ${workspace} AND id = ${id} AND status IN ('queued', 'running')
          AND NOT cancel_requested`.execute(tx);
      const { rows } = await sql<RunRow>`
        SELECT * FROM training.runs WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
      return rows[0] === undefined ? null : toRun(rows[0]);
    });
  }
}
