import type { Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { ItemKind } from '../item.ts';
import type { QueueCounts, QueuePace } from '../ports.ts';

/** Items of the reviewers' queue that this one may be given: not seen before, and not skipped within the hour. */
export function mayReview(reviewer: string): RawBuilder<unknown> {
  return sql`(i.escalation IS NULL AND NOT (${reviewer} = ANY (i.seen))
    AND (i.skipped_at IS NULL OR NOT (${reviewer} = ANY (i.skipped_by))
      OR i.skipped_at <= clock_timestamp() - interval '1 hour'))`;
}

export async function countQueues(
  tx: Tx,
  workspace: string,
  reviewer: string,
  task: string | null,
): Promise<QueueCounts[]> {
  const mine = mayReview(reviewer);
  const live = sql`i.claim_until > clock_timestamp()`;
  const ofTask = task === null ? sql`` : sql`AND i.task = ${task}`;
  const kind = (name: ItemKind) => sql`count(*) FILTER (WHERE i.kind = ${name})::int`;
  const { rows } = await sql<{
    task_id: string;
    task: string;
    depth: number;
    claimed: number;
    oldest: Date | null;
    escalated: number;
    review: number;
    audit: number;
    appeal: number;
    gold: number;
    second: number;
  }>`
    SELECT i.task_id, i.task, count(*) FILTER (WHERE ${mine})::int AS depth,
      count(*) FILTER (WHERE ${mine} AND ${live})::int AS claimed,
      min(i.created_at) FILTER (WHERE ${mine}) AS oldest,
      count(*) FILTER (WHERE i.escalation IS NOT NULL)::int AS escalated,
      ${kind('review')} AS review, ${kind('audit')} AS audit, ${kind('appeal')} AS appeal, ${kind('gold')} AS gold,
      count(*) FILTER (WHERE i.opinions > 0 AND i.escalation IS NULL)::int AS second
    FROM review.items i WHERE i.workspace_id = ${workspace} AND i.state = 'waiting' ${ofTask}
    GROUP BY i.task_id, i.task`.execute(tx);
  return rows.map((row) => ({
    taskId: row.task_id,
    task: row.task,
    depth: row.depth,
    claimed: row.claimed,
    oldestAt: row.oldest?.getTime() ?? null,
    escalated: row.escalated,
    kinds: { review: row.review, audit: row.audit, appeal: row.appeal, gold: row.gold },
    secondOpinions: row.second,
  }));
}

export async function measurePace(tx: Tx, workspace: string, task: string | null, days: number): Promise<QueuePace[]> {
  const ofTask = task === null ? sql`` : sql`AND task = ${task}`;
  const { rows } = await sql<{
    task_id: string;
    median: number | null;
    seconds: number | null;
    arrived: number | null;
    since: Date;
  }>`
    WITH start AS (SELECT clock_timestamp() - make_interval(days => ${days}) AS at),
    done AS (
      SELECT task_id, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds) AS median, sum(seconds) AS seconds,
        min(at) AS first
      FROM review.verdicts
      WHERE workspace_id = ${workspace} ${ofTask} AND at >= (SELECT at FROM start) AND state <> 'undone'
      GROUP BY task_id),
    came AS (
      SELECT task_id, count(*)::int AS arrived, min(created_at) AS first FROM review.items
      WHERE workspace_id = ${workspace} ${ofTask} AND created_at >= (SELECT at FROM start) GROUP BY task_id)
    SELECT task_id, done.median, done.seconds, came.arrived,
      greatest((SELECT at FROM start), least(done.first, came.first)) AS since
    FROM done FULL JOIN came USING (task_id)`.execute(tx);
  return rows.map((row) => ({
    taskId: row.task_id,
    medianSeconds: row.median,
    verdictSeconds: row.seconds ?? 0,
    arrived: row.arrived ?? 0,
    since: row.since.getTime(),
  }));
}
