import type { Tx } from '@understudy/kernel';
import { sql } from 'kysely';
import type { LabelledDecisionStore, LabelledRow, StandingLabel } from '../ports.ts';
import { forgetSigned, leaveUnsigned } from './example-signatures.ts';
import { countLabels } from './label-counters.ts';

interface StandingRow extends Omit<StandingLabel, 'labelled_at'> {
  labelled_at: Date;
}

/** Labelled decisions in PostgreSQL: rows of `lake.examples` that name a decision. */
export class PostgresLabelledDecisionStore implements LabelledDecisionStore {
  async standing(tx: Tx, workspace: string, decisions: readonly string[]): Promise<StandingLabel[]> {
    const { rows } = await sql<StandingRow>`
      SELECT decision, label, source, probability, labelled_at, label_id, authority FROM lake.examples
      WHERE workspace_id = ${workspace} AND decision = ANY (${[...decisions]}::text[])
      ORDER BY decision FOR UPDATE`.execute(tx);
    return rows.map((row) => ({ ...row, labelled_at: row.labelled_at.toISOString() }));
  }

  async put(tx: Tx, workspace: string, rows: readonly LabelledRow[]): Promise<void> {
    if (rows.length === 0) return;
    const of = <T>(value: (row: LabelledRow) => T) => rows.map(value);
    const { rows: stored } = await sql<{ task: string; id: string; fresh: boolean }>`
      INSERT INTO lake.examples (workspace_id, task_id, id, input, label, subject, external_id, occurred_at, attributes,
                                 source, input_hash, content_hash, probability, decision, labelled_at, label_id,
                                 authority)
      SELECT ${workspace}, r.*
      FROM unnest(
        ${of(({ taskId }) => taskId)}::text[],
        ${of(({ id }) => id)}::text[],
        ${of(({ input }) => JSON.stringify(input))}::jsonb[],
        ${of(({ label }) => label)}::text[],
        ${of(({ subject }) => subject)}::text[],
        ${of(({ external_id }) => external_id)}::text[],
        ${of(({ occurred_at }) => occurred_at)}::timestamptz[],
        ${of(({ attributes }) => JSON.stringify(attributes))}::jsonb[],
        ${of(({ standing }) => standing.source)}::text[],
        ${of(({ input_hash }) => `\\x${input_hash}`)}::bytea[],
        ${of(({ content_hash }) => `\\x${content_hash}`)}::bytea[],
        ${of(({ standing }) => standing.probability)}::float8[],
        ${of(({ standing }) => standing.decision)}::text[],
        ${of(({ standing }) => standing.labelled_at)}::timestamptz[],
        ${of(({ standing }) => standing.label_id)}::text[],
        ${of(({ standing }) => standing.authority)}::int2[]
      ) AS r
      ON CONFLICT (workspace_id, decision) WHERE decision IS NOT NULL DO UPDATE SET
        label = excluded.label, source = excluded.source, content_hash = excluded.content_hash,
        probability = excluded.probability, labelled_at = excluded.labelled_at, label_id = excluded.label_id,
        authority = excluded.authority
      RETURNING task_id AS task, id, xmax = 0 AS fresh`.execute(tx);
    const fresh = stored.filter((row) => row.fresh).map(({ task, id }) => ({ taskId: task, id }));
    await leaveUnsigned(tx, workspace, fresh);
    const counts = new Map<string, number>();
    for (const { taskId } of rows) counts.set(taskId, (counts.get(taskId) ?? 0) + 1);
    for (const [taskId, labels] of [...counts].sort()) {
      await countLabels(tx, workspace, taskId, { labels, production: labels });
    }
  }

  async remove(tx: Tx, workspace: string, decisions: readonly string[]): Promise<void> {
    const { rows } = await sql<{ taskId: string; id: string }>`
      DELETE FROM lake.examples
      WHERE workspace_id = ${workspace} AND decision = ANY (${[...decisions]}::text[])
      RETURNING task_id AS "taskId", id`.execute(tx);
    await forgetSigned(tx, workspace, rows);
  }

  async clear(tx: Tx, workspace: string): Promise<void> {
    await sql`DELETE FROM lake.examples WHERE workspace_id = ${workspace} AND decision IS NOT NULL`.execute(tx);
    // Those of removed rows read nothing when they are looked at; the next catch-up takes the bits out.
    await sql`UPDATE lake.example_signatures SET stale = true WHERE workspace_id = ${workspace}`.execute(tx);
    await sql`
      UPDATE lake.label_counters SET labels = labels - production, production = 0
      WHERE workspace_id = ${workspace} AND production > 0`.execute(tx);
  }
}
