import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { AuditOutcome, AuditWatchStore, WatchState } from '../ports.ts';

interface OutcomeRow {
  decision_id: string;
  certificate_id: string;
  label_id: string;
  wrong: boolean;
  probability: number;
  at: Date;
}

const toOutcome = (row: OutcomeRow): AuditOutcome => ({
  decision: row.decision_id,
  labelId: row.label_id,
  wrong: row.wrong,
  probability: row.probability,
  at: row.at.getTime(),
});

/** Audit outcomes and e-processes in PostgreSQL, written in the feed's transactions. */
export class PostgresAuditWatchStore implements AuditWatchStore {
  async state(tx: Tx, workspace: string, certificate: string): Promise<WatchState | null> {
    const { rows } = await sql<{ body: WatchState }>`
      SELECT body FROM monitoring.watches
       WHERE workspace_id = ${workspace} AND certificate_id = ${certificate}`.execute(tx);
    return rows[0]?.body ?? null;
  }

  async saveState(tx: Tx, workspace: string, certificate: string, state: WatchState): Promise<void> {
    await sql`
      INSERT INTO monitoring.watches (workspace_id, certificate_id, body)
      VALUES (${workspace}, ${certificate}, ${JSON.stringify(state)}::jsonb)
      ON CONFLICT (workspace_id, certificate_id) DO UPDATE SET body = excluded.body`.execute(tx);
  }

  async outcomes(tx: Tx, workspace: string, decisions: readonly string[]) {
    const { rows } = await sql<OutcomeRow>`
      SELECT decision_id, certificate_id, label_id, wrong, probability, at FROM monitoring.audit_outcomes
       WHERE workspace_id = ${workspace} AND decision_id = ANY (${[...new Set(decisions)]}::text[])`.execute(tx);
    return new Map(rows.map((row) => [row.decision_id, { ...toOutcome(row), certificate: row.certificate_id }]));
  }

  async saveOutcome(tx: Tx, workspace: string, certificate: string, outcome: AuditOutcome): Promise<void> {
    const { decision, labelId, wrong, probability, at } = outcome;
    await sql`
      INSERT INTO monitoring.audit_outcomes
        (workspace_id, certificate_id, decision_id, label_id, wrong, probability, at)
      VALUES (${workspace}, ${certificate}, ${decision}, ${labelId}, ${wrong}, ${probability},
              ${new Date(at).toISOString()})
      ON CONFLICT (workspace_id, decision_id) DO UPDATE
         SET label_id = excluded.label_id, wrong = excluded.wrong`.execute(tx);
  }

  async all(tx: Tx, workspace: string, certificate: string): Promise<AuditOutcome[]> {
    const { rows } = await sql<OutcomeRow>`
      SELECT decision_id, certificate_id, label_id, wrong, probability, at FROM monitoring.audit_outcomes
       WHERE workspace_id = ${workspace} AND certificate_id = ${certificate} ORDER BY n`.execute(tx);
    return rows.map(toOutcome);
  }

  async wrongOnes(tx: Tx, workspace: string, certificate: string, limit: number): Promise<string[]> {
    const { rows } = await sql<{ decision_id: string }>`
      SELECT decision_id FROM monitoring.audit_outcomes
       WHERE workspace_id = ${workspace} AND certificate_id = ${certificate} AND wrong
       ORDER BY n DESC LIMIT ${limit}`.execute(tx);
    return rows.map(({ decision_id }) => decision_id);
  }

  async clear(tx: Tx, workspace: string): Promise<void> {
    await sql`DELETE FROM monitoring.audit_outcomes WHERE workspace_id = ${workspace}`.execute(tx);
    await sql`DELETE FROM monitoring.watches WHERE workspace_id = ${workspace}`.execute(tx);
  }
}
