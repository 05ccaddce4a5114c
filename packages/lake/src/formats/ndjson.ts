import { MAX_DEPTH, withinJsonBounds } from './json-bounds.ts';
import type { ParsedRow } from './row.ts';

/** Rows up to this size cannot grow to anything that matters when parsed. */
const SMALL = 16 * 1024;

/** One JSON value a line; empty lines are skipped. A bad line is a problem of its row, the next one is read again. */
export async function* parseNdjson(
  source: AsyncIterable<Buffer>,
  limits: { maxRowBytes: number },
): AsyncGenerator<ParsedRow[]> {
  let parts: Buffer[] = [];
  let partsLength = 0;
  let line = 0;
  const finish = (last: Buffer, rows: ParsedRow[]) => {
    line++;
    const length = partsLength + last.length;
    const bytes = parts.length === 0 ? last : Buffer.concat([...parts, last]);
    parts = [];
    partsLength = 0;
    const row = length > limits.maxRowBytes ? tooLarge(line, limits.maxRowBytes) : parseLine(bytes, line);
    if (row !== null) rows.push(row);
  };
  for await (const chunk of source) {
    const rows: ParsedRow[] = [];
    let start = 0;
    for (let end = chunk.indexOf(10); end !== -1; end = chunk.indexOf(10, start)) {
      finish(chunk.subarray(start, end), rows);
      start = end + 1;
    }
    if (start < chunk.length) {
      partsLength += chunk.length - start;
      // What exceeds the bound is counted, not kept.
      if (partsLength <= limits.maxRowBytes) parts.push(chunk.subarray(start));
      else parts = [];
    }
    if (rows.length > 0) yield rows;
  }
  const rows: ParsedRow[] = [];
  if (partsLength > 0) finish(Buffer.alloc(0), rows);
  if (rows.length > 0) yield rows;
}

function tooLarge(line: number, bytes: number): ParsedRow {
  return { line, problem: { code: 'row_too_large', detail: `the row has more than ${bytes} bytes` } };
}

function parseLine(bytes: Buffer, line: number): ParsedRow | null {
  if (bytes.length > SMALL && !withinJsonBounds(bytes)) {
    return { line, problem: { code: 'invalid_json', detail: `nested deeper than ${MAX_DEPTH}, or too many fields` } };
  }
  const text = bytes.toString('utf8');
  if (text.trim() === '') return null;
  try {
    return { line, example: JSON.parse(text) };
  } catch {
    return { line, problem: { code: 'invalid_json', detail: 'the line is not a JSON value' } };
  }
}
