import type { DuckDBConnection } from '@duckdb/node-api';
import type { DatasetRow } from '../../dataset.ts';
import { IMPORTED } from '../../example.ts';
import { openDuckDb, quoted } from './duckdb.ts';
import type { ParquetJob } from './protocol.ts';

/** The columns of a row, in the order that {@link rowOf} reads. */
export const ROW_COLUMNS = [
  'text',
  'label',
  'duplicate_group',
  'conflict',
  'subject',
  'external_id',
  'occurred_at',
  'attributes',
  'digest',
  'source',
  'probability',
  'decision',
  'labelled_at',
] as const;

/** Since decisions can be examples; a file without them holds imports only. */
const PROVENANCE: Readonly<Record<string, string>> = {
  source: 'NULL::VARCHAR',
  probability: 'NULL::DOUBLE',
  decision: 'NULL::VARCHAR',
  labelled_at: 'NULL::BIGINT',
};
const TIMES: readonly string[] = ['occurred_at', 'labelled_at'];

/** What to select from a dataset file for each of {@link ROW_COLUMNS}; times in milliseconds. */
export async function columnsOf(connection: DuckDBConnection, path: string): Promise<string[]> {
  const known = await connection.runAndReadAll(
    `SELECT count(*) FROM parquet_schema(${quoted(path)}) WHERE name = 'decision'`,
  );
  const complete = Number(known.getRows()[0]![0]) > 0;
  return ROW_COLUMNS.map((column) => {
    if (!complete && column in PROVENANCE) return PROVENANCE[column]!;
    return TIMES.includes(column) ? `epoch_ms(${column})` : column;
  });
}

const isoOf = (time: unknown) => (time === null ? null : new Date(Number(time)).toISOString());

/** One row; `at` gives the value of a column by its place in {@link ROW_COLUMNS}. */
export function rowOf(at: (column: number) => unknown): DatasetRow {
  return {
    text: at(0) as string,
    label: at(1) as string,
    group: at(2) as number,
    conflict: at(3) as boolean,
    subject: at(4) as string | null,
    external_id: at(5) as string | null,
    occurred_at: isoOf(at(6)),
    attributes: JSON.parse((at(7) as string | null) ?? '{}') as DatasetRow['attributes'],
    digest: at(8) as string,
    source: (at(9) ?? IMPORTED.source) as DatasetRow['source'],
    probability: at(10) as number | null,
    decision: at(11) as string | null,
    labelled_at: isoOf(at(12)),
  };
}

/** Streams the rows of a dataset file as NDJSON text, in order. */
export async function* readDataset(job: ParquetJob): AsyncGenerator<string> {
  const connection = await openDuckDb(job);
  const columns = await columnsOf(connection, job.path);
  const result = await connection.stream(`SELECT ${columns.join(', ')} FROM read_parquet(${quoted(job.path)})`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const values = chunk.getColumns();
    let lines = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      lines += `${JSON.stringify(rowOf((column) => values[column]?.[row] ?? null))}\n`;
      if (lines.length > 1 << 20) {
        yield lines;
        lines = '';
      }
    }
    if (lines !== '') yield lines;
  }
  connection.closeSync();
}
