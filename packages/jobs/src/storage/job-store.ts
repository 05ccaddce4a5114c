import { type Database, SYSTEM_SCOPE, type Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { FailedAttempt } from '../dead-letter.ts';
import {
  CHUNK,
  type ClaimedJob,
  type Job,
  type JobError,
  type JobItem,
  type JobOutcome,
  MAX_PRIORITY,
  type NewJob,
  type OpenItem,
  type SettledJob,
} from '../job.ts';
import type { ClaimRequest, JobFilter, JobStore, JobTotals, QueueFigures } from '../ports.ts';
import { PostgresQueueFigures } from './queue-figures.ts';
import { type ClaimRow, type JobRow, toClaim, toJob } from './row.ts';
import { settle } from './settle.ts';

const ACCEPT = `SELECT a.replayed, (a.job).* FROM jobs.accept($1, $2, $3, $4::smallint, $5::timestamptz, $6, $7,
  $8::text[], $9::text[], $10::bytea, $11::bytea) a`;
const CLAIM = 'SELECT * FROM jobs.claim($1, $2::int, $3::float8, $4::int, $5, $6::int)';

/** Jobs in PostgreSQL. All time is the database's. */
export class PostgresJobStore implements JobStore {
  readonly #database: Database;
  readonly #figures: PostgresQueueFigures;

  constructor(database: Database) {
    this.#database = database;
    this.#figures = new PostgresQueueFigures(database);
  }

  async accept(job: NewJob): Promise<{ job: Job; replayed: boolean; requestHash: Buffer | null }> {
    const [row] = await this.#database.prepared<JobRow & { replayed: boolean }>('jobs.accept', ACCEPT, parameters(job));
    return { job: toJob(row!), replayed: row!.replayed, requestHash: row!.request_hash };
  }

  find(workspace: string, id: string): Promise<Job | null> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<JobRow>`
        SELECT * FROM jobs.jobs WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
      return rows[0] === undefined ? null : toJob(rows[0]);
    });
  }

  list(workspace: string, filter: JobFilter, page: { limit: number; before: string | null }): Promise<Job[]> {
    const { status = null, task = null } = filter;
    // Shown as running between its chunks, though its state is queued.
    const between = sql`(state = 'queued' AND many AND done > 0)`;
    const matches =
      status === null
        ? sql`true`
        : status === 'running'
          ? sql`(state = 'running' OR ${between})`
          : status === 'queued'
            ? sql`(state = 'queued' AND NOT ${between})`
            : sql`state = ${status}`;
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<JobRow>`
        SELECT * FROM jobs.jobs
        WHERE workspace_id = ${workspace} AND ${matches} AND (${task}::text IS NULL OR task = ${task})
          AND (${page.before}::text IS NULL OR id < ${page.before})
        ORDER BY id DESC LIMIT ${page.limit}`.execute(tx);
      return rows.map(toJob);
    });
  }

  items(workspace: string, id: string, page: { limit: number; after: number }): Promise<JobItem[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{
        position: number;
        external_id: string | null;
        decision: string | null;
        error: JobError | null;
      }>`
        SELECT position, external_id, decision, error FROM jobs.items
        WHERE workspace_id = ${workspace} AND job = ${id} AND position > ${page.after}
        ORDER BY position LIMIT ${page.limit}`.execute(tx);
      return rows.map(({ external_id: externalId, ...item }) => ({ ...item, externalId }));
    });
  }

  async cancel(tx: Tx, workspace: string, id: string): Promise<{ job: Job; cancelled: boolean } | null> {
    const { rows: ended } = await sql<JobRow>`
      UPDATE jobs.jobs SET state = 'cancelled', finished_at = now(), request = NULL, worker = NULL, lease_until = NULL,
        version = version + 1
      WHERE workspace_id = ${workspace} AND id = ${id} AND state IN ('queued', 'running') RETURNING *`.execute(tx);
    if (ended[0] !== undefined) {
      if (ended[0].many) {
        await sql`UPDATE jobs.items SET request = NULL
          WHERE workspace_id = ${workspace} AND job = ${id} AND request IS NOT NULL`.execute(tx);
      }
      return { job: toJob(ended[0]), cancelled: true };
    }
    const { rows } = await sql<JobRow>`
      SELECT * FROM jobs.jobs WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
    return rows[0] === undefined ? null : { job: toJob(rows[0]), cancelled: false };
  }

  async claim({ worker, limit, leaseMs, concurrency, after }: ClaimRequest): Promise<ClaimedJob[]> {
    const rows = await this.#database.prepared<ClaimRow>('jobs.claim', CLAIM, [
      worker,
      limit,
      leaseMs,
      concurrency,
      after,
      CHUNK,
    ]);
    return rows.map(toClaim);
  }

  async renew(fences: readonly string[], leaseMs: number): Promise<void> {
    await this.#database.prepared('jobs.renew', 'SELECT jobs.renew($1::bigint[], $2::float8)', [fences, leaseMs]);
  }

  open(workspace: string, job: string, limit: number): Promise<OpenItem[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{
        position: number;
        request: string;
        attempts: number;
        history: FailedAttempt[] | null;
      }>`
        SELECT position, request, attempts, history FROM jobs.items
        WHERE workspace_id = ${workspace} AND job = ${job} AND request IS NOT NULL
          AND (ready_at IS NULL OR ready_at <= clock_timestamp())
        ORDER BY position LIMIT ${limit}`.execute(tx);
      return rows.map(({ request, history, ...item }) => ({
        ...item,
        request: JSON.parse(request),
        history: history ?? [],
      }));
    });
  }

  settle(tx: Tx, workspace: string, outcomes: readonly JobOutcome[]): Promise<SettledJob[]> {
    return settle(tx, workspace, outcomes);
  }

  async reopen(tx: Tx, workspace: string, job: NewJob, position: number | null): Promise<boolean> {
    const request = JSON.stringify(job.items[0]);
    if (position === null) {
      const { rows } = await sql`
        INSERT INTO jobs.jobs AS j (workspace_id, id, task, rank, ready_at, options, many, total, request)
        VALUES (${workspace}, ${job.id}, ${job.task}, ${MAX_PRIORITY - job.priority}, now(),
          ${JSON.stringify(job.options)}, false, 1, ${request})
        ON CONFLICT (workspace_id, id) DO UPDATE
          SET state = 'queued', ready_at = now(), attempts = 0, lost = 0, done = 0, failed = 0,
            request = excluded.request, error = NULL, history = NULL, finished_at = NULL, version = j.version + 1
          WHERE j.state = 'failed' AND NOT j.many
        RETURNING 1`.execute(tx);
      return rows.length === 1;
    }
    const { rows } = await sql`
      WITH job AS (
        SELECT id FROM jobs.jobs WHERE workspace_id = ${workspace} AND id = ${job.id} AND state <> 'cancelled' AND many
        FOR UPDATE),
      item AS (
        UPDATE jobs.items SET request = ${request}, attempts = 0, ready_at = NULL, error = NULL, history = NULL
        WHERE workspace_id = ${workspace} AND job = (SELECT id FROM job) AND position = ${position}
          AND error IS NOT NULL RETURNING job)
      UPDATE jobs.jobs j SET done = done - 1, failed = failed - 1, version = version + 1, finished_at = NULL,
        state = CASE WHEN state = 'failed' THEN 'queued' ELSE state END, attempts = 0, lost = 0,
        ready_at = CASE WHEN state = 'running' THEN ready_at ELSE now() END, error = NULL
      FROM item WHERE j.workspace_id = ${workspace} AND j.id = item.job RETURNING 1`.execute(tx);
    return rows.length === 1;
  }

  queues(workspace: string): Promise<QueueFigures[]> {
    return this.#figures.queues(workspace);
  }

  totals(): Promise<JobTotals> {
    return this.#figures.totals();
  }

  async expire(days: number, limit: number): Promise<number> {
    const workspaces = await this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ workspace_id: string }>`
        WITH RECURSIVE w AS (
          (SELECT workspace_id FROM jobs.jobs ORDER BY workspace_id, id LIMIT 1)
          UNION ALL
          SELECT (SELECT j.workspace_id FROM jobs.jobs j WHERE j.workspace_id > w.workspace_id
                  ORDER BY j.workspace_id, j.id LIMIT 1)
          FROM w WHERE w.workspace_id IS NOT NULL)
        SELECT workspace_id FROM w WHERE workspace_id IS NOT NULL`.execute(tx);
      return rows.map((row) => row.workspace_id);
    });
    let removed = 0;
    for (const workspace of workspaces) {
      if (removed >= limit) break;
      removed += await this.#expireOf(workspace, days, limit - removed);
    }
    return removed;
  }

  /** Ids are in order of time, so what is old stands at the front of the primary key. */
  #expireOf(workspace: string, days: number, limit: number): Promise<number> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<{ many: number; jobs: number }>`
        WITH old AS (
          SELECT id FROM jobs.jobs
          WHERE workspace_id = ${workspace} AND state IN ('succeeded', 'failed', 'cancelled')
            AND finished_at < now() - make_interval(days => ${days})
          ORDER BY id LIMIT ${limit} FOR UPDATE SKIP LOCKED),
        gone AS (DELETE FROM jobs.jobs WHERE workspace_id = ${workspace} AND id IN (SELECT id FROM old) RETURNING id),
        items AS (DELETE FROM jobs.items WHERE workspace_id = ${workspace} AND job IN (SELECT id FROM old) RETURNING 1)
        SELECT (SELECT count(*)::int FROM gone) AS jobs, (SELECT count(*)::int FROM items) AS many`.execute(tx);
      return rows[0]!.jobs;
    });
  }
}

function parameters(job: NewJob): unknown[] {
  if (job.workspace === SYSTEM_SCOPE) throw new Error('a job belongs to a workspace');
  return [
    job.workspace,
    job.id,
    job.task,
    MAX_PRIORITY - job.priority,
    job.notBefore === null ? null : new Date(job.notBefore).toISOString(),
    JSON.stringify(job.options),
    job.many,
    job.items.map((item) => JSON.stringify(item)),
    job.items.map((item) => item.external_id ?? null),
    job.key?.hash ?? null,
    job.key?.requestHash ?? null,
  ];
}
