import type { Tx } from '@understudy/kernel';
import { type RawBuilder, sql } from 'kysely';
import { keyFloor } from '../entry-id.ts';
import type { DecisionFilter, DecisionPage } from '../ports.ts';
import { type EntryRecord, toEntry } from './row.ts';

export const DECISION_COLUMNS = sql`'decision' AS kind, id, commit_seq, position, created_at, leaf, record, payload, salt,
  automated, task, label, model_version, external_id, subject, NULL AS decision_id, NULL AS source`;

/** Rows that a filter without an index of its own looks at before the page is given out short. */
const WINDOW_ROWS = 10_000;
const WINDOWS = 4;

type Condition = RawBuilder<unknown>;
const all = (conditions: readonly Condition[]): Condition => sql.join(conditions, sql` AND `);

interface Access {
  /** One set of conditions for each index range to read; each range comes in order of id. */
  ranges: Condition[][];
  /** Conditions that no index answers. */
  residual: Condition[];
}

/** Chooses the index that a filter reads from; see the migration for why there are no more of them. */
function accessFor(workspace: string, filter: DecisionFilter): Access {
  const residual: Condition[] = [];
  const tenant = sql`workspace_id = ${workspace}`;
  const automated = filter.label === undefined ? filter.outcome && filter.outcome === 'automated' : true;
  if (filter.label !== undefined) residual.push(sql`label = ${filter.label}`);
  if (filter.label !== undefined && filter.outcome === 'review') residual.push(sql`false`);
  if (filter.modelVersion !== undefined) residual.push(sql`model_version = ${filter.modelVersion}`);
  const rare: Condition[] = [];
  if (filter.externalId !== undefined) rare.push(sql`external_id = ${filter.externalId}`);
  if (filter.subject !== undefined) rare.push(sql`subject = ${filter.subject}`);
  const [first, ...others] = rare;
  if (first !== undefined) {
    residual.push(...others);
    if (filter.task !== undefined) residual.push(sql`task = ${filter.task}`);
    if (automated !== undefined) residual.push(sql`automated = ${automated}`);
    return { ranges: [[tenant, first]], residual };
  }
  if (filter.task === undefined) {
    if (automated !== undefined) residual.push(sql`automated = ${automated}`);
    return { ranges: [[tenant]], residual };
  }
  const outcomes = automated === undefined ? [true, false] : [automated];
  return {
    ranges: outcomes.map((outcome) => [tenant, sql`task = ${filter.task}`, sql`automated = ${outcome}`]),
    residual,
  };
}

/** The newest `limit` rows of all ranges below `before`, in falling order of id. */
function newest(access: Access, bounds: Condition[], limit: number): RawBuilder<EntryRecord> {
  const ranges = access.ranges.map(
    (range) => sql`(SELECT ${DECISION_COLUMNS} FROM ledger.decisions
                     WHERE ${all([...range, ...bounds])} ORDER BY id DESC LIMIT ${limit})`,
  );
  if (ranges.length === 1) return sql<EntryRecord>`${ranges[0]!}`;
  return sql<EntryRecord>`SELECT * FROM (${sql.join(ranges, sql` UNION ALL `)}) AS ranges ORDER BY id DESC LIMIT ${limit}`;
}

/**
 * One page, newest first. Where an index answers the whole filter the page costs the same at any number of rows;
 * elsewhere at most {@link WINDOWS} × {@link WINDOW_ROWS} rows are looked at, and the page may come out short with a
 * place to go on from.
 */
export async function listDecisions(
  tx: Tx,
  workspace: string,
  filter: DecisionFilter,
  page: { limit: number; before: string | null },
): Promise<DecisionPage> {
  const access = accessFor(workspace, filter);
  const fixed: Condition[] = [];
  if (filter.from !== undefined) fixed.push(sql`id >= ${`dec_${keyFloor(filter.from)}`}`);
  if (filter.to !== undefined) fixed.push(sql`id < ${`dec_${keyFloor(filter.to)}`}`);
  const bounds = (before: string | null) => (before === null ? fixed : [...fixed, sql`id < ${before}`]);

  if (access.residual.length === 0) {
    const { rows } = await newest(access, bounds(page.before), page.limit + 1).execute(tx);
    const more = rows.length > page.limit;
    const kept = rows.slice(0, page.limit).map(toEntry);
    return { rows: kept, resumeBelow: more ? kept.at(-1)!.id : null };
  }

  const found: EntryRecord[] = [];
  let before = page.before;
  for (let window = 0; window < WINDOWS; window++) {
    const rows = newest(access, bounds(before), WINDOW_ROWS);
    const wanted = page.limit + 1 - found.length;
    const matching = await sql<EntryRecord>`SELECT * FROM (${rows}) AS looked_at WHERE ${all(access.residual)}
                                             ORDER BY id DESC LIMIT ${wanted}`.execute(tx);
    found.push(...matching.rows);
    if (found.length > page.limit) {
      const kept = found.slice(0, page.limit).map(toEntry);
      return { rows: kept, resumeBelow: kept.at(-1)!.id };
    }
    const last = await sql<{ id: string }>`SELECT id FROM (${rows}) AS looked_at
                                            ORDER BY id DESC OFFSET ${WINDOW_ROWS - 1} LIMIT 1`.execute(tx);
    before = last.rows[0]?.id ?? null;
    if (before === null) break;
  }
  return { rows: found.map(toEntry), resumeBelow: before };
}
