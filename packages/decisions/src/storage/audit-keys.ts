import { createSecretKey, type KeyObject, randomBytes } from 'node:crypto';
import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { AuditKeys } from '../ports.ts';

/** Audit keys in PostgreSQL, remembered: a key never changes. */
export class PostgresAuditKeys implements AuditKeys {
  readonly #known = new Map<string, KeyObject>();

  async of(tx: Tx, workspace: string): Promise<KeyObject> {
    const known = this.#known.get(workspace);
    if (known !== undefined) return known;
    // Remembered only when it was there before: one that this transaction makes may yet be rolled back.
    const before = await this.#read(tx, workspace);
    if (before !== null) {
      if (this.#known.size >= 10_000) this.#known.clear();
      this.#known.set(workspace, before);
      return before;
    }
    await sql`INSERT INTO decisions.audit_keys (workspace_id, key) VALUES (${workspace}, ${randomBytes(32)})
              ON CONFLICT DO NOTHING`.execute(tx);
    return (await this.#read(tx, workspace))!;
  }

  async #read(tx: Tx, workspace: string): Promise<KeyObject | null> {
    const { rows } = await sql<{ key: Buffer }>`
      SELECT key FROM decisions.audit_keys WHERE workspace_id = ${workspace}`.execute(tx);
    return rows[0] === undefined ? null : createSecretKey(rows[0].key);
  }
}
