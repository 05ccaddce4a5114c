import { Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { UsageError } from '../exit-codes.ts';
import { plainBytes, type SourceFile } from './source-file.ts';

/** One row of a file, by field name, with its number from 1 (the header does not count). */
export interface FileRecord {
  number: number;
  fields: Record<string, unknown>;
}

/** The rows of a CSV, NDJSON or JSON file one by one. Throws UsageError where the file is not what it says. */
export async function* recordsOf(source: SourceFile, onBytes?: (bytes: number) => void): AsyncGenerator<FileRecord> {
  const bytes = plainBytes(source, onBytes);
  if (source.format === 'csv') yield* csvRecords(bytes);
  else if (source.format === 'ndjson') yield* ndjsonRecords(bytes);
  else yield* jsonRecords(bytes);
}

const DELIMITERS = [',', ';', '\t', '|'];

/** The delimiter that the header row has most of, outside quotes. */
export function delimiterOf(header: string): string {
  const bare = header.replace(/"(?:[^"]|"")*"?/g, '');
  const counts = DELIMITERS.map((delimiter) => bare.split(delimiter).length - 1);
  return DELIMITERS[counts.indexOf(Math.max(...counts))]!;
}

async function* csvRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const iterator = bytes[Symbol.asyncIterator]();
  let start = Buffer.alloc(0);
  while (!start.includes(10) && start.length < 1 << 20) {
    const { done, value } = await iterator.next();
    if (done === true) break;
    start = Buffer.concat([start, value]);
  }
  const [header = ''] = start.toString('utf8').split(/\r?\n/, 1);
  async function* all() {
    yield start;
    for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) yield next.value;
  }
  const parser = parse({
    columns: (names: string[]) => {
      const twice = names.find((name, i) => names.indexOf(name) !== i);
      if (twice !== undefined) throw new UsageError(`the header has the column ${JSON.stringify(twice)} twice`);
      return names;
    },
    bom: true,
    delimiter: delimiterOf(header),
    skip_empty_lines: true,
  });
  const input = Readable.from(all());
  input.on('error', (error) => parser.destroy(error));
  input.pipe(parser);
  let number = 0;
  try {
    for await (const fields of parser as AsyncIterable<Record<string, string>>) yield { number: ++number, fields };
  } catch (error) {
    const { code } = error as { code?: string };
    throw code?.startsWith('CSV_') ? new UsageError(`row ${number + 1}: ${(error as Error).message}`) : error;
  }
}

function asRecord(value: unknown, number: number): FileRecord {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`row ${number} is not an object`);
  }
  return { number, fields: value as Record<string, unknown> };
}

async function* ndjsonRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let pending = '';
  let number = 0;
  function* take(lines: string[]): Generator<FileRecord> {
    for (const line of lines) {
      number++;
      if (line.trim() === '') continue;
      let value: unknown;
      try {
        value = JSON.parse(line);
      } catch {
        throw new UsageError(`line ${number} is not JSON`);
      }
      yield asRecord(value, number);
    }
  }
  for await (const chunk of bytes) {
    pending += decode(decoder, chunk, number);
    const lines = pending.split('\n');
    pending = lines.pop() ?? '';
    yield* take(lines);
  }
  pending += decode(decoder, undefined, number);
  if (pending !== '') yield* take([pending]);
}

function decode(
  decoder: { decode(chunk?: Uint8Array, options?: { stream: boolean }): string },
  chunk: Uint8Array | undefined,
  line: number,
): string {
  try {
    return decoder.decode(chunk, { stream: chunk !== undefined });
  } catch {
    throw new UsageError(`the file is not UTF-8, somewhere after line ${line}`);
  }
}

async function* jsonRecords(bytes: AsyncIterable<Uint8Array>): AsyncGenerator<FileRecord> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of bytes) chunks.push(chunk);
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(Buffer.concat(chunks)));
  } catch (error) {
    throw new UsageError(`the file is not JSON: ${(error as Error).message}`);
  }
  const { examples, items } = (value ?? {}) as { examples?: unknown; items?: unknown };
  const rows = Array.isArray(value) ? value : (examples ?? items);
  if (!Array.isArray(rows)) throw new UsageError('the file holds neither an array nor {"examples": […]}');
  let number = 0;
  for (const row of rows) {
    number++;
    yield asRecord(row, number);
  }
}
