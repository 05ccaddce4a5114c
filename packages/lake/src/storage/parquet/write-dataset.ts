import { hash } from 'node:crypto';
import type { DuckDBAppender, DuckDBConnection } from '@duckdb/node-api';
import { textFingerprint } from '@understudy/text';
import { parseNdjson } from '../../formats/ndjson.ts';
import { DuplicateGroups } from '../../near-duplicates.ts';
import type { SnapshotRow, WrittenDataset } from '../../ports.ts';
import { openDuckDb, quoted } from './duckdb.ts';
import type { EndOfRows, ParquetJob } from './protocol.ts';

/** Characters after which rows go from the appender to the table. */
const FLUSH = 8_000_000;
const ROW_GROUP_CHARACTERS = 64_000_000;

/**
 * Reads SnapshotRows from `input`, groups them and writes the Parquet file. Rows keep their order. Returns null when
 * the input ends without its last line: then the parent is gone, and there is nothing to write for.
 */
export async function writeDataset(job: ParquetJob, input: AsyncIterable<Buffer>): Promise<WrittenDataset | null> {
  const connection = await openDuckDb(job);
  await connection.run(`CREATE TABLE rows (ordinal INTEGER, text VARCHAR, label VARCHAR, subject VARCHAR,
    external_id VARCHAR, occurred_at VARCHAR, attributes VARCHAR, input_hash VARCHAR, digest VARCHAR,
    source VARCHAR, probability DOUBLE, decision VARCHAR, labelled_at VARCHAR)`);
  const rows = await connection.createAppender('rows');
  const groups = new DuplicateGroups();
  const attributes = new Set<string>();
  let count = 0;
  let characters = 0;
  let unflushed = 0;
  let end: EndOfRows['end'] | undefined;
  for await (const batch of parseNdjson(input, { maxRowBytes: Number.POSITIVE_INFINITY })) {
    for (const parsed of batch) {
      if (parsed.problem !== undefined) throw new Error(`line ${parsed.line}: ${parsed.problem.detail}`);
      if (isEnd(parsed.example)) {
        end = parsed.example.end;
        continue;
      }
      const row = parsed.example as SnapshotRow;
      // A task of several input fields is compared by all of them.
      const text = Object.values(row.input).join('\n');
      const { exact, signature } = textFingerprint(text);
      const keys = [Buffer.from(row.input_hash, 'hex'), exact];
      if (row.subject !== null) keys.push(Buffer.from(hash('sha256', `subject:${row.subject}`), 'hex'));
      groups.add(keys, signature);
      for (const name of Object.keys(row.attributes)) attributes.add(name);
      append(rows, count++, row);
      characters += text.length;
      unflushed += text.length;
      if (unflushed > FLUSH) {
        rows.flushSync();
        unflushed = 0;
      }
    }
  }
  rows.closeSync();
  if (end === undefined) return null;
  const { groups: numbers, count: groupCount } = groups.finish();
  await appendGroups(connection, numbers);
  const rowGroup = Math.max(2048, Math.min(122_880, Math.floor((ROW_GROUP_CHARACTERS * count) / (characters + 1))));
  await connection.run(`COPY (
      SELECT text, label, duplicate_group, input_hash IN (
               SELECT input_hash FROM rows GROUP BY input_hash HAVING min(label) <> max(label)) AS conflict,
             subject, external_id, occurred_at::TIMESTAMP AS occurred_at, attributes, source, probability, decision,
             labelled_at::TIMESTAMP AS labelled_at, digest
      FROM rows JOIN groups USING (ordinal) ORDER BY ordinal
    ) TO ${quoted(job.path)} (FORMAT parquet, COMPRESSION zstd, ROW_GROUP_SIZE ${rowGroup},
      KV_METADATA {understudy_dataset: ${quoted(end.id)}})`);
  const labels = await connection.runAndReadAll('SELECT label, count(*)::INTEGER FROM rows GROUP BY label');
  const sources = await connection.runAndReadAll('SELECT source, count(*)::INTEGER FROM rows GROUP BY source');
  const conflicts = await connection.runAndReadAll(
    'SELECT coalesce(sum(n), 0)::INTEGER FROM (SELECT count(*) AS n FROM rows GROUP BY input_hash HAVING min(label) <> max(label))',
  );
  connection.closeSync();
  return {
    rows: count,
    groups: groupCount,
    conflicts: Number(conflicts.getRows()[0]![0]),
    labels: counted(labels.getRows()),
    sources: counted(sources.getRows()) as WrittenDataset['sources'],
    attributes: [...attributes].sort(),
  };
}

/** Rows of (name, count), by name. */
function counted(rows: readonly (readonly unknown[])[]): { name: string; rows: number }[] {
  return rows
    .map(([name, count]) => ({ name: String(name), rows: Number(count) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

function isEnd(value: unknown): value is EndOfRows {
  return typeof value === 'object' && value !== null && 'end' in value;
}

function append(rows: DuckDBAppender, ordinal: number, row: SnapshotRow): void {
  const optional = (value: string | null) => (value === null ? rows.appendNull() : rows.appendVarchar(value));
  rows.appendInteger(ordinal);
  rows.appendVarchar(row.input.text!);
  rows.appendVarchar(row.label);
  optional(row.subject);
  optional(row.external_id);
  optional(row.occurred_at === null ? null : row.occurred_at.slice(0, -1));
  rows.appendVarchar(JSON.stringify(row.attributes));
  rows.appendVarchar(row.input_hash);
  rows.appendVarchar(row.content_hash);
  rows.appendVarchar(row.source);
  if (row.probability === null) rows.appendNull();
  else rows.appendDouble(row.probability);
  optional(row.decision);
  optional(row.labelled_at === null ? null : row.labelled_at.slice(0, -1));
  rows.endRow();
}

async function appendGroups(connection: DuckDBConnection, numbers: Int32Array): Promise<void> {
  await connection.run('CREATE TABLE groups (ordinal INTEGER, duplicate_group INTEGER)');
  const groups = await connection.createAppender('groups');
  for (let row = 0; row < numbers.length; row++) {
    groups.appendInteger(row);
    groups.appendInteger(numbers[row]!);
    groups.endRow();
  }
  groups.closeSync();
}
