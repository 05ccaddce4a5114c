import { type Piece, render, textOf } from './style.ts';

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u;
const ZERO = /\p{Mn}|\p{Me}|[\u200b-\u200f]|[\ufe00-\ufe0f]/u;

/** Columns that text takes in a terminal. */
export function widthOf(text: string): number {
  let width = 0;
  for (const character of text) width += ZERO.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
  return width;
}

/** Cuts to `width` columns, with an ellipsis when something is lost. */
export function cut(text: string, width: number): string {
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const character of text) {
    used += widthOf(character);
    if (used > width - 1) break;
    kept += character;
  }
  return `${kept}…`;
}

export interface Column {
  title: string;
  align?: 'right';
  /** Takes what the others leave, and is cut to it. */
  flexible?: boolean;
}

/** Lines of a table; `width` bounds the flexible column, if there is one. */
export function tableLines(columns: Column[], rows: Piece[][], options: { width: number; colour: boolean }): string[] {
  const texts = rows.map((row) => row.map(textOf));
  const widths = columns.map((column, i) =>
    Math.max(widthOf(column.title), ...texts.map((row) => widthOf(row[i] ?? ''))),
  );
  const flexible = columns.findIndex((column) => column.flexible === true);
  if (flexible !== -1) {
    const others = widths.reduce((sum, width, i) => sum + (i === flexible ? 0 : width + 2), 0);
    widths[flexible] = Math.min(widths[flexible]!, Math.max(12, options.width - others));
  }
  const line = (cells: Piece[]) =>
    columns
      .map((column, i) => {
        const cell = cells[i] ?? '';
        const text = cut(textOf(cell), widths[i]!);
        const fill = ' '.repeat(widths[i]! - widthOf(text));
        const shown = render(typeof cell === 'string' ? text : { ...cell, text }, options.colour);
        return column.align === 'right' ? fill + shown : shown + fill;
      })
      .join('  ')
      .trimEnd();
  return [line(columns.map(({ title }) => ({ style: 'dim', text: title }))), ...rows.map(line)];
}
