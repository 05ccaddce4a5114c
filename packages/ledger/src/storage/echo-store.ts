import type { Database, Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import { type EchoEvidence, type EchoStore, NO_EVIDENCE } from '../echo.ts';

interface Row {
  principal: string;
  log_wealth: number;
  labels: string;
  agreed: string;
  always_agrees: boolean;
}

const toEvidence = (row: Row): EchoEvidence => ({
  logWealth: row.log_wealth,
  labels: Number(row.labels),
  agreed: Number(row.agreed),
  alwaysAgrees: row.always_agrees,
});

/** The evidence in PostgreSQL. */
export class PostgresEchoStore implements EchoStore {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  of(workspace: string, principal: string): Promise<EchoEvidence> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM ledger.echo_evidence
        WHERE workspace_id = ${workspace} AND principal = ${principal}`.execute(tx);
      return rows[0] === undefined ? NO_EVIDENCE : toEvidence(rows[0]);
    });
  }

  list(workspace: string): Promise<(EchoEvidence & { principal: string })[]> {
    return this.#database.inWorkspace(workspace, async (tx) => {
      const { rows } = await sql<Row>`
        SELECT * FROM ledger.echo_evidence WHERE workspace_id = ${workspace} ORDER BY principal LIMIT 1000`.execute(tx);
      return rows.map((row) => ({ principal: row.principal, ...toEvidence(row) }));
    });
  }

  async read(tx: Tx, workspace: string, principals: readonly string[]): Promise<Map<string, EchoEvidence>> {
    const { rows } = await sql<Row>`
      SELECT * FROM ledger.echo_evidence
      WHERE workspace_id = ${workspace} AND principal = ANY (${[...principals]}::text[])
      ORDER BY principal FOR UPDATE`.execute(tx);
    return new Map(rows.map((row) => [row.principal, toEvidence(row)]));
  }

  async write(tx: Tx, workspace: string, evidence: ReadonlyMap<string, EchoEvidence>): Promise<void> {
    const all = [...evidence.values()];
    await sql`
      INSERT INTO ledger.echo_evidence (workspace_id, principal, log_wealth, labels, agreed, always_agrees)
      SELECT ${workspace}, * FROM unnest(
        ${[...evidence.keys()]}::text[], ${all.map(({ logWealth }) => logWealth)}::float8[],
        ${all.map(({ labels }) => labels)}::bigint[], ${all.map(({ agreed }) => agreed)}::bigint[],
        ${all.map(({ alwaysAgrees }) => alwaysAgrees)}::boolean[])
      ON CONFLICT (workspace_id, principal) DO UPDATE SET log_wealth = excluded.log_wealth, labels = excluded.labels,
        agreed = excluded.agreed, always_agrees = excluded.always_agrees`.execute(tx);
  }

  async clear(tx: Tx, workspace: string): Promise<void> {
    await sql`DELETE FROM ledger.echo_evidence WHERE workspace_id = ${workspace}`.execute(tx);
  }
}
