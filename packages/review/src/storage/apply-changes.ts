import type { Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { NewItem } from '../item.ts';
import type { ItemChange } from '../ports.ts';

/** Writes what ledger rows mean for the queue, in their order; neighbours that only add go in one statement. */
export async function applyChanges(tx: Tx, workspace: string, changes: readonly ItemChange[]): Promise<void> {
  for (let i = 0; i < changes.length; ) {
    const change = changes[i]!;
    if (change.change === 'add') {
      const items: NewItem[] = [];
      for (; i < changes.length; i++) {
        const next = changes[i]!;
        if (next.change !== 'add') break;
        items.push(next.item);
      }
      await insert(tx, workspace, items, sql`DO NOTHING`);
      continue;
    }
    if (change.change === 'appeal') await appeal(tx, workspace, change.item);
    else if (change.change === 'erase') await erase(tx, workspace, change.decision);
    else await closeAnswered(tx, workspace, change.item);
    i++;
  }
}

async function insert(tx: Tx, workspace: string, items: readonly NewItem[], conflict: RawBuilder<unknown>) {
  const rows = items.map((item) => ({
    id: item.id,
    decision: item.decision,
    task_id: item.taskId,
    task: item.task,
    task_revision: item.taskRevision,
    kind: item.kind,
    reason: item.reason,
    probability: item.probability,
    value: item.value,
    due_at: new Date(item.dueAt).toISOString(),
    created_at: new Date(item.createdAt).toISOString(),
    input: item.input,
    model_label: item.modelLabel,
    model_confidence: item.modelConfidence,
    hide_lot: item.hideLot,
    second_lot: item.secondLot,
    gold_lot: item.goldLot,
  }));
  await sql`/* prepared */
    INSERT INTO review.items AS i (workspace_id, id, decision, task_id, task, task_revision, kind, reason, probability,
      value, due_at, created_at, input, model_label, model_confidence, hide_lot, second_lot, gold_lot, irregular)
    SELECT ${workspace}, r.*, r.kind = 'appeal'
    FROM jsonb_to_recordset(${storableJson(rows)}::jsonb) AS r (id text, decision text, task_id text, task text,
      task_revision int, kind text, reason text, probability float8, value float8, due_at timestamptz,
      created_at timestamptz, input jsonb, model_label text, model_confidence float8, hide_lot float8,
      second_lot float8, gold_lot float8)
    ON CONFLICT (workspace_id, id) ${conflict}`.execute(tx);
}

/** The database's JSON holds no NUL and no half of a surrogate pair; one such text must not stop the feed. */
function storableJson(value: unknown): string {
  return JSON.stringify(value, (_, part: unknown) =>
    typeof part === 'string' ? part.toWellFormed().replaceAll('\0', '\uFFFD') : part,
  );
}

/** Who answered before may be asked again: an appeal is a new question, and the only reviewer there may be. */
async function appeal(tx: Tx, workspace: string, item: NewItem): Promise<void> {
  await insert(
    tx,
    workspace,
    [item],
    sql`DO UPDATE SET
      kind = CASE WHEN i.state = 'waiting' THEN i.kind ELSE 'appeal' END,
      probability = CASE WHEN i.state = 'waiting' THEN i.probability END,
      irregular = i.state <> 'waiting' OR i.irregular,
      round = CASE WHEN i.state = 'waiting' THEN i.round ELSE i.round + 1 END,
      seen = CASE WHEN i.state = 'waiting' THEN i.seen ELSE '{}' END,
      opinions = CASE WHEN i.state = 'waiting' THEN i.opinions ELSE 0 END,
      skips = CASE WHEN i.state = 'waiting' THEN i.skips ELSE 0 END,
      escalation = CASE WHEN i.state = 'waiting' THEN i.escalation END,
      created_at = CASE WHEN i.state = 'waiting' THEN i.created_at ELSE excluded.created_at END,
      due_at = least(i.due_at, excluded.due_at), state = 'waiting', closed_reason = NULL, answer = NULL,
      answered_at = NULL,
      claim_token = CASE WHEN i.state = 'waiting' THEN i.claim_token END,
      claim_by = CASE WHEN i.state = 'waiting' THEN i.claim_by END,
      claim_at = CASE WHEN i.state = 'waiting' THEN i.claim_at END,
      claim_until = CASE WHEN i.state = 'waiting' THEN i.claim_until END
    WHERE i.state IN ('waiting', 'answered') OR i.state = 'closed' AND i.closed_reason = 'answered_elsewhere'`,
  );
}

/** The claim stays: a verdict that is under way is still taken. */
async function closeAnswered(tx: Tx, workspace: string, item: string): Promise<void> {
  await sql`
    UPDATE review.items
    SET state = CASE WHEN opinions > 0 THEN 'answered' ELSE 'closed' END,
        closed_reason = CASE WHEN opinions > 0 THEN NULL ELSE 'answered_elsewhere' END,
        answered_at = CASE WHEN opinions > 0 THEN now() END
    WHERE workspace_id = ${workspace} AND id = ${item} AND kind = 'review' AND state = 'waiting'`.execute(tx);
}

/** Everything of the decision that says something about a person: the content, notes, and gold made from it. */
async function erase(tx: Tx, workspace: string, decision: string): Promise<void> {
  await sql`
    UPDATE review.handbacks SET note = NULL
    WHERE workspace_id = ${workspace} AND note IS NOT NULL
      AND item IN (SELECT id FROM review.items WHERE workspace_id = ${workspace} AND decision = ${decision})`.execute(
    tx,
  );
  await sql`
    UPDATE review.verdicts SET note = NULL
    WHERE workspace_id = ${workspace} AND decision = ${decision} AND note IS NOT NULL`.execute(tx);
  await sql`
    WITH gone AS (DELETE FROM review.gold WHERE workspace_id = ${workspace} AND decision = ${decision} RETURNING id)
    UPDATE review.items
    SET input = NULL, state = CASE WHEN state = 'waiting' THEN 'closed' ELSE state END,
        closed_reason = CASE WHEN state IN ('waiting', 'closed') THEN 'erased' ELSE closed_reason END,
        claim_token = NULL, claim_by = NULL, claim_at = NULL, claim_until = NULL, claim_undoes = NULL
    WHERE workspace_id = ${workspace} AND (decision = ${decision} OR gold_id IN (SELECT id FROM gone))`.execute(tx);
}
