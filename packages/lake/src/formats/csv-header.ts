import { lakeErrors } from '../errors.ts';

export const DELIMITERS = [',', ';', '\t', '|'] as const;

/** What each column of a CSV file means. */
export type Column =
  | { kind: 'input'; field: string }
  | { kind: 'attribute'; name: string }
  | { kind: 'label' | 'subject' | 'external_id' | 'occurred_at' };

/** The meaning of a header cell, or null when it has none. `text` is short for `input.text`. */
export function columnOf(header: string): Column | null {
  const name = header.trim();
  if (name === 'text') return { kind: 'input', field: 'text' };
  if (name === 'label' || name === 'subject' || name === 'external_id' || name === 'occurred_at') return { kind: name };
  if (name.startsWith('input.') && name.length > 6) return { kind: 'input', field: name.slice(6) };
  if (name.startsWith('attributes.') && name.length > 11) return { kind: 'attribute', name: name.slice(11) };
  return null;
}

/** Splits a header record, which may have quoted cells. */
function cells(header: string, delimiter: string): string[] {
  const found: string[] = [];
  let cell = '';
  let quoted = false;
  for (let at = 0; at < header.length; at++) {
    const character = header[at]!;
    if (character === '"') {
      if (quoted && header[at + 1] === '"') {
        cell += '"';
        at++;
      } else quoted = !quoted;
    } else if (character === delimiter && !quoted) {
      found.push(cell);
      cell = '';
    } else cell += character;
  }
  return [...found, cell];
}

/** The delimiter under which most cells of the header have a meaning; among equals the one that splits it most. */
export function detectDelimiter(header: string): string {
  let best: string = ',';
  let bestScore = -1;
  for (const delimiter of DELIMITERS) {
    const names = cells(header, delimiter);
    const score = names.filter((name) => columnOf(name) !== null).length * 1000 + Math.min(names.length, 999);
    if (score > bestScore) {
      best = delimiter;
      bestScore = score;
    }
  }
  return best;
}

/** Checks a header row. Throws `unknown_column`, `duplicate_column` or `missing_column`. */
export function readHeader(header: readonly string[]): Column[] {
  const problem = (code: 'unknown_column' | 'duplicate_column' | 'missing_column', detail: string) =>
    lakeErrors[code](`line 1: ${detail}`, { details: { line: 1 }, problems: [{ pointer: '', code, detail }] });
  if (header.length > 200) throw problem('unknown_column', 'the header has more than 200 columns');
  const seen = new Set<string>();
  const columns = header.map((name) => {
    const column = columnOf(name);
    const shown = JSON.stringify(name.trim().slice(0, 100));
    if (column === null) {
      const hint = /^\s*[[{]/.test(name) ? ' (is the body JSON? then say so in Content-Type)' : '';
      throw problem(
        'unknown_column',
        `the column ${shown} is not known${hint}; columns are text or input.<field>, label, subject, external_id, occurred_at, attributes.<name>`,
      );
    }
    const key = JSON.stringify(column);
    if (seen.has(key)) throw problem('duplicate_column', `the column ${shown} stands twice`);
    seen.add(key);
    return column;
  });
  if (!columns.some((column) => column.kind === 'label')) throw problem('missing_column', 'there is no column label');
  if (!columns.some((column) => column.kind === 'input')) throw problem('missing_column', 'there is no column text');
  return columns;
}
