import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { Page, WebhookStore } from '../webhooks/ports.ts';
import type { SealedSecrets } from '../webhooks/secrets.ts';
import { type DisabledReason, HEALTHY, type Webhook } from '../webhooks/webhook.ts';
import { type HealthRow, toHealth } from './delivery-row.ts';

interface WebhookRow extends HealthRow {
  id: string;
  workspace_id: string;
  url: string;
  events: Webhook['events'];
  task: string | null;
  description: string | null;
  enabled: boolean;
  disabled_reason: DisabledReason | null;
  disabled_at: Date | null;
  previous_until: Date | null;
  version: number;
  created_by: string;
  created_at: Date;
  updated_at: Date;
}

interface SecretRow {
  secret: Buffer;
  previous_secret: Buffer | null;
  previous_until: Date | null;
}

/** Every column but the secrets, and how the endpoint did. */
const SELECT = sql`
  SELECT w.workspace_id, w.id, w.url, w.events, w.task, w.description, w.enabled, w.disabled_reason, w.disabled_at,
    w.previous_until, w.version, w.created_by, w.created_at, w.updated_at,
    t.failures, t.failing_since, t.open_until, t.last_success_at, t.last_failure_at, t.last_problem
  FROM events.webhooks w
  LEFT JOIN events.delivery_targets t ON t.workspace_id = w.workspace_id AND t.target = w.id`;

const date = (time: number | null) => (time === null ? null : new Date(time));

/** Webhooks in PostgreSQL. */
export class PostgresWebhookStore implements WebhookStore {
  async insert(tx: Tx, webhook: Webhook, secrets: SealedSecrets): Promise<void> {
    const { workspace, id, url, events, task, description, version, createdBy, createdAt } = webhook;
    await sql`
      INSERT INTO events.webhooks (workspace_id, id, url, events, task, description, enabled, secret, version,
        created_by, created_at, updated_at)
      VALUES (${workspace}, ${id}, ${url}, ${[...events]}::text[], ${task}, ${description}, ${webhook.enabled},
        ${Buffer.from(secrets.current)}, ${version}, ${createdBy}, ${new Date(createdAt)},
        ${new Date(webhook.updatedAt)})`.execute(tx);
  }

  async find(tx: Tx, workspace: string, id: string, lock = false): Promise<Webhook | null> {
    const { rows } = await sql<WebhookRow>`${SELECT} WHERE w.workspace_id = ${workspace} AND w.id = ${id}
      ${lock ? sql`FOR UPDATE OF w` : sql``}`.execute(tx);
    return rows[0] === undefined ? null : toWebhook(rows[0]);
  }

  async list(tx: Tx, workspace: string, { limit, after }: Page): Promise<Webhook[]> {
    const older = after === undefined ? sql`` : sql`AND w.id < ${after}`;
    const { rows } = await sql<WebhookRow>`${SELECT} WHERE w.workspace_id = ${workspace} ${older}
      ORDER BY w.id DESC LIMIT ${limit}`.execute(tx);
    return rows.map(toWebhook);
  }

  async enabled(tx: Tx, workspace: string): Promise<Webhook[]> {
    const { rows } = await sql<WebhookRow>`/* prepared */ ${SELECT}
      WHERE w.workspace_id = ${workspace} AND w.enabled`.execute(tx);
    return rows.map(toWebhook);
  }

  async count(tx: Tx, workspace: string): Promise<number> {
    // Whoever adds one waits for the other who does: else both would find room for the last.
    await sql`SELECT pg_advisory_xact_lock(hashtextextended('events.webhooks ' || ${workspace}, 0))`.execute(tx);
    const { rows } = await sql<{ n: number }>`
      SELECT count(*)::int AS n FROM events.webhooks WHERE workspace_id = ${workspace}`.execute(tx);
    return rows[0]!.n;
  }

