import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { JobOutcome, JobStatus, SettledJob } from '../job.ts';
import { storableJson } from './storable.ts';

/** Failed attempts that a job remembers. */
const REMEMBERED = 10;

/** Writes what became of jobs; see `JobStore.settle`. Rows are locked in order of id, so that two writers never wait in a circle. */
export async function settle(tx: Tx, workspace: string, outcomes: readonly JobOutcome[]): Promise<SettledJob[]> {
  const singles = outcomes.filter(({ claim }) => !claim.many);
  const settled: SettledJob[] = singles.length === 0 ? [] : await settleSingles(tx, workspace, singles);
  for (const outcome of outcomes) {
    if (!outcome.claim.many) continue;
    const one = await settleMany(tx, workspace, outcome);
    if (one !== null) settled.push(one);
  }
  return settled;
}

async function settleSingles(tx: Tx, workspace: string, outcomes: readonly JobOutcome[]): Promise<SettledJob[]> {
  const sorted = outcomes.toSorted((a, b) => (a.claim.id < b.claim.id ? -1 : 1));
  const decisions = decisionsUnderOneFence(sorted);
  if (decisions !== null) return settleDecided(tx, workspace, sorted, decisions);
  const ends = sorted.map(({ items }) => items[0]!);
  const { rows } = await sql<{ id: string; state: JobStatus; failed: number }>`
    WITH o AS MATERIALIZED (
      SELECT * FROM unnest(${sorted.map(({ claim }) => claim.id)}::text[],
        ${sorted.map(({ claim }) => claim.fence)}::bigint[],
        ${ends.map(({ end }) => STATE_AFTER[end])}::text[],
        ${ends.map((item) => (item.end === 'decided' ? item.decision : null))}::text[],
        ${ends.map((item) => ('error' in item ? storableJson(item.error) : null))}::text[],
        ${ends.map((item) => ('delayMs' in item ? item.delayMs : null))}::float8[],
        ${ends.map(({ end }) => (end === 'deferred' ? 1 : 0))}::int[])
        AS o (id, fence, state, decision, error, delay, uncounted)),
    held AS MATERIALIZED (
      SELECT j.id FROM o JOIN jobs.jobs j ON j.workspace_id = ${workspace} AND j.id = o.id
      WHERE j.state = 'running' AND j.fence = o.fence ORDER BY j.id FOR UPDATE OF j)
    UPDATE jobs.jobs AS j
    SET state = o.state, decision = o.decision, error = o.error::jsonb,
      done = (o.delay IS NULL)::int, failed = (o.state = 'failed')::int,
      ready_at = CASE WHEN o.delay IS NULL THEN j.ready_at
        ELSE clock_timestamp() + o.delay * interval '1 millisecond' END,
      attempts = j.attempts - o.uncounted,
      history = CASE WHEN o.error IS NULL THEN j.history
        ELSE jsonb_path_query_array(jsonb_build_array(o.error::jsonb || jsonb_build_object('at', now()))
          || coalesce(j.history, '[]'::jsonb), ${sql.raw(`'$[0 to ${REMEMBERED - 1}]'`)}) END,
      request = CASE WHEN o.delay IS NULL THEN NULL ELSE j.request END,
      worker = NULL, lease_until = NULL, version = j.version + 1,
      finished_at = CASE WHEN o.delay IS NULL THEN now() END
    FROM o, held WHERE held.id = o.id AND j.workspace_id = ${workspace} AND j.id = o.id
    RETURNING j.id, j.state, j.failed`.execute(tx);
  return rows.map(({ id, state, failed }) => {
    const done = state === 'queued' ? 0 : 1;
    return { id, status: state, total: 1, done, failed };
  });
}

/** The decisions, when that is what all of one claim came to; otherwise null. */
function decisionsUnderOneFence(outcomes: readonly JobOutcome[]): string[] | null {
  const { fence } = outcomes[0]!.claim;
  const decisions: string[] = [];
  for (const { claim, items } of outcomes) {
    const [item] = items;
    if (claim.fence !== fence || item?.end !== 'decided') return null;
    decisions.push(item.decision);
  }
  return decisions;
}

