import type { Database, Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import type { CloseReason, Item, Verdict } from '../item.ts';
import type {
  AfterVerdict,
  BegunVerdict,
  ClaimRequest,
  Gold,
  ItemChange,
  ItemFilter,
  QueueCounts,
  QueuePace,
  ReviewStore,
  VerdictRequest,
} from '../ports.ts';
import { applyChanges } from './apply-changes.ts';
import * as gold from './gold.ts';
import * as queues from './queues.ts';
import { type ItemRow, toItem, toVerdict, type VerdictRow } from './row.ts';

/** Every column, and whether the claim still runs. */
const ITEM = sql`i.*, i.claim_until > clock_timestamp() AS claim_live`;
const UNCLAIM = sql`claim_token = NULL, claim_by = NULL, claim_at = NULL, claim_until = NULL, claim_undoes = NULL`;
/** Claimable: nobody holds a lease that runs. */
const FREE = sql`i.state = 'waiting' AND (i.claim_until IS NULL OR i.claim_until <= clock_timestamp())`;

/** Review items in PostgreSQL. */
export class PostgresReviewStore implements ReviewStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  apply(tx: Tx, workspace: string, changes: readonly ItemChange[]): Promise<void> {
    return applyChanges(tx, workspace, changes);
  }

  async recent(tx: Tx, workspace: string, taskId: string, limit: number) {
    const { rows } = await sql<{ value: number; model_label: string | null }>`
      SELECT value, model_label FROM review.items
      WHERE workspace_id = ${workspace} AND task_id = ${taskId} AND kind = 'review'
      ORDER BY created_at DESC LIMIT ${limit}`.execute(tx);
    return rows.map((row) => ({ value: row.value, modelLabel: row.model_label }));
  }

  async claim(workspace: string, request: ClaimRequest): Promise<Item[]> {
    const { reviewer, task, limit, leaseSeconds, from } = request;
    if (from === 'reviewers') {
      const rows = await this.#database.prepared<ItemRow>(
        'review_claim_next',
        'SELECT * FROM review.claim_next($1, $2, $3, $4, $5)',
        [workspace, reviewer, task, limit, leaseSeconds],
      );
      return inOrder(rows.map((row) => toItem({ ...row, claim_live: true })));
    }
    const ofTask = task === null ? sql`` : sql`AND i.task = ${task}`;
    const wanted = from === 'leads' ? sql`i.escalation IS NOT NULL` : sql`i.id = ANY (${from}::text[])`;
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<ItemRow>`
        WITH next AS (
          SELECT i.id FROM review.items i
          WHERE i.workspace_id = ${workspace} AND ${FREE} ${ofTask} AND ${wanted}
          ORDER BY i.due_at, i.id LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        UPDATE review.items i
        SET claim_token = gen_random_uuid()::text, claim_by = ${reviewer}, claim_at = clock_timestamp(),
            claim_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}), claim_undoes = NULL
        FROM next WHERE i.workspace_id = ${workspace} AND i.id = next.id
        RETURNING ${ITEM}`.execute(tx);
      return inOrder(rows.map(toItem));
    });
  }

  async lease(workspace: string, items: readonly { item: string; token: string; seconds: number }[]): Promise<void> {
    await this.#database.inWorkspace(workspace, (tx) =>
      sql`UPDATE review.items i SET claim_until = i.claim_at + make_interval(secs => l.seconds)
          FROM jsonb_to_recordset(${JSON.stringify(items)}::jsonb) AS l (item text, token text, seconds float8)
          WHERE i.workspace_id = ${workspace} AND i.id = l.item AND i.claim_token = l.token`.execute(tx),
    );
  }

  claimsOf(workspace: string, reviewer: string): Promise<Item[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<ItemRow>`
        SELECT ${ITEM} FROM review.items i
        WHERE i.workspace_id = ${workspace} AND i.state = 'waiting' AND i.claim_by = ${reviewer}
          AND i.claim_until > clock_timestamp()`.execute(tx);
      return inOrder(rows.map(toItem));
    });
  }

  find(workspace: string, item: string): Promise<Item | null> {
    return this.#database.inWorkspace(workspace, (tx) => this.#find(tx, workspace, item));
  }

  async #find(tx: Tx, workspace: string, item: string): Promise<Item | null> {
    const { rows } = await sql<ItemRow>`
      SELECT ${ITEM} FROM review.items i WHERE i.workspace_id = ${workspace} AND i.id = ${item}`.execute(tx);
    return rows[0] === undefined ? null : toItem(rows[0]);
  }

  async beginVerdict(workspace: string, request: VerdictRequest): Promise<BegunVerdict> {
    const { id, item, token, reviewer, label, seconds, idleLimitSeconds, note, shown } = request;
    const [row] = await this.#database.prepared<{ item: ItemRow; verdict: VerdictRow }>(
      'review_begin_verdict',
      'SELECT * FROM review.begin_verdict($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)',
      [workspace, id, item, token, reviewer, label, seconds, idleLimitSeconds, note, shown],
    );
    if (row === undefined) return this.#database.inWorkspace(workspace, (tx) => this.#repeated(tx, workspace, request));
    const begun = toItem({ ...row.item, claim_live: true });
    const verdict = toVerdict(row.verdict);
    const others =
      begun.opinions > 1
        ? await this.#database.inWorkspace(workspace, (tx) => this.#others(tx, workspace, begun, verdict))
        : [];
    return { outcome: 'begun', item: begun, verdict, others };
  }

  async #repeated(tx: Tx, workspace: string, { item: id, token, reviewer }: VerdictRequest): Promise<BegunVerdict> {
    const item = await this.#find(tx, workspace, id);
    const { rows } = await sql<VerdictRow>`
      SELECT * FROM review.verdicts
      WHERE workspace_id = ${workspace} AND item = ${id} AND token = ${token} AND reviewer = ${reviewer}
        AND state <> 'undone'`.execute(tx);
    if (item === null || rows[0] === undefined) return { outcome: 'refused', item };
    const verdict = toVerdict(rows[0]);
    return { outcome: 'repeated', item, verdict, others: await this.#others(tx, workspace, item, verdict) };
  }

  async #others(tx: Tx, workspace: string, item: Item, verdict: Verdict): Promise<Verdict[]> {
    if (item.opinions <= 1) return [];
    const { rows } = await sql<VerdictRow>`
      SELECT * FROM review.verdicts
      WHERE workspace_id = ${workspace} AND item = ${item.id} AND round = ${verdict.round} AND state = 'recorded'
        AND id <> ${verdict.id} ORDER BY at, id`.execute(tx);
    return rows.map(toVerdict);
  }

  async finishVerdict(workspace: string, verdict: string, after: AfterVerdict): Promise<void> {
    const escalation = after.state === 'waiting' ? after.escalation : null;
    await this.#database.prepared('review_finish_verdict', 'SELECT review.finish_verdict($1, $2, $3, $4)', [
      workspace,
      verdict,
      after.state,
      escalation,
    ]);
  }

  async unsettled(seconds: number, limit: number) {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<VerdictRow & { workspace_id: string }>`
        SELECT * FROM review.verdicts
        WHERE state = 'pending' AND at < clock_timestamp() - make_interval(secs => ${seconds})
        ORDER BY at LIMIT ${limit}`.execute(tx);
      const left = [];
      for (const row of rows) {
        const verdict = toVerdict(row);
        const item = await this.#find(tx, row.workspace_id, row.item);
        if (item === null) continue;
        const others = await this.#others(tx, row.workspace_id, item, verdict);
        left.push({ workspace: row.workspace_id, item, verdict, others });
      }
      return left;
    });
  }

  handBack(workspace: string, request: Parameters<ReviewStore['handBack']>[1]): Promise<boolean> {
    const { item, token, reviewer, action, note } = request;
    const skipped = action === 'skip';
    const escalation = sql`CASE
      WHEN i.escalation IS NOT NULL THEN i.escalation
      WHEN ${action === 'escalate'} THEN 'by_reviewer'
      WHEN ${skipped} AND i.skips + 1 >= ${request.escalateAfterSkips} THEN 'skipped' END`;
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql`
        WITH given AS (
          UPDATE review.items i
          SET ${UNCLAIM}, irregular = i.irregular OR ${action !== 'release'}, escalation = ${escalation},
              skips = i.skips + ${skipped ? 1 : 0},
              skipped_by = CASE WHEN ${skipped} THEN array_append(i.skipped_by, ${reviewer}) ELSE i.skipped_by END,
              skipped_at = CASE WHEN ${skipped} THEN clock_timestamp() ELSE i.skipped_at END
          WHERE i.workspace_id = ${workspace} AND i.id = ${item} AND i.claim_token = ${token}
            AND i.claim_by = ${reviewer} AND i.state = 'waiting'
          RETURNING i.id)
        INSERT INTO review.handbacks (workspace_id, item, token, action, reviewer, note, at)
        SELECT ${workspace}, id, ${token}, ${action}, ${reviewer}, ${note}, clock_timestamp() FROM given
        RETURNING 1`.execute(tx);
      if (rows.length > 0) return true;
      const before = await sql`
        SELECT 1 FROM review.handbacks
        WHERE workspace_id = ${workspace} AND item = ${item} AND token = ${token} AND action = ${action}
          AND reviewer = ${reviewer}`.execute(tx);
      return before.rows.length > 0;
    });
  }

  undo(workspace: string, request: Parameters<ReviewStore['undo']>[1]): Promise<Item | null> {
    const { item: id, token, reviewer, windowSeconds, leaseSeconds } = request;
    return this.#database.inWorkspace(workspace, async (tx) => {
      await sql`SELECT 1 FROM review.items WHERE workspace_id = ${workspace} AND id = ${id} FOR UPDATE`.execute(tx);
      const { rows } = await sql<ItemRow>`
        WITH taken AS (
          UPDATE review.verdicts v SET state = 'undone'
          WHERE v.workspace_id = ${workspace} AND v.item = ${id} AND v.token = ${token} AND v.reviewer = ${reviewer}
            AND v.state = 'recorded' AND v.at > clock_timestamp() - make_interval(secs => ${windowSeconds})
            AND NOT EXISTS (SELECT 1 FROM review.verdicts later WHERE later.workspace_id = v.workspace_id
              AND later.item = v.item AND later.state <> 'undone' AND later.at > v.at)
            AND EXISTS (SELECT 1 FROM review.items i WHERE i.workspace_id = v.workspace_id AND i.id = v.item
              AND i.round = v.round
              AND (i.state = 'answered' OR ${FREE} OR i.state = 'waiting' AND i.claim_by = v.reviewer))
          RETURNING v.deciding)
        UPDATE review.items i
        SET state = 'waiting', opinions = i.opinions - 1, seen = array_remove(i.seen, ${reviewer}), answer = NULL,
            answered_at = NULL, escalation = CASE WHEN taken.deciding THEN i.escalation END,
            claim_token = gen_random_uuid()::text, claim_by = ${reviewer}, claim_at = clock_timestamp(),
            claim_until = clock_timestamp() + make_interval(secs => ${leaseSeconds}), claim_undoes = ${token}
        FROM taken WHERE i.workspace_id = ${workspace} AND i.id = ${id} RETURNING ${ITEM}`.execute(tx);
      if (rows[0] !== undefined) return toItem(rows[0]);
      const item = await this.#find(tx, workspace, id);
      const same = item?.state === 'waiting' && item.claim?.undoes === token && item.claim.by === reviewer;
      return same ? item : null;
    });
  }

  async close(workspace: string, which: { taskId: string } | { item: string }, reason: CloseReason): Promise<void> {
    const those = 'item' in which ? sql`id = ${which.item}` : sql`task_id = ${which.taskId}`;
    await this.#database.inWorkspace(workspace, (tx) =>
      sql`UPDATE review.items SET state = 'closed', closed_reason = ${reason}, ${UNCLAIM}
          WHERE workspace_id = ${workspace} AND ${those} AND state = 'waiting'`.execute(tx),
    );
  }

  list(workspace: string, filter: ItemFilter, page: { limit: number; before: string | null }): Promise<Item[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<ItemRow>`
        SELECT ${ITEM} FROM review.items i
        WHERE i.workspace_id = ${workspace} AND (${page.before}::text IS NULL OR i.id < ${page.before})
          AND (${filter.task ?? null}::text IS NULL OR i.task = ${filter.task ?? null})
          AND (${filter.kind ?? null}::text IS NULL OR i.kind = ${filter.kind ?? null})
          AND ${ofStatus(filter.status)}
        ORDER BY i.id DESC LIMIT ${page.limit}`.execute(tx);
      return rows.map(toItem);
    });
  }

  history(workspace: string, item: string): ReturnType<ReviewStore['history']> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const verdicts = await sql<VerdictRow>`
        SELECT * FROM review.verdicts WHERE workspace_id = ${workspace} AND item = ${item} ORDER BY at, id`.execute(tx);
      const handbacks = await sql<{
        action: 'skip' | 'release' | 'escalate';
        reviewer: string;
        note: string;
        at: Date;
      }>`
        SELECT * FROM review.handbacks WHERE workspace_id = ${workspace} AND item = ${item} ORDER BY at`.execute(tx);
      return {
        verdicts: verdicts.rows.map(toVerdict),
        handbacks: handbacks.rows.map(({ action, reviewer, note, at }) => ({
          action,
          by: reviewer,
          note,
          at: at.getTime(),
        })),
      };
    });
  }

  queues(workspace: string, reviewer: string, task: string | null): Promise<QueueCounts[]> {
    return this.#database.inWorkspace(workspace, (tx) => queues.countQueues(tx, workspace, reviewer, task));
  }

  pace(workspace: string, task: string | null, days: number): Promise<QueuePace[]> {
    return this.#database.inWorkspace(workspace, (tx) => queues.measurePace(tx, workspace, task, days));
  }

  verdicts(workspace: string, filter: { task: string | null; days: number; limit: number }) {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const since = await sql<{ since: Date }>`
        SELECT clock_timestamp() - make_interval(days => ${filter.days}) AS since`.execute(tx);
      const from = since.rows[0]!.since;
      const ofTask = filter.task === null ? sql`` : sql`AND task = ${filter.task}`;
      const { rows } = await sql<VerdictRow>`
        SELECT * FROM review.verdicts
        WHERE workspace_id = ${workspace} ${ofTask} AND at >= ${from} AND state = 'recorded'
        ORDER BY at DESC LIMIT ${filter.limit}`.execute(tx);
      return { verdicts: rows.map(toVerdict), since: from.getTime() };
    });
  }

  addGold(workspace: string, added: Gold): Promise<boolean> {
    return this.#database.inWorkspace(workspace, (tx) => gold.add(tx, workspace, added));
  }

  listGold(workspace: string, task: string | null, page: { limit: number; after: string | null }) {
    return this.#database.inWorkspace(workspace, (tx) => gold.list(tx, workspace, task, page));
  }

  decisionOfGold(workspace: string, id: string): Promise<string | null> {
    return this.#database.inWorkspace(workspace, (tx) => gold.decisionOf(tx, workspace, id));
  }

  removeGold(workspace: string, id: string): Promise<boolean> {
    return this.#database.inWorkspace(workspace, (tx) => gold.remove(tx, workspace, id));
  }

  insertGold(workspace: string, taskId: string, item: Parameters<ReviewStore['insertGold']>[2]): Promise<void> {
    return this.#database.inWorkspace(workspace, (tx) => gold.insertItem(tx, workspace, taskId, item));
  }
}

function ofStatus(status: ItemFilter['status']): RawBuilder<unknown> {
  const live = sql`coalesce(i.claim_until > clock_timestamp(), false)`;
  switch (status) {
    case undefined:
      return sql`true`;
    case 'answered':
      return sql`i.state IN ('answering', 'answered')`;
    case 'closed':
      return sql`i.state = 'closed'`;
    case 'claimed':
      return sql`i.state = 'waiting' AND ${live}`;
    case 'escalated':
      return sql`i.state = 'waiting' AND NOT ${live} AND i.escalation IS NOT NULL`;
    case 'waiting':
      return sql`i.state = 'waiting' AND NOT ${live} AND i.escalation IS NULL`;
  }
}

function inOrder(items: Item[]): Item[] {
  return items.sort((a, b) => a.dueAt - b.dueAt || (a.id < b.id ? -1 : 1));
}