  async update(tx: Tx, webhook: Webhook): Promise<void> {
    await sql`
      UPDATE events.webhooks SET url = ${webhook.url}, events = ${[...webhook.events]}::text[], task = ${webhook.task},
        description = ${webhook.description}, enabled = ${webhook.enabled}, version = ${webhook.version},
        disabled_reason = ${webhook.disabledReason}, disabled_at = ${date(webhook.disabledAt)},
        updated_at = ${new Date(webhook.updatedAt)}
      WHERE workspace_id = ${webhook.workspace} AND id = ${webhook.id}`.execute(tx);
  }

  async remove(tx: Tx, workspace: string, id: string): Promise<void> {
    // Those under way are too late; their number is bounded, that of the others is not.
    await sql`UPDATE events.deliveries SET status = 'failed', finished_at = now(), lease_until = NULL, fence = fence + 1
      WHERE workspace_id = ${workspace} AND target = ${id} AND status = 'waiting' AND lease_until IS NOT NULL`.execute(
      tx,
    );
    await sql`INSERT INTO events.removed_webhooks (workspace_id, id) VALUES (${workspace}, ${id})`.execute(tx);
    await sql`DELETE FROM events.delivery_targets WHERE workspace_id = ${workspace} AND target = ${id}`.execute(tx);
    await sql`DELETE FROM events.webhooks WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
  }

  async secrets(tx: Tx, workspace: string, id: string): Promise<SealedSecrets | null> {
    const { rows } = await sql<SecretRow>`SELECT secret, previous_secret, previous_until FROM events.webhooks
      WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
    return rows[0] === undefined ? null : toSecrets(rows[0]);
  }

  async setSecrets(tx: Tx, workspace: string, id: string, secrets: SealedSecrets): Promise<void> {
    const { current, previous, previousUntil } = toColumns(secrets);
    await sql`UPDATE events.webhooks
      SET secret = ${current}, previous_secret = ${previous}, previous_until = ${previousUntil}
      WHERE workspace_id = ${workspace} AND id = ${id}`.execute(tx);
  }

  async callbackSecrets(tx: Tx, workspace: string): Promise<SealedSecrets | null> {
    const { rows } = await sql<SecretRow>`SELECT secret, previous_secret, previous_until FROM events.callback_secrets
      WHERE workspace_id = ${workspace}`.execute(tx);
    return rows[0] === undefined ? null : toSecrets(rows[0]);
  }

  async saveCallbackSecrets(tx: Tx, workspace: string, secrets: SealedSecrets, replace: boolean) {
    const { current, previous, previousUntil } = toColumns(secrets);
    const change = replace
      ? sql`secret = excluded.secret, previous_secret = excluded.previous_secret, previous_until = excluded.previous_until`
      : sql`secret = events.callback_secrets.secret`;
    const { rows } = await sql<SecretRow>`
      INSERT INTO events.callback_secrets (workspace_id, secret, previous_secret, previous_until)
      VALUES (${workspace}, ${current}, ${previous}, ${previousUntil})
      ON CONFLICT (workspace_id) DO UPDATE SET ${change}
      RETURNING secret, previous_secret, previous_until`.execute(tx);
    return toSecrets(rows[0]!);
  }
}

const toSecrets = (row: SecretRow): SealedSecrets => ({
  current: row.secret,
  previous: row.previous_secret,
  previousUntil: row.previous_until?.getTime() ?? null,
});

const toColumns = ({ current, previous, previousUntil }: SealedSecrets) => ({
  current: Buffer.from(current),
  previous: previous === null ? null : Buffer.from(previous),
  previousUntil: date(previousUntil),
});

const toWebhook = (row: WebhookRow): Webhook => ({
  id: row.id,
  workspace: row.workspace_id,
  url: row.url,
  events: row.events,
  task: row.task,
  description: row.description,
  enabled: row.enabled,
  disabledReason: row.disabled_reason,
  disabledAt: row.disabled_at?.getTime() ?? null,
  version: row.version,
  createdBy: row.created_by,
  createdAt: row.created_at.getTime(),
  updatedAt: row.updated_at.getTime(),
  previousSecretUntil: row.previous_until?.getTime() ?? null,
  health: row.failures === null ? HEALTHY : toHealth(row),
});