async function settleDecided(
  tx: Tx,
  workspace: string,
  sorted: readonly JobOutcome[],
  decisions: readonly string[],
): Promise<SettledJob[]> {
  const ids = sorted.map(({ claim }) => claim.id);
  // Ids of ours hold no comma: a text that the server splits is cheaper to send than an array.
  const { rows } = await sql<{
    id: string;
  }>`/* prepared */ SELECT jobs.settle_decided(${workspace}, ${sorted[0]!.claim.fence}::bigint,
    string_to_array(${ids.join(',')}, ','), string_to_array(${decisions.join(',')}, ',')) AS id`.execute(tx);
  const lost = new Set(rows.map(({ id }) => id));
  const settled: SettledJob[] = [];
  for (const id of ids) if (!lost.has(id)) settled.push({ id, status: 'succeeded', total: 1, done: 1, failed: 0 });
  return settled;
}

const STATE_AFTER = { decided: 'succeeded', given_up: 'failed', again: 'queued', deferred: 'queued' } as const;

async function settleMany(tx: Tx, workspace: string, { claim, items }: JobOutcome): Promise<SettledJob | null> {
  const { rows: held } = await sql`
    SELECT 1 FROM jobs.jobs WHERE workspace_id = ${workspace} AND id = ${claim.id} AND state = 'running'
      AND fence = ${claim.fence} FOR UPDATE`.execute(tx);
  if (held.length === 0) return null;
  if (items.length > 0) {
    await sql`
      UPDATE jobs.items AS i
      SET decision = o.decision, error = CASE WHEN o.delay IS NULL THEN o.error::jsonb END,
        attempts = i.attempts + 1 - o.uncounted,
        ready_at = clock_timestamp() + o.delay * interval '1 millisecond',
        history = CASE WHEN o.error IS NULL THEN i.history
          ELSE jsonb_path_query_array(jsonb_build_array(o.error::jsonb || jsonb_build_object('at', now()))
            || coalesce(i.history, '[]'::jsonb), ${sql.raw(`'$[0 to ${REMEMBERED - 1}]'`)}) END,
        request = CASE WHEN o.delay IS NULL THEN NULL ELSE i.request END
      FROM unnest(${items.map(({ position }) => position)}::int[],
        ${items.map((item) => (item.end === 'decided' ? item.decision : null))}::text[],
        ${items.map((item) => ('error' in item ? storableJson(item.error) : null))}::text[],
        ${items.map((item) => ('delayMs' in item ? item.delayMs : null))}::float8[],
        ${items.map(({ end }) => (end === 'deferred' ? 1 : 0))}::int[])
        AS o (position, decision, error, delay, uncounted)
      WHERE i.workspace_id = ${workspace} AND i.job = ${claim.id} AND i.position = o.position
        AND i.request IS NOT NULL`.execute(tx);
  }
  const failed = items.filter(({ end }) => end === 'given_up').length;
  const done = failed + items.filter(({ end }) => end === 'decided').length;
  const { rows } = await sql<{ state: JobStatus; total: number; done: number; failed: number }>`
    UPDATE jobs.jobs AS j
    SET done = j.done + ${done}, failed = j.failed + ${failed}, version = j.version + 1, worker = NULL,
      lease_until = NULL,
      attempts = CASE WHEN ${done} > 0 THEN 0 ELSE j.attempts END, lost = CASE WHEN ${done} > 0 THEN 0 ELSE j.lost END,
      state = CASE WHEN j.done + ${done} < j.total THEN 'queued'
        WHEN j.failed + ${failed} > 0 THEN 'failed' ELSE 'succeeded' END,
      finished_at = CASE WHEN j.done + ${done} >= j.total THEN now() END,
      error = CASE WHEN j.done + ${done} >= j.total AND j.failed + ${failed} > 0
        THEN jsonb_build_object('code', 'job_items_failed', 'detail',
          format('%s of %s items could not be decided', j.failed + ${failed}, j.total)) END,
      -- Items that were never tried wait in front of those that come again, so the first one says what is due.
      ready_at = CASE WHEN EXISTS (SELECT FROM jobs.items i WHERE i.workspace_id = ${workspace} AND i.job = j.id
          AND i.request IS NOT NULL AND i.ready_at IS NULL) THEN clock_timestamp()
        ELSE coalesce((SELECT min(i.ready_at) FROM jobs.items i WHERE i.workspace_id = ${workspace} AND i.job = j.id
          AND i.request IS NOT NULL), j.ready_at) END
    WHERE j.workspace_id = ${workspace} AND j.id = ${claim.id}
    RETURNING state, total, done, failed`.execute(tx);
  const { state, ...counts } = rows[0]!;
  return { id: claim.id, status: state, ...counts };
}
