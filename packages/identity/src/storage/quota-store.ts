import { type Database, SHORT_READ, type Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { Quota, QuotaDirectory, QuotaStore } from '../quotas.ts';

/** The NOTIFY channel that carries the ids of workspaces whose quota was changed. */
export const QUOTAS_CHANNEL = 'identity_quotas';

interface QuotaRow {
  requests_per_minute: number;
}

/** {@link QuotaStore} over identity.quotas. */
export class PostgresQuotaStore implements QuotaStore, QuotaDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async find(tx: Tx, workspace: string): Promise<Quota> {
    const { rows } = await sql<QuotaRow>`
      SELECT requests_per_minute FROM identity.quotas WHERE workspace_id = ${workspace}`.execute(tx);
    return { requestsPerMinute: rows[0]?.requests_per_minute ?? null };
  }

  async save(tx: Tx, workspace: string, { requestsPerMinute }: Quota): Promise<void> {
    if (requestsPerMinute === null) {
      await sql`DELETE FROM identity.quotas WHERE workspace_id = ${workspace}`.execute(tx);
    } else {
      await sql`
        INSERT INTO identity.quotas (workspace_id, requests_per_minute) VALUES (${workspace}, ${requestsPerMinute})
        ON CONFLICT (workspace_id) DO UPDATE SET requests_per_minute = excluded.requests_per_minute`.execute(tx);
    }
    await sql`SELECT pg_notify(${QUOTAS_CHANNEL}, ${workspace})`.execute(tx);
  }

  read(workspace: string): Promise<Quota> {
    return this.#database.inWorkspace(workspace, (tx) => this.find(tx, workspace), SHORT_READ);
  }
}
