import type { DatasetRow } from '../../dataset.ts';
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

/** Streams the rows of a dataset file as NDJSON text, in order. */
export async function* readDataset(job: ParquetJob): AsyncGenerator<string> {
  const connection = await openDuckDb(job);
  const result = await connection.stream(`SELECT ${COLUMNS.join(', ')} FROM read_parquet(${quoted(job.path)})`);
  for (;;) {
    const chunk = await result.fetchChunk();
    if (chunk === null || chunk.rowCount === 0) break;
    const columns = chunk.getColumns();
    let lines = '';
    for (let row = 0; row < chunk.rowCount; row++) {
      const at = (column: number) => columns[column]![row];
      const time = at(6);
      const parsed: DatasetRow = {
        text: at(0) as string,
        label: at(1) as string,
        group: at(2) as number,
        conflict: at(3) as boolean,
        subject: at(4) as string | null,
        external_id: at(5) as string | null,
        occurred_at: time === null ? null : new Date(Number(time)).toISOString(),
        attributes: JSON.parse(at(7) as string) as DatasetRow['attributes'],
        digest: at(8) as string,
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
