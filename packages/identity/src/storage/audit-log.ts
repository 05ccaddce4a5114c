import { type Clock, newId, type Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { AuditEntry, AuditFilter, AuditRecord, AuditStore } from '../ports.ts';
import { withoutSecrets } from '../secret.ts';
import { toDate } from './key-row.ts';

interface AuditRow {
  entry_id: string;
  at: Date;
  principal_kind: string;
  principal_id: string;
  action: string;
  resource: string;
  request_id: string;
  details: Record<string, unknown>;
}

/** The audit log in PostgreSQL; the application's role can add lines and read them, nothing else. */
export class PostgresAuditLog implements AuditStore {
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  async record(tx: Tx, entry: AuditRecord): Promise<void> {
    const now = this.#clock.now();
    const workspace = entry.workspace ?? entry.principal.workspace;
    const details = withoutSecrets(JSON.stringify(entry.details));
    await sql`
      INSERT INTO identity.audit_log
        (workspace_id, entry_id, at, principal_kind, principal_id, action, resource, request_id, details)
      VALUES (${workspace}, ${newId('aud', now)}, ${toDate(now)}, ${entry.principal.kind}, ${entry.principal.id},
        ${entry.action}, ${entry.resource}, ${entry.requestId}, ${details}::jsonb)`.execute(tx);
  }

  async list(tx: Tx, { limit, after, action, resource, from, to }: AuditFilter): Promise<AuditEntry[]> {
    const conditions = [sql`true`];
    if (after !== undefined) conditions.push(sql`entry_id < ${after}`);
    if (action !== undefined) conditions.push(sql`action = ${action}`);
    if (resource !== undefined) conditions.push(sql`resource = ${resource}`);
    if (from !== undefined) conditions.push(sql`at >= ${toDate(from)}`);
    if (to !== undefined) conditions.push(sql`at < ${toDate(to)}`);
    const { rows } = await sql<AuditRow>`
      SELECT entry_id, at, principal_kind, principal_id, action, resource, request_id, details
        FROM identity.audit_log WHERE ${sql.join(conditions, sql` AND `)}
       ORDER BY entry_id DESC LIMIT ${limit}`.execute(tx);
    return rows.map((row) => ({
      id: row.entry_id,
      at: row.at.getTime(),
      principal: { kind: row.principal_kind, id: row.principal_id },
      action: row.action,
      resource: row.resource,
      requestId: row.request_id,
      details: row.details,
    }));
  }
}
