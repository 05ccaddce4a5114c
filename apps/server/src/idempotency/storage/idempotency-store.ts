import type { Database, Migrations } from '@understudy/kernel';
import { sql } from 'kysely';
import type { Claim, IdempotencyStore, StoredResponse } from '../stored-responses.ts';

export const edgeMigrations: Migrations = { room: 'edge', directory: new URL('./migrations/', import.meta.url) };

interface Row {
  claimed: boolean;
  request_hash: Buffer | null;
  status: number | null;
  headers: Record<string, string> | null;
  body: Buffer | null;
}

/** First responses in PostgreSQL; claims are leased on the database's clock. */
export class PostgresIdempotencyStore implements IdempotencyStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  claim(workspace: string, keyHash: Buffer, owner: string, leaseMs: number): Promise<Claim> {
    return this.#database.inWorkspace(workspace, async (tx): Promise<Claim> => {
      const until = sql`clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'`;
      const claimed = await sql`
        INSERT INTO edge.idempotent_responses AS r (workspace_id, key_hash, owner, lease_until)
        VALUES (${workspace}, ${keyHash}, ${owner}, ${until})
        ON CONFLICT (workspace_id, key_hash) DO UPDATE
          SET owner = excluded.owner, lease_until = excluded.lease_until, created_at = clock_timestamp(),
              status = NULL, request_hash = NULL, headers = NULL, body = NULL
          WHERE (r.status IS NULL AND r.lease_until < clock_timestamp())
             OR r.created_at < clock_timestamp() - interval '24 hours'
        RETURNING 1`.execute(tx);
      if (claimed.rows.length === 1) return { state: 'claimed' };
      const { rows } = await sql<Row>`
        SELECT request_hash, status, headers, body FROM edge.idempotent_responses
        WHERE workspace_id = ${workspace} AND key_hash = ${keyHash}`.execute(tx);
      const row = rows[0];
      if (row === undefined || row.status === null) return { state: 'in_flight' };
      return {
        state: 'done',
        response: {
          requestHash: row.request_hash!,
          status: row.status,
          headers: row.headers ?? {},
          body: row.body!,
        },
      };
    });
  }

  async renew(workspace: string, keyHash: Buffer, owner: string, leaseMs: number): Promise<void> {
    await this.#database.inWorkspace(workspace, (tx) =>
      sql`
        UPDATE edge.idempotent_responses
        SET lease_until = clock_timestamp() + ${leaseMs}::float8 * interval '1 millisecond'
        WHERE workspace_id = ${workspace} AND key_hash = ${keyHash} AND owner = ${owner} AND status IS NULL`.execute(
        tx,
      ),
    );
  }

  async complete(workspace: string, keyHash: Buffer, owner: string, response: StoredResponse): Promise<void> {
    await this.#database.inWorkspace(workspace, (tx) =>
      sql`
        UPDATE edge.idempotent_responses
        SET request_hash = ${response.requestHash}, status = ${response.status}, body = ${response.body},
            headers = ${JSON.stringify(response.headers)}::jsonb, lease_until = NULL
        WHERE workspace_id = ${workspace} AND key_hash = ${keyHash} AND owner = ${owner}`.execute(tx),
    );
  }

  async release(workspace: string, keyHash: Buffer, owner: string): Promise<void> {
    await this.#database.inWorkspace(workspace, (tx) =>
      sql`
        DELETE FROM edge.idempotent_responses
        WHERE workspace_id = ${workspace} AND key_hash = ${keyHash} AND owner = ${owner} AND status IS NULL`.execute(
        tx,
      ),
    );
  }

  /** Maintenance: forgets what is older than 24 h. Returns how many. */
  async expire(): Promise<number> {
    return this.#database.asSystem(async (tx) => {
      const { rows } = await sql`
        DELETE FROM edge.idempotent_responses WHERE created_at < clock_timestamp() - interval '24 hours' RETURNING 1`.execute(
        tx,
      );
      return rows.length;
    });
  }
}
