import { once } from 'node:events';
import { safeJson } from './clean.ts';
import { type Piece, render, textOf } from './style.ts';
import { type Column, tableLines, widthOf } from './table.ts';

export interface TextStream extends NodeJS.WritableStream {
  isTTY?: boolean;
  columns?: number;
}

export interface OutputOptions {
  stdout: TextStream;
  stderr: TextStream;
  json: boolean;
  colourOut: boolean;
  colourErr: boolean;
}

/** What a command says: results on stdout, everything else on stderr. With `json`, stdout carries JSON and nothing else. */
export class Output {
  readonly json: boolean;
  readonly stderr: TextStream;
  readonly #options: OutputOptions;

  constructor(options: OutputOptions) {
    this.json = options.json;
    this.stderr = options.stderr;
    this.#options = options;
  }

  /** A result: the value as one line of JSON, or what `show` prints for people. */
  async result(value: unknown, show: () => void | Promise<void>): Promise<void> {
    if (this.json) await this.jsonLine(value);
    else await show();
  }

  jsonLine(value: unknown): Promise<void> {
    return this.raw(`${safeJson(value)}\n`);
  }

  /** One line of a result, for people. */
  line(...pieces: Piece[]): void {
    this.#options.stdout.write(`${pieces.map((piece) => render(piece, this.#options.colourOut)).join('')}\n`);
  }

  /** Text of several lines, for people. */
  text(piece: Piece): void {
    this.#options.stdout.write(`${render(piece, this.#options.colourOut, true)}\n`);
  }

  table(columns: Column[], rows: Piece[][], empty = 'nothing yet'): void {
    if (rows.length === 0) {
      this.line({ style: 'dim', text: empty });
      return;
    }
    const width =
      this.#options.stdout.isTTY === true ? (this.#options.stdout.columns ?? 100) : Number.POSITIVE_INFINITY;
    for (const line of tableLines(columns, rows, { width, colour: this.#options.colourOut })) {
      this.#options.stdout.write(`${line}\n`);
    }
  }

  /** `name  value` lines; those without a value are left out. */
  fields(fields: [string, Piece | undefined][]): void {
    const shown = fields.filter((field): field is [string, Piece] => field[1] !== undefined && textOf(field[1]) !== '');
    const width = Math.max(0, ...shown.map(([name]) => widthOf(name)));
    for (const [name, value] of shown) {
      this.line({ style: 'dim', text: name.padEnd(width) }, '  ', value);
    }
  }

  /** Something that is not the result: hints, warnings, what is being done. */
  note(...pieces: Piece[]): void {
    this.stderr.write(`${pieces.map((piece) => render(piece, this.#options.colourErr)).join('')}\n`);
  }

  /** Bytes or text as they are, no faster than the reader takes them. */
  async raw(chunk: string | Uint8Array): Promise<void> {
    if (!this.#options.stdout.write(chunk)) await once(this.#options.stdout, 'drain');
  }
}
