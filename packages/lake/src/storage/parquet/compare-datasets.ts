import type { DuckDBConnection } from '@duckdb/node-api';
import { CHANGES, type DifferenceSummary, type RowDifference, type RowSide } from '../../dataset-difference.ts';
import { openDuckDb, quoted } from './duckdb.ts';
import type { CompareJob } from './protocol.ts';
import { columnsOf, ROW_COLUMNS, rowOf } from './read-dataset.ts';

const [RELABELLED, ADDED, REMOVED, CHANGED] = [0, 1, 2, 3] as const;
const MOST_PAIRS = 100;

/**
 * The rows in which two dataset files differ as NDJSON text, after a first line `{summary}`. DuckDB holds what differs on
 * disk, so memory does not grow with the files.
 */
export async function* compareDatasets(job: CompareJob): AsyncGenerator<string> {
  const connection = await openDuckDb(job);
  await collect(connection, 'gone', job.basePath, job.path);
  await collect(connection, 'come', job.path, job.basePath);
  const sides = ['gone', 'come'].flatMap((side) =>
    ROW_COLUMNS.map((column) => `${side}.${column} AS ${side}_${column}`),
  );
  await connection.run(`CREATE TABLE difference AS
    SELECT CASE WHEN gone.digest IS NULL THEN ${ADDED} WHEN come.digest IS NULL THEN ${REMOVED}
                WHEN gone.label <> come.label THEN ${RELABELLED} ELSE ${CHANGED} END AS change,
           coalesce(come.digest, gone.digest) AS place, ${sides.join(', ')}
      FROM gone FULL OUTER JOIN come ON gone.key = come.key AND gone.nth = come.nth`);
  yield `${JSON.stringify({ summary: await summarise(connection, job.path) })}\n`;
  const { after, change, limit } = job.query;
  const conditions = [
    ...(change === undefined ? [] : [`change = ${CHANGES.indexOf(change)}`]),
    ...(after === undefined ? [] : [`(change, place) > (${CHANGES.indexOf(after.change)}, ${quoted(after.digest)})`]),
  ];
  const width = ROW_COLUMNS.length;
  const result = await connection.stream(`SELECT * EXCLUDE (place) FROM difference
    ${conditions.length === 0 ? '' : `WHERE ${conditions.join(' AND ')}`}
    ORDER BY change, place ${limit === undefined ? '' : `LIMIT ${Math.trunc(limit)}`}`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const values = chunk.getColumns();
    let lines = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      const side = (from: number) => {
        const read = rowOf((column) => values[from + column]?.[row] ?? null);
        if (read.digest === null) return null;
        const { text, group: _, conflict: __, ...rest } = read;
        return { text, rest: rest as RowSide };
      };
      const [before, after] = [side(1), side(1 + width)];
      const difference: RowDifference = {
        change: CHANGES[Number(values[0]![row])]!,
        text: (after ?? before)!.text,
        before: before?.rest ?? null,
        after: after?.rest ?? null,
      };
      lines += `${JSON.stringify(difference)}\n`;
      if (lines.length > 1 << 20) {
        yield lines;
        lines = '';
      }
    }
    if (lines !== '') yield lines;
  }
  connection.closeSync();
}

/** Rows of one file that the other lacks, numbered among those that could be the same row. */
async function collect(connection: DuckDBConnection, table: string, path: string, other: string): Promise<void> {
  const columns = await columnsOf(connection, path);
  await connection.run(`CREATE TABLE ${table} AS
    SELECT *, row_number() OVER (PARTITION BY key ORDER BY label, digest) AS nth FROM (
      SELECT *, coalesce(decision, '=' || text) AS key FROM (
        SELECT ${columns.map((column, at) => `${column} AS ${ROW_COLUMNS[at]}`).join(', ')} FROM read_parquet(${quoted(path)})
      ) AS mine WHERE NOT EXISTS (SELECT 1 FROM read_parquet(${quoted(other)}) AS other WHERE other.digest = mine.digest))`);
}

async function summarise(connection: DuckDBConnection, path: string): Promise<DifferenceSummary> {
  const rows = async (query: string) => (await connection.runAndReadAll(query)).getRows();
  const counts = [0, 0, 0, 0];
  for (const [change, n] of await rows('SELECT change, count(*) FROM difference GROUP BY change')) {
    counts[Number(change)] = Number(n);
  }
  const [[total], [come]] = [
    (await rows(`SELECT count(*) FROM read_parquet(${quoted(path)})`))[0]!,
    (await rows('SELECT count(*) FROM come'))[0]!,
  ] as [[unknown], [unknown]];
  const pairs = await rows(`SELECT gone_label, come_label, count(*) AS n FROM difference WHERE change = ${RELABELLED}
    GROUP BY ALL ORDER BY n DESC, gone_label, come_label LIMIT ${MOST_PAIRS}`);
  return {
    relabelled: counts[RELABELLED]!,
    added: counts[ADDED]!,
    removed: counts[REMOVED]!,
    changed: counts[CHANGED]!,
    unchanged: Number(total) - Number(come),
    relabellings: pairs.map(([from, to, n]) => ({ from: String(from), to: String(to), rows: Number(n) })),
  };
}
