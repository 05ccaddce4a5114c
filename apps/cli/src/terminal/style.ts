import { clean, cleanLine } from './clean.ts';

const CODES = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, cyan: 36, inverse: 7 } as const;
export type StyleName = keyof typeof CODES;

/** A piece of a line. Plain strings and the text of styled ones are cleaned when they are printed, never before. */
export type Piece = string | { style: StyleName; text: string };

const styled = (style: StyleName) => (text: string) => ({ style, text });
export const bold = styled('bold');
export const dim = styled('dim');
export const red = styled('red');
export const green = styled('green');
export const yellow = styled('yellow');
export const cyan = styled('cyan');
export const inverse = styled('inverse');

export const textOf = (piece: Piece): string => cleanLine(typeof piece === 'string' ? piece : piece.text);

export function render(piece: Piece, colour: boolean, lines = false): string {
  const raw = typeof piece === 'string' ? piece : piece.text;
  const text = lines ? clean(raw) : cleanLine(raw);
  return typeof piece === 'string' || !colour ? text : `\u001b[${CODES[piece.style]}m${text}\u001b[0m`;
}
