import type { Database } from '@understudy/kernel';
import { sql } from 'kysely';
import type { ApiKey } from '../api-key.ts';
import type { KeyDirectory } from '../ports.ts';
import { type KeyRow, toKey } from './key-row.ts';

/** The NOTIFY channel that carries the ids of revoked keys. */
export const KEYS_CHANNEL = 'identity_keys';

/** {@link KeyDirectory} over identity.find_key. */
export class PostgresKeyDirectory implements KeyDirectory {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async findByHash(hash: Uint8Array): Promise<ApiKey | null> {
    const rows = await this.#database.prepared<KeyRow>('identity.find_key', 'SELECT * FROM identity.find_key($1)', [
      hash,
    ]);
    return rows[0] === undefined ? null : toKey(rows[0]);
  }

  async touch(uses: readonly { workspace: string; id: string; at: number }[]): Promise<void> {
    const workspaces = uses.map(({ workspace }) => workspace);
    const ids = uses.map(({ id }) => id);
    const times = uses.map(({ at }) => new Date(at));
    await this.#database.asSystem(async (tx) => {
      // Rows are locked in one order, so that two processes that write the same keys down do not wait for each other.
      await sql`
        WITH used AS MATERIALIZED (
          SELECT k.workspace_id, k.key_id, max(u.at) AS at
            FROM unnest(${workspaces}::text[], ${ids}::text[], ${times}::timestamptz[]) AS u (workspace_id, key_id, at)
            JOIN identity.keys k USING (workspace_id, key_id)
           GROUP BY k.workspace_id, k.key_id),
        locked AS MATERIALIZED (
          SELECT k.workspace_id, k.key_id, used.at
            FROM identity.keys k JOIN used USING (workspace_id, key_id)
           ORDER BY k.workspace_id, k.key_id FOR NO KEY UPDATE OF k)
        UPDATE identity.keys k SET last_used_at = greatest(k.last_used_at, locked.at)
          FROM locked WHERE k.workspace_id = locked.workspace_id AND k.key_id = locked.key_id`.execute(tx);
    });
  }
}
