import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import { HEAD_START_MS } from '../label-value.ts';
import type { Gold, ReviewStore } from '../ports.ts';

interface GoldRow {
  id: string;
  decision: string;
  task_id: string;
  task: string;
  task_revision: number;
  input: unknown;
  label: string;
  created_by: string;
  created_at: Date;
  answered: number;
  correct: number;
}

export async function add(tx: Tx, workspace: string, gold: Gold): Promise<boolean> {
  const { rows } = await sql`
    INSERT INTO review.gold (workspace_id, id, decision, task_id, task, task_revision, input, label, created_by, created_at)
    VALUES (${workspace}, ${gold.id}, ${gold.decision}, ${gold.taskId}, ${gold.task}, ${gold.taskRevision},
      ${JSON.stringify(gold.input)}::jsonb, ${gold.label}, ${gold.createdBy}, ${new Date(gold.createdAt)})
    ON CONFLICT DO NOTHING RETURNING 1`.execute(tx);
  return rows.length > 0;
}

export async function list(
  tx: Tx,
  workspace: string,
  task: string | null,
  page: { limit: number; after: string | null },
): Promise<(Gold & { answered: number; correct: number })[]> {
  const { rows } = await sql<GoldRow>`
    SELECT g.*, coalesce(v.answered, 0)::int AS answered, coalesce(v.correct, 0)::int AS correct
    FROM review.gold g LEFT JOIN LATERAL (
      SELECT count(*) AS answered, count(*) FILTER (WHERE v.label = v.gold_truth) AS correct
      FROM review.items i JOIN review.verdicts v ON v.workspace_id = i.workspace_id AND v.item = i.id
      WHERE i.workspace_id = g.workspace_id AND i.gold_id = g.id AND v.state = 'recorded') v ON true
    WHERE g.workspace_id = ${workspace} AND (${task}::text IS NULL OR g.task = ${task})
      AND (${page.after}::text IS NULL OR g.id > ${page.after})
    ORDER BY g.id LIMIT ${page.limit}`.execute(tx);
  return rows.map((row) => ({
    id: row.id,
    decision: row.decision,
    taskId: row.task_id,
    task: row.task,
    taskRevision: row.task_revision,
    input: row.input,
    label: row.label,
    createdBy: row.created_by,
    createdAt: row.created_at.getTime(),
    answered: row.answered,
    correct: row.correct,
  }));
}

export async function decisionOf(tx: Tx, workspace: string, id: string): Promise<string | null> {
  const { rows } = await sql<{ decision: string }>`
    SELECT decision FROM review.gold WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
  return rows[0]?.decision ?? null;
}

export async function remove(tx: Tx, workspace: string, id: string): Promise<boolean> {
  const { rows } = await sql`
    DELETE FROM review.gold WHERE workspace_id = ${workspace} AND id = ${id} RETURNING 1`.execute(tx);
  await sql`
    UPDATE review.items SET state = 'closed', closed_reason = 'answered_elsewhere'
    WHERE workspace_id = ${workspace} AND gold_id = ${id} AND state = 'waiting'`.execute(tx);
  return rows.length > 0;
}

export async function insertItem(
  tx: Tx,
  workspace: string,
  taskId: string,
  item: Parameters<ReviewStore['insertGold']>[2],
): Promise<void> {
  await sql`
    WITH chosen AS (
      SELECT id FROM review.gold WHERE workspace_id = ${workspace} AND task_id = ${taskId}
      ORDER BY used, id LIMIT 1 FOR UPDATE SKIP LOCKED),
    g AS (
      UPDATE review.gold SET used = used + 1 WHERE workspace_id = ${workspace} AND id = (SELECT id FROM chosen)
      RETURNING *),
    recent AS (
      SELECT value FROM review.items WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND kind = 'review'
      ORDER BY created_at DESC LIMIT 200),
    place AS (
      SELECT coalesce((SELECT value FROM recent OFFSET floor(${item.lot}::float8 * (SELECT count(*) FROM recent))::int
        LIMIT 1), ${item.lot}::float8) AS value)
    INSERT INTO review.items (workspace_id, id, decision, task_id, task, task_revision, kind, reason, probability, value,
      due_at, created_at, input, model_label, model_confidence, hide_lot, second_lot, gold_lot, gold_id, gold_truth, seen)
    SELECT ${workspace}, ${item.id}, ${item.decision}, g.task_id, g.task, g.task_revision, 'gold', NULL, NULL,
      place.value, now() - make_interval(secs => place.value * ${HEAD_START_MS / 1000}::float8), now(), g.input, NULL,
      NULL, ${item.hideLot}, 1, 1, g.id, g.label,
      -- Nobody is asked twice.
      ARRAY(SELECT DISTINCT v.reviewer FROM review.verdicts v
        WHERE v.workspace_id = ${workspace} AND (v.gold_id = g.id OR v.decision = g.decision))
    FROM g, place`.execute(tx);
}
