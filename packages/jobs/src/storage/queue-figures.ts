import type { Database } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { DeadLetterKind } from '../dead-letter.ts';
import type { JobTotals, QueueFigures } from '../ports.ts';

/** The priorities that there are; the ranks are the same numbers. */
const RANKS = sql`generate_series(0, 9)`;

/**
 * How much waits, from counts that are kept (migration 0003): exact, and at a cost that depends on the tasks, not on the
 * jobs. Only what falls due within the current ten seconds is looked at one by one.
 */
export class PostgresQueueFigures {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  queues(workspace: string): Promise<QueueFigures[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Omit<QueueFigures, 'oldestAt'> & { oldest_at: Date | null }>`
        WITH ${lanes(sql`workspace_id = ${workspace}`)}
        SELECT task, (queued - scheduled)::int AS queued, scheduled::int AS scheduled, running::int AS running,
          CASE WHEN queued > scheduled THEN oldest END AS oldest_at
        FROM lanes WHERE queued > 0 OR running > 0 ORDER BY task`.execute(tx);
      return rows.map(({ oldest_at: oldest, ...figures }) => ({ ...figures, oldestAt: oldest?.getTime() ?? null }));
    });
  }

  totals(): Promise<JobTotals> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ queued: number; running: number; oldest: number | null }>`
        WITH ${lanes(sql`true`)}
        SELECT coalesce(sum(queued), 0)::int AS queued, coalesce(sum(running), 0)::int AS running,
          extract(epoch FROM now() - min(oldest))::float8 AS oldest FROM lanes`.execute(tx);
      const { queued, running, oldest } = rows[0]!;
      return { queued, running, oldestSeconds: Math.max(0, oldest ?? 0) };
    });
  }

  /** Dead letters that wait, of all workspaces. */
  letters(): Promise<Record<DeadLetterKind, number>> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ figure: DeadLetterKind; n: number }>`
        SELECT figure, sum(n)::int AS n FROM (
          SELECT figure, n FROM jobs.queue_counts UNION ALL SELECT figure, n FROM jobs.queue_changes) c
        WHERE figure IN ('failed', 'unprocessable') GROUP BY figure`.execute(tx);
      const counts = { failed: 0, unprocessable: 0 };
      for (const { figure, n } of rows) counts[figure] = n;
      return counts;
    });
  }

  /** Folds what was noted since into the counts, so that reading them stays cheap. */
  async fold(): Promise<void> {
    await this.#database.prepared('jobs.fold_queue_changes', 'SELECT jobs.fold_queue_changes()', []);
  }
}

/** `lanes`: of each task with work, how many are queued (`scheduled` of them not due yet) and running, and the oldest. */
function lanes(where: RawBuilder<unknown>): RawBuilder<unknown> {
  return sql`
    noted AS MATERIALIZED (
      SELECT workspace_id, figure, task, due, sum(n) AS n FROM (
        SELECT * FROM jobs.queue_counts WHERE ${where}
        UNION ALL
        SELECT * FROM jobs.queue_changes WHERE ${where}) c
      WHERE figure IN ('queued', 'running') GROUP BY workspace_id, figure, task, due),
    clock AS MATERIALIZED (SELECT floor(extract(epoch FROM now()) / 10)::int AS slot),
    sums AS MATERIALIZED (
      SELECT workspace_id, task, coalesce(sum(n) FILTER (WHERE figure = 'queued'), 0) AS queued,
        coalesce(sum(n) FILTER (WHERE figure = 'running'), 0) AS running,
        coalesce(sum(n) FILTER (WHERE figure = 'queued' AND due > slot), 0) AS later,
        coalesce(sum(n) FILTER (WHERE figure = 'queued' AND due = slot), 0) AS now_or_soon, slot
      FROM noted, clock GROUP BY workspace_id, task, slot),
    lanes AS MATERIALIZED (
      SELECT s.workspace_id, s.task, s.queued, s.running,
        s.later + CASE WHEN s.now_or_soon = 0 THEN 0 ELSE (
          SELECT count(*) FROM ${RANKS} AS r (rank), LATERAL (
            SELECT FROM jobs.jobs j WHERE j.workspace_id = s.workspace_id AND j.task = s.task AND j.rank = r.rank
              AND j.state = 'queued' AND j.ready_at > now()
              AND j.ready_at < to_timestamp((s.slot + 1) * 10::float8)
            ORDER BY j.workspace_id, j.task, j.rank, j.ready_at, j.id) soon) END AS scheduled,
        CASE WHEN s.queued = 0 THEN NULL ELSE (
          SELECT min(h.ready_at) FROM ${RANKS} AS r (rank), LATERAL (
            SELECT j.ready_at FROM jobs.jobs j WHERE j.workspace_id = s.workspace_id AND j.task = s.task
              AND j.rank = r.rank AND j.state = 'queued'
            ORDER BY j.workspace_id, j.task, j.rank, j.ready_at, j.id LIMIT 1) h) END AS oldest
      FROM sums s)`;
}
