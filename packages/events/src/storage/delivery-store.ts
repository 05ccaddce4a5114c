import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import {
  type Attempt,
  type ClaimedDelivery,
  type Delivery,
  type DeliveryStatus,
  GIVE_UP_MS,
  type NewDelivery,
} from '../webhooks/delivery.ts';
import type { ClaimRequest, DeliveryFilter, DeliveryStore, Page } from '../webhooks/ports.ts';
import { HEALTHY, type TargetHealth } from '../webhooks/webhook.ts';
import {
  type AttemptRow,
  type DeliveryRow,
  type HealthRow,
  toAttempt,
  toClaimed,
  toDelivery,
  toHealth,
} from './delivery-row.ts';
import { depthOf } from './queue-depths.ts';

/** Receivers that one round of claims looks at. */
const MOST_TARGETS = 64;

const date = (time: number | null) => (time === null ? null : new Date(time));

/** Deliveries in PostgreSQL. */
export class PostgresDeliveryStore implements DeliveryStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async insert(tx: Tx, workspace: string, deliveries: readonly NewDelivery[]): Promise<void> {
    if (deliveries.length === 0) return;
    const rows = deliveries.map(({ event, ...delivery }) => ({
      id: delivery.id,
      target: delivery.target,
      webhook: delivery.webhook,
      url: delivery.url,
      event: event.id,
      type: event.type,
      subject: event.subject,
      body: JSON.stringify(event),
      traceparent: event.traceparent ?? null,
      next_at: new Date(delivery.nextAt),
      give_up_at: new Date(delivery.giveUpAt),
      created_at: new Date(delivery.createdAt),
    }));
    const column = (name: keyof (typeof rows)[number]) => rows.map((row) => row[name]);
    // Arrays rather than one JSON document: the bodies are JSON texts themselves and must stay as they are.
    await sql`
      INSERT INTO events.deliveries (workspace_id, id, target, webhook, url, event, type, subject, body, traceparent,
        next_at, give_up_at, created_at)
      SELECT ${workspace}, d.* FROM unnest(${column('id')}::text[], ${column('target')}::text[],
        ${column('webhook')}::text[], ${column('url')}::text[], ${column('event')}::text[], ${column('type')}::text[],
        ${column('subject')}::text[], ${column('body')}::text[], ${column('traceparent')}::text[],
        ${column('next_at')}::timestamptz[], ${column('give_up_at')}::timestamptz[],
        ${column('created_at')}::timestamptz[]) AS d
      ON CONFLICT DO NOTHING`.execute(tx);
  }

  async find(tx: Tx, workspace: string, id: string): Promise<Delivery | null> {
    const { rows } = await sql<DeliveryRow>`
      SELECT * FROM events.deliveries WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
    return rows[0] === undefined ? null : toDelivery(rows[0]);
  }

  async attempts(tx: Tx, workspace: string, id: string): Promise<Attempt[]> {
    const { rows } = await sql<AttemptRow>`SELECT * FROM events.delivery_attempts
      WHERE workspace_id = ${workspace} AND delivery = ${id} ORDER BY number`.execute(tx);
    return rows.map(toAttempt);
  }

  async list(tx: Tx, workspace: string, webhook: string | null, filter: DeliveryFilter, { limit, after }: Page) {
    const where = [
      sql`workspace_id = ${workspace}`,
      webhook === null ? sql`webhook IS NULL` : sql`webhook = ${webhook}`,
      ...(filter.status === undefined ? [] : [sql`status = ${filter.status}`]),
      ...(filter.type === undefined ? [] : [sql`type = ${filter.type}`]),
      ...(filter.event === undefined ? [] : [sql`event = ${filter.event}`]),
      ...(filter.subject === undefined ? [] : [sql`subject = ${filter.subject}`]),
      ...(after === undefined ? [] : [sql`id < ${after}`]),
    ];
    const { rows } = await sql<DeliveryRow>`SELECT * FROM events.deliveries WHERE ${sql.join(where, sql` AND `)}
      ORDER BY id DESC LIMIT ${limit}`.execute(tx);
    return rows.map(toDelivery);
  }

  async restart(tx: Tx, workspace: string, id: string, times: { nextAt: number; giveUpAt: number }): Promise<void> {
    // The fence moves on: an attempt that is under way must not settle the new one.
    await sql`UPDATE events.deliveries SET status = 'waiting', finished_at = NULL, lease_until = NULL, fence = fence + 1,
        next_at = ${new Date(times.nextAt)}, give_up_at = ${new Date(times.giveUpAt)}
      WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
  }

  async erase(tx: Tx, workspace: string, decisions: readonly string[], now: number): Promise<void> {
    const empty = sql`body = NULL, fence = fence + 1, lease_until = NULL,
      finished_at = CASE WHEN status = 'waiting' THEN ${new Date(now)} ELSE finished_at END,
      problem = CASE WHEN status = 'waiting' THEN 'erased' ELSE problem END,
      status = CASE WHEN status = 'waiting' THEN 'failed' ELSE status END`;
    await sql`UPDATE events.deliveries SET ${empty} WHERE workspace_id = ${workspace}
      AND subject = ANY (${[...decisions]}::text[]) AND type <> 'decision.erased' AND body IS NOT NULL`.execute(tx);
    // A callback names many decisions in its body; those that arrived are empty already, so few are left to search.
    for (const decision of decisions) {
      await sql`UPDATE events.deliveries SET ${empty} WHERE workspace_id = ${workspace} AND webhook IS NULL
        AND body IS NOT NULL AND position(${decision} IN body) > 0`.execute(tx);
    }
  }

  async claim(request: ClaimRequest): Promise<ClaimedDelivery[]> {
    const now = new Date(request.now);
    return this.#database.asSystem(async (tx) => {
      // Mostly nothing waits, and the statement below costs more to plan than all else.
      const any = await sql`SELECT FROM events.deliveries WHERE status = 'waiting' LIMIT 1`.execute(tx);
      if (any.rows.length === 0) return [];
      // MATERIALIZED, here and below: a plan that runs a subselect more than once would exceed its LIMIT.
      // The lock of a target is held until the commit: two workers that count its leases at once would exceed its limit.
      const { rows: targets } = await sql<{
        workspace_id: string;
        target: string;
        failures: number;
        room: number;
      }>`
        WITH RECURSIVE waiting AS (
          (SELECT workspace_id, target FROM events.deliveries WHERE status = 'waiting'
            ORDER BY workspace_id, target LIMIT 1)
          UNION ALL
          SELECT n.workspace_id, n.target FROM waiting t CROSS JOIN LATERAL (
            SELECT d.workspace_id, d.target FROM events.deliveries d
            WHERE d.status = 'waiting' AND (d.workspace_id, d.target) > (t.workspace_id, t.target)
            ORDER BY d.workspace_id, d.target LIMIT 1) n
        ), due AS MATERIALIZED (
          SELECT t.workspace_id, t.target, coalesce(h.failures, 0) AS failures
          FROM waiting t
          LEFT JOIN events.webhooks w ON w.workspace_id = t.workspace_id AND w.id = t.target
          LEFT JOIN events.delivery_targets h ON h.workspace_id = t.workspace_id AND h.target = t.target
          -- A row of a webhook that was deleted meanwhile is left alone.
          WHERE (w.enabled OR t.target LIKE 'http%') AND (h.open_until IS NULL OR h.open_until <= ${now})
            AND EXISTS (SELECT FROM events.deliveries d WHERE d.workspace_id = t.workspace_id
              AND d.target = t.target AND d.status = 'waiting' AND d.next_at <= ${now})
          ORDER BY random() LIMIT ${MOST_TARGETS}
        )
        SELECT workspace_id, target, failures,
          CASE WHEN failures >= ${request.probeFrom} THEN 1 ELSE ${request.perTarget} END - (
            SELECT count(*)::int FROM events.deliveries d WHERE d.workspace_id = due.workspace_id
              AND d.target = due.target AND d.status = 'waiting' AND d.lease_until > clock_timestamp()) AS room
        FROM due
        WHERE pg_try_advisory_xact_lock(hashtextextended('events.delivery ' || workspace_id || ' ' || target, 0))`.execute(
        tx,
      );
      const claimed: ClaimedDelivery[] = [];
      for (const { workspace_id: workspace, target, failures, room } of targets) {
        const limit = Math.min(room, request.limit - claimed.length);
        if (limit <= 0) continue;
        const { rows } = await sql<DeliveryRow & { tries: number }>`
          WITH n AS MATERIALIZED (SELECT id FROM events.deliveries WHERE workspace_id = ${workspace}
              AND target = ${target} AND status = 'waiting' AND next_at <= ${now}
              AND (lease_until IS NULL OR lease_until <= clock_timestamp())
            ORDER BY next_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
          UPDATE events.deliveries d
          SET lease_until = clock_timestamp() + make_interval(secs => ${request.leaseMs / 1000}), fence = fence + 1
          FROM n WHERE d.workspace_id = ${workspace} AND d.id = n.id
          RETURNING d.*, (SELECT count(*)::int FROM events.delivery_attempts a WHERE a.workspace_id = d.workspace_id
            AND a.delivery = d.id AND a.at >= d.give_up_at - make_interval(secs => ${GIVE_UP_MS / 1000})) AS tries`.execute(
          tx,
        );
        claimed.push(...rows.map((row) => toClaimed(row, failures)));
      }
      return claimed;
    });
  }

  async release(claimed: readonly ClaimedDelivery[]): Promise<void> {
    if (claimed.length === 0) return;
    await this.#database.asSystem((tx) =>
      sql`UPDATE events.deliveries d SET lease_until = NULL
          FROM unnest(${claimed.map(({ workspace }) => workspace)}::text[], ${claimed.map(({ id }) => id)}::text[],
            ${claimed.map(({ fence }) => fence)}::int[]) AS c (workspace_id, id, fence)
          WHERE d.workspace_id = c.workspace_id AND d.id = c.id AND d.fence = c.fence
            AND d.status = 'waiting'`.execute(tx),
    );
  }

  async settle(
    tx: Tx,
    { workspace, id, fence }: ClaimedDelivery,
    attempt: Attempt,
    next: { status: DeliveryStatus; nextAt: number; dropBody: boolean },
  ): Promise<boolean> {
    const { rows } = await sql`
      UPDATE events.deliveries SET status = ${next.status}, attempts = ${attempt.number}, lease_until = NULL,
        next_at = ${new Date(next.nextAt)}, response_status = ${attempt.responseStatus}, problem = ${attempt.problem},
        finished_at = CASE WHEN ${next.status} = 'waiting' THEN NULL ELSE ${new Date(attempt.at + attempt.ms)}::timestamptz END,
        body = CASE WHEN ${next.dropBody} THEN NULL ELSE body END
      WHERE workspace_id = ${workspace} AND id = ${id} AND fence = ${fence} AND status = 'waiting'
      RETURNING id`.execute(tx);
    if (rows.length === 0) return false;
    await sql`
      INSERT INTO events.delivery_attempts (workspace_id, delivery, number, at, ms, response_status, problem, detail,
        response_body)
      VALUES (${workspace}, ${id}, ${attempt.number}, ${new Date(attempt.at)}, ${attempt.ms}, ${attempt.responseStatus},
        ${attempt.problem}, ${attempt.detail}, ${attempt.responseBody})`.execute(tx);
    return true;
  }

  async health(tx: Tx, workspace: string, target: string): Promise<TargetHealth> {
    const { rows } = await sql<HealthRow>`SELECT * FROM events.delivery_targets
      WHERE workspace_id = ${workspace} AND target = ${target} FOR UPDATE`.execute(tx);
    return rows[0] === undefined ? HEALTHY : toHealth(rows[0]);
  }

  async saveHealth(tx: Tx, workspace: string, target: string, health: TargetHealth): Promise<void> {
    await sql`
      INSERT INTO events.delivery_targets (workspace_id, target, failures, failing_since, open_until, last_success_at,
        last_failure_at, last_problem)
      VALUES (${workspace}, ${target}, ${health.failures}, ${date(health.failingSince)}, ${date(health.openUntil)},
        ${date(health.lastSuccessAt)}, ${date(health.lastFailureAt)}, ${health.lastProblem})
      ON CONFLICT (workspace_id, target) DO UPDATE SET failures = excluded.failures,
        failing_since = excluded.failing_since, open_until = excluded.open_until,
        last_success_at = excluded.last_success_at, last_failure_at = excluded.last_failure_at,
        last_problem = excluded.last_problem`.execute(tx);
  }

  giveUp(now: number, limit: number): Promise<number> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql`
        WITH n AS MATERIALIZED (SELECT workspace_id, id FROM events.deliveries
          WHERE status = 'waiting' AND give_up_at <= ${new Date(now)}
            AND (lease_until IS NULL OR lease_until <= clock_timestamp())
          ORDER BY give_up_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        UPDATE events.deliveries d SET status = 'failed', finished_at = ${new Date(now)}, lease_until = NULL,
          fence = fence + 1, problem = coalesce(d.problem, 'gave_up')
        FROM n WHERE d.workspace_id = n.workspace_id AND d.id = n.id RETURNING d.id`.execute(tx);
      return rows.length;
    });
  }

  deleteFinished(before: number, limit: number): Promise<number> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql`
        WITH n AS MATERIALIZED (SELECT workspace_id, id FROM events.deliveries
          WHERE status <> 'waiting' AND finished_at < ${new Date(before)}
          ORDER BY finished_at LIMIT ${limit} FOR UPDATE SKIP LOCKED)
        DELETE FROM events.deliveries d USING n
        WHERE d.workspace_id = n.workspace_id AND d.id = n.id RETURNING d.id`.execute(tx);
      await sql`DELETE FROM events.delivery_targets t
        WHERE greatest(t.last_success_at, t.last_failure_at) < ${new Date(before)}
          AND NOT EXISTS (SELECT FROM events.webhooks w WHERE w.workspace_id = t.workspace_id AND w.id = t.target)
          AND NOT EXISTS (SELECT FROM events.deliveries d WHERE d.workspace_id = t.workspace_id
            AND d.target = t.target AND d.status = 'waiting')`.execute(tx);
      return rows.length;
    });
  }

  deleteOfRemoved(limit: number): Promise<number> {
    return this.#database.asSystem(async (tx) => {
      const { rows: removed } = await sql<{ workspace_id: string; id: string }>`
        SELECT workspace_id, id FROM events.removed_webhooks ORDER BY removed_at FOR UPDATE SKIP LOCKED`.execute(tx);
      for (const { workspace_id: workspace, id } of removed) {
        const { rows } = await sql`
          WITH n AS MATERIALIZED (SELECT id FROM events.deliveries
            WHERE workspace_id = ${workspace} AND webhook = ${id} ORDER BY id DESC LIMIT ${limit})
          DELETE FROM events.deliveries d USING n WHERE d.workspace_id = ${workspace} AND d.id = n.id
          RETURNING d.id`.execute(tx);
        if (rows.length > 0) return rows.length;
        // Whoever was writing deliveries when it was removed has long ended.
        await sql`DELETE FROM events.removed_webhooks WHERE workspace_id = ${workspace} AND id = ${id}
          AND removed_at < now() - interval '10 minutes'`.execute(tx);
      }
      return 0;
    });
  }

  async figures(now: number): Promise<{ waiting: number; oldestSeconds: number; failing: number }> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql<{ waiting: number; oldest: Date | null; failing: number }>`
        SELECT ${depthOf('deliveries')} AS waiting,
          (SELECT min(give_up_at) FROM events.deliveries WHERE status = 'waiting') AS oldest,
          (SELECT count(*)::int FROM events.delivery_targets WHERE failures > 0) AS failing`.execute(tx);
      const { waiting, oldest, failing } = rows[0]!;
      return { waiting, failing, oldestSeconds: oldest === null ? 0 : ageOf(oldest.getTime(), now) };
    });
  }
}

/** Each is given up the same time after it began, and that column has an index. */
function ageOf(giveUpAt: number, now: number): number {
  return Math.max(0, (now - (giveUpAt - GIVE_UP_MS)) / 1000);
}
