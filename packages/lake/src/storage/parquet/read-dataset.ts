import type { DatasetRow } from '../../dataset.ts';
import { IMPORTED } from '../../example.ts';
import { openDuckDb, quoted } from './duckdb.ts';
import type { ParquetJob } from './protocol.ts';

const COLUMNS = [
  'text',
  'label',
  'duplicate_group',
  'conflict',
  'subject',
  'external_id',
  'epoch_ms(occurred_at)',
  'attributes',
  'digest',
];
/** Columns since decisions can be examples; a file without them holds imports only. */
const PROVENANCE = ['source', 'probability', 'decision', 'epoch_ms(labelled_at)'];

/** Streams the rows of a dataset file as NDJSON text, in order. */
export async function* readDataset(job: ParquetJob): AsyncGenerator<string> {
  const connection = await openDuckDb(job);
  const file = quoted(job.path);
  const known = await connection.runAndReadAll(`SELECT count(*) FROM parquet_schema(${file}) WHERE name = 'decision'`);
  const columns = Number(known.getRows()[0]![0]) > 0 ? [...COLUMNS, ...PROVENANCE] : COLUMNS;
  const result = await connection.stream(`SELECT ${columns.join(', ')} FROM read_parquet(${file})`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const values = chunk.getColumns();
    let lines = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      const at = (column: number) => values[column]?.[row] ?? null;
      const iso = (time: unknown) => (time === null ? null : new Date(Number(time)).toISOString());
      const parsed: DatasetRow = {
        text: at(0) as string,
        label: at(1) as string,
        group: at(2) as number,
        conflict: at(3) as boolean,
        subject: at(4) as string | null,
        external_id: at(5) as string | null,
        occurred_at: iso(at(6)),
        attributes: JSON.parse(at(7) as string) as DatasetRow['attributes'],
        digest: at(8) as string,
        source: (at(9) ?? IMPORTED.source) as DatasetRow['source'],
        probability: at(10) as number | null,
        decision: at(11) as string | null,
        labelled_at: iso(at(12)),
      };
      lines += `${JSON.stringify(parsed)}\n`;
      if (lines.length > 1 << 20) {
        yield lines;
        lines = '';
      }
    }
    if (lines !== '') yield lines;
  }
  connection.closeSync();
}
