import type { Database, Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import { pieces, type Tier, tierFor } from '../rollup/buckets.ts';
import { type Known, SECTIONS, type Section } from '../rollup/contribution.ts';
import type { FigureBucket, FiguresQuery } from '../rollup/figures.ts';
import type { RollupDelta, RollupStorage, RollupSum } from '../rollup/rollup-ports.ts';

const UNITS: Record<Tier, number> = { hour: 0, day: 1, month: 2, minute: 3, ten_seconds: 4 };

/** Section and length of bucket in one number, so that what is read together lies together. */
const tierOf = (section: Section, unit: Tier): number => 10 * SECTIONS.indexOf(section) + UNITS[unit];

interface SumRow {
  next: string;
  bucket: string | null;
  task_id: string | null;
  task: string | null;
  model_version: string | null;
  key: string;
  n: string;
}

/**
 * The counters in PostgreSQL, at three lengths of bucket, so that a long window reads few rows; and for the latest hours
 * by minutes and ten seconds.
 */
export class PostgresRollupStorage implements RollupStorage {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  async add(tx: Tx, workspace: string, deltas: readonly RollupDelta[]): Promise<void> {
    await sql`/* prepared */
      INSERT INTO ledger.rollup AS r (workspace_id, tier, task_id, task, bucket, model_version, key, n)
      SELECT ${workspace}, d.base + t.unit AS tier, d.task_id, min(d.task),
             CASE WHEN t.name = 'ten_seconds' THEN to_timestamp(d.fine / 1000.0)
                  ELSE date_trunc(t.name, to_timestamp(COALESCE(d.fine, d.hour) / 1000.0), 'UTC') END AS start,
             d.model_version, d.key, sum(d.n)
        FROM unnest(${deltas.map(({ taskId }) => taskId)}::text[], ${deltas.map(({ task }) => task)}::text[],
                    ${deltas.map(({ hour }) => hour)}::bigint[],
                    ${deltas.map(({ fine }) => fine)}::bigint[],
                    ${deltas.map(({ modelVersion }) => modelVersion)}::text[],
                    ${deltas.map(({ section }) => tierOf(section, 'hour'))}::smallint[],
                    ${deltas.map(({ key }) => key)}::text[], ${deltas.map(({ n }) => n.toString())}::bigint[])
             AS d (task_id, task, hour, fine, model_version, base, key, n)
       CROSS JOIN unnest(${Object.values(UNITS)}::smallint[], ${Object.keys(UNITS)}::text[]) AS t (unit, name)
       WHERE t.name NOT IN ('minute', 'ten_seconds') OR d.fine IS NOT NULL
       GROUP BY tier, d.task_id, start, d.model_version, d.key
       ORDER BY tier, d.task_id, start, d.model_version, d.key
      ON CONFLICT (workspace_id, tier, task_id, bucket, model_version, key) DO UPDATE SET n = r.n + excluded.n`.execute(
      tx,
    );
  }

  async known(tx: Tx, workspace: string, decisions: readonly string[]): Promise<Map<string, Known>> {
    const { rows } = await sql<{
      decision_id: string;
      authority: number;
      label: string;
      label_id: string;
      audited: boolean;
      imported: boolean;
    }>`SELECT decision_id, authority, label, label_id, audited, imported FROM ledger.rollup_known
        WHERE workspace_id = ${workspace} AND decision_id = ANY (${[...new Set(decisions)]}::text[])`.execute(tx);
    return new Map(
      rows.map(({ decision_id, authority, label, label_id, audited, imported }) => [
        decision_id,
        { authority, label, labelId: label_id, audited, imported },
      ]),
    );
  }

  async keep(tx: Tx, workspace: string, known: ReadonlyMap<string, Known>): Promise<void> {
    const all = [...known.values()];
    await sql`
      INSERT INTO ledger.rollup_known AS k (workspace_id, decision_id, authority, label, label_id, audited, imported)
      SELECT ${workspace}, * FROM unnest(${[...known.keys()]}::text[], ${all.map((one) => one.authority)}::smallint[],
        ${all.map((one) => one.label)}::text[], ${all.map((one) => one.labelId)}::text[],
        ${all.map((one) => one.audited)}::boolean[], ${all.map((one) => one.imported)}::boolean[])
      ON CONFLICT (workspace_id, decision_id) DO UPDATE
         SET authority = excluded.authority, label = excluded.label, label_id = excluded.label_id,
             audited = excluded.audited, imported = excluded.imported`.execute(tx);
  }

  async clear(tx: Tx, workspace: string): Promise<void> {
    await sql`DELETE FROM ledger.rollup WHERE workspace_id = ${workspace}`.execute(tx);
    await sql`DELETE FROM ledger.rollup_known WHERE workspace_id = ${workspace}`.execute(tx);
  }

  async trim(tx: Tx, workspace: string, before: number): Promise<void> {
    const tiers = [tierOf('summary', 'minute'), tierOf('summary', 'ten_seconds')];
    await sql`DELETE FROM ledger.rollup WHERE workspace_id = ${workspace}
       AND tier = ANY (${tiers}::smallint[]) AND bucket < ${new Date(before)}`.execute(tx);
  }

  async sums(workspace: string, query: FiguresQuery): Promise<{ sums: RollupSum[]; ledgerSize: number }> {
    const { rows } = await this.#database.inWorkspace(workspace, (tx) => sumQuery(workspace, query).execute(tx));
    const ledgerSize = Number(rows[0]!.next);
    if (rows[0]!.key === null) return { sums: [], ledgerSize };
    return {
      ledgerSize,
      sums: rows.map(({ bucket, task_id, task, model_version, key, n }) => ({
        bucket: Number(bucket),
        taskId: task_id,
        task,
        modelVersion: model_version,
        key,
        n: BigInt(n),
      })),
    };
  }
}

/** Milliseconds since the epoch of the wanted bucket that a kept one belongs to. */
function startOf(bucket: FigureBucket): RawBuilder<unknown> {
  if (bucket === 'total') return sql`0::bigint`;
  if (bucket === 'ten_seconds') return sql`(extract(epoch FROM bucket) * 1000)::bigint`;
  return sql`(extract(epoch FROM date_trunc(${sql.lit(bucket)}, bucket, 'UTC')) * 1000)::bigint`;
}

/** One statement, so that the sums and the place in the log are of one moment. */
function sumQuery(workspace: string, query: FiguresQuery): RawBuilder<SumRow> {
  const { task, taskId, bucket, perTask = false, perVersion = false } = query;
  const sections = query.detail === 'full' ? SECTIONS : (['summary'] as const);
  const conditions = (piece: { tier: Tier; from: number; to: number }, section: Section) => sql`
    SELECT bucket, task_id, task, model_version, key, n FROM ledger.rollup
     WHERE workspace_id = ${workspace} AND tier = ${sql.lit(tierOf(section, piece.tier))}
       AND bucket >= ${new Date(piece.from)} AND bucket < ${new Date(piece.to)}
       ${task === undefined ? sql`` : sql`AND task = ${task}`}
       ${taskId === undefined ? sql`` : sql`AND task_id = ${taskId}`}`;
  const ranges = pieces(query.from, query.to, tierFor(bucket)).flatMap((piece) =>
    sections.map((section) => conditions(piece, section)),
  );
  const start = startOf(bucket);
  const sums =
    ranges.length === 0
      ? sql`SELECT NULL::bigint AS bucket, NULL AS task_id, NULL AS task, NULL AS model_version, NULL AS key, 0 AS n WHERE false`
      : sql`SELECT ${start} AS bucket, ${perTask ? sql`task_id` : sql`NULL::text AS task_id`},
                   ${perTask ? sql`min(task)` : sql`NULL::text`} AS task,
                   ${perVersion ? sql`model_version` : sql`NULL::text AS model_version`}, key, sum(n) AS n
              FROM (${sql.join(ranges, sql` UNION ALL `)}) AS counted
             GROUP BY 1, 2, 4, 5 HAVING sum(n) <> 0`;
  return sql<SumRow>`
    SELECT place.next, s.* FROM (SELECT COALESCE(
        (SELECT next FROM ledger.cursors WHERE workspace_id = ${workspace} AND consumer = 'rollup'), 0) AS next) AS place
      LEFT JOIN (${sums}) AS s ON true`;
}
