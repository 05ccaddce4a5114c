import type { Database } from '@understudy/kernel';
import { sql } from 'kysely';
import type { ReplayStore } from '../replay/ports.ts';
import type { Replay, ReplayEnd, ReplayStatus } from '../replay/replay.ts';

type Body = Pick<Replay, 'task' | 'from' | 'to' | 'what' | 'progress' | 'result' | 'error' | 'requestedBy'>;

interface Row {
  workspace_id: string;
  id: string;
  task_id: string;
  status: ReplayStatus;
  body: Body;
  cancel_requested: boolean;
  attempts: number;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
}

const toReplay = (row: Row): Replay => ({
  ...row.body,
  id: row.id,
  workspace: row.workspace_id,
  taskId: row.task_id,
  status: row.status,
  attempts: row.attempts,
  cancelRequested: row.cancel_requested,
  createdAt: row.created_at.getTime(),
  startedAt: row.started_at?.getTime() ?? null,
  finishedAt: row.finished_at?.getTime() ?? null,
});

const bodyOf = ({ task, from, to, what, progress, result, error, requestedBy }: Replay): Body => ({
  task,
  from,
  to,
  what,
  progress,
  result,
  error,
  requestedBy,
});

/** Replays in PostgreSQL. Leases run on the database's clock, so that no worker's clock matters. */
export class PostgresReplayStore implements ReplayStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  create(replay: Replay, most: number): Promise<boolean> {
    return this.#database.inWorkspace(replay.workspace, async (tx) => {
      // One at a time a workspace, so that the count holds.
      await sql`SELECT pg_advisory_xact_lock(hashtextextended(${`value.replays ${replay.workspace}`}, 0))`.execute(tx);
      const { rows } = await sql`
        INSERT INTO value.replays (workspace_id, id, task_id, status, body, created_at)
        SELECT ${replay.workspace}, ${replay.id}, ${replay.taskId}, ${replay.status},
               ${JSON.stringify(bodyOf(replay))}::jsonb, ${new Date(replay.createdAt)}
         WHERE (SELECT count(*) FROM value.replays
                 WHERE workspace_id = ${replay.workspace} AND status IN ('queued', 'running')) < ${most}
        RETURNING id`.execute(tx);
      return rows.length === 1;
    });
  }

  find(workspace: string, id: string): Promise<Replay | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM value.replays WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
      return rows[0] === undefined ? null : toReplay(rows[0]);
    });
  }

  list(workspace: string, taskId: string, page: { limit: number; after?: string }): Promise<Replay[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM value.replays WHERE workspace_id = ${workspace} AND task_id = ${taskId}
           AND (${page.after ?? null}::text IS NULL OR id < ${page.after ?? null})
         ORDER BY id DESC LIMIT ${page.limit}`.execute(tx);
      return rows.map(toReplay);
    });
  }

  claim(worker: string, leaseMs: number): Promise<Replay | null> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<Row>`
        UPDATE value.replays SET status = 'running', lease_owner = ${worker}, attempts = attempts + 1,
          lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond',
          started_at = COALESCE(started_at, clock_timestamp())
        WHERE id = (
          SELECT id FROM value.replays
           WHERE status = 'queued' OR (status = 'running' AND lease_until < clock_timestamp())
           ORDER BY created_at FOR UPDATE SKIP LOCKED LIMIT 1)
        RETURNING *`.execute(tx);
      return rows[0] === undefined ? null : toReplay(rows[0]);
    });
  }

  progress(replay: Replay, worker: string, progress: Replay['progress'], leaseMs: number) {
    return this.#database.inWorkspace(replay.workspace, async (tx) => {
      const { rows } = await sql<{ cancel_requested: boolean }>`
        UPDATE value.replays SET body = body || jsonb_build_object('progress', ${JSON.stringify(progress)}::jsonb),
          lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        WHERE workspace_id = ${replay.workspace} AND id = ${replay.id} AND lease_owner = ${worker}
          AND status = 'running'
        RETURNING cancel_requested`.execute(tx);
      return { held: rows.length === 1, cancelRequested: rows[0]?.cancel_requested ?? false };
    });
  }

  async release(replay: Replay, worker: string): Promise<void> {
    await this.#database.inWorkspace(replay.workspace, (tx) =>
      sql`
        UPDATE value.replays SET status = 'queued', attempts = attempts - 1, lease_owner = NULL, lease_until = NULL
        WHERE workspace_id = ${replay.workspace} AND id = ${replay.id} AND lease_owner = ${worker}
          AND status = 'running'`.execute(tx),
    );
  }

  finish(replay: Replay, worker: string, end: ReplayEnd): Promise<boolean> {
    const { status, ...change } = end;
    return this.#database.inWorkspace(replay.workspace, async (tx) => {
      const { rows } = await sql`
        UPDATE value.replays SET status = ${status}, body = body || ${JSON.stringify(change)}::jsonb,
          finished_at = clock_timestamp(), lease_owner = NULL, lease_until = NULL
        WHERE workspace_id = ${replay.workspace} AND id = ${replay.id} AND lease_owner = ${worker}
          AND status = 'running'
        RETURNING id`.execute(tx);
      return rows.length === 1;
    });
  }

  cancel(workspace: string, id: string): Promise<Replay | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      await sql`
        UPDATE value.replays SET cancel_requested = true,
          finished_at = CASE WHEN status = 'queued' THEN clock_timestamp() END,
          status = CASE WHEN status = 'queued' THEN 'cancelled' ELSE status END
        WHERE workspace_id = ${workspace} AND id = ${id} AND status IN ('queued', 'running')`.execute(tx);
      const { rows } = await sql<Row>`
        SELECT * FROM value.replays WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
      return rows[0] === undefined ? null : toReplay(rows[0]);
    });
  }
}
