import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import { lakeErrors } from '../errors.ts';
import { type Column, detectDelimiter, readHeader } from './csv-header.ts';
import type { ParsedRow } from './row.ts';

const MAX_HEADER = 64 * 1024;
const BATCH = 256;

interface Parsed {
  record: string[];
  info: { lines: number };
}

/**
 * RFC 4180 with a header row; the delimiter (`,` `;` tab `|`) is found from the header. A row with too few or too many
 * fields is a problem of that row. A stray or unclosed quote breaks off the whole (`invalid_csv` with the line):
 * after it nobody can tell where rows begin.
 */
export async function* parseCsv(
  source: AsyncIterable<Buffer>,
  limits: { maxRowBytes: number },
): AsyncGenerator<ParsedRow[]> {
  const iterator = source[Symbol.asyncIterator]();
  const { head, header } = await readHead(iterator);
  if (header.trim() === '') {
    if (head.length === 0) return;
    throw lakeErrors.invalid_csv('line 1: the header row is empty', { details: { line: 1 } });
  }
  // A JSON body would fail over its quotes; say what it is instead.
  if (/^\s*[[{]/.test(header)) readHeader([header]);
  const parser = parse({
    delimiter: detectDelimiter(header),
    record_delimiter: ['\r\n', '\n', '\r'],
    max_record_size: limits.maxRowBytes,
    relax_column_count: true,
    skip_empty_lines: true,
    info: true,
  });
  const rest = async function* () {
    yield head;
    for (;;) {
      const { value, done } = await iterator.next();
      if (done === true) return;
      yield value;
    }
  };
  const piping = pipeline(Readable.from(rest(), { objectMode: false }), parser);
  // The same failure surfaces through the loop below.
  piping.catch(() => {});
  let columns: Column[] | null = null;
  let batch: ParsedRow[] = [];
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      if (columns === null) {
        columns = readHeader(record);
        continue;
      }
      batch.push(toRow(columns, record, info.lines));
      if (batch.length === BATCH) {
        yield batch;
        batch = [];
      }
    }
    await piping;
  } catch (error) {
    throw error instanceof CsvError ? translate(error) : error;
  }
  if (batch.length > 0) yield batch;
}

/** Reads until the header row is complete. */
async function readHead(iterator: AsyncIterator<Buffer>): Promise<{ head: Buffer; header: string }> {
  let head: Buffer = Buffer.alloc(0);
  for (;;) {
    const text = head.toString('utf8');
    const header = headerOf(text);
    if (header !== null) return { head, header };
    if (head.length > MAX_HEADER) {
      throw lakeErrors.invalid_csv('line 1: the header row has more than 64 KiB', { details: { line: 1 } });
    }
    const { value, done } = await iterator.next();
    if (done === true) return { head, header: text };
    head = Buffer.concat([head, value]);
  }
}

/** The first record that is not an empty line, or null while it is not complete. */
function headerOf(text: string): string | null {
  let quoted = false;
  let start = 0;
  for (let at = 0; at < text.length && at <= MAX_HEADER; at++) {
    const character = text[at];
    if (character === '"') quoted = !quoted;
    else if (!quoted && (character === '\n' || character === '\r')) {
      if (at > start) return text.slice(start, at);
      start = at + 1;
    }
  }
  return null;
}

function toRow(columns: readonly Column[], record: readonly string[], lastLine: number): ParsedRow {
  const example: Record<string, unknown> & { input: Record<string, string> } = { input: {} };
  if (record.length !== columns.length) {
    const detail = `the row has ${record.length} fields, the header ${columns.length}`;
    return { line: firstLine(record, lastLine), problem: { code: 'wrong_field_count', detail } };
  }
  let attributes: Record<string, string> | undefined;
  for (let i = 0; i < columns.length; i++) {
    const column = columns[i]!;
    const value = record[i]!;
    if (column.kind === 'input') define(example.input, column.field, value);
    else if (value === '' && column.kind !== 'label')
      continue; // An empty cell is an absent one.
    else if (column.kind === 'attribute') {
      attributes ??= {};
      define(attributes, column.name, value);
    } else example[column.kind] = value;
  }
  if (attributes !== undefined) example.attributes = attributes;
  return { line: firstLine(record, lastLine), example };
}

/** Sets an own property, whatever its name: a plain assignment to `__proto__` would vanish. */
function define(target: Record<string, string>, name: string, value: string): void {
  if (name === '__proto__') Object.defineProperty(target, name, { value, enumerable: true });
  else target[name] = value;
}

/** csv-parse counts the line on which a record ends; people look for the one on which it starts. */
function firstLine(record: readonly string[], lastLine: number): number {
  let breaks = 0;
  for (const field of record) {
    for (let at = field.indexOf('\n'); at !== -1; at = field.indexOf('\n', at + 1)) breaks++;
  }
  return lastLine - breaks;
}

function translate(error: CsvError): Error {
  const line = Number((error as unknown as { lines?: number }).lines ?? 0);
  const options = { cause: error, details: { line } };
  switch (error.code) {
    case 'CSV_MAX_RECORD_SIZE':
      return lakeErrors.row_too_large(`line ${line}: the row is too large; is a quote never closed?`, options);
    case 'CSV_QUOTE_NOT_CLOSED':
      return lakeErrors.invalid_csv(`a quote that opened before the end (line ${line}) is never closed`, options);
    case 'INVALID_OPENING_QUOTE':
      return lakeErrors.invalid_csv(
        `line ${line}: a quote inside a field that is not quoted; put the field in quotes and double the quote`,
        options,
      );
    case 'CSV_INVALID_CLOSING_QUOTE':
      return lakeErrors.invalid_csv(
        `line ${line}: text after a closing quote; a quote inside a field is doubled`,
        options,
      );
    default:
      return lakeErrors.invalid_csv(`line ${line}: the CSV breaks off`, options);
  }
}
