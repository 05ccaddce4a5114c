import { lakeErrors } from '../errors.ts';
import { MAX_DEPTH, withinJsonBounds } from './json-bounds.ts';
import type { ParsedRow } from './row.ts';

type State = 'open' | 'key' | 'in-key' | 'colon' | 'array' | 'element' | 'in-element' | 'next-key' | 'done';

const EXPECTED: Record<Exclude<State, 'in-key' | 'in-element'>, string> = {
  open: 'an object {"examples": [ … ]}',
  key: 'the field "examples"',
  colon: 'a colon',
  array: 'the list of examples',
  element: 'an example',
  'next-key': 'the end of the object',
  done: 'nothing',
};

const isSpace = (byte: number) => byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;

/**
 * Reads `{"examples": [ … ]}` element by element, holding one element at a time. `line` of a row is its number in
 * the list, from 1. What is not JSON is refused as a whole (`invalid_json` with the byte), as half a document is none.
 */
export async function* parseJsonExamples(
  source: AsyncIterable<Buffer>,
  limits: { maxRowBytes: number },
): AsyncGenerator<ParsedRow[]> {
  const scanner = new Scanner(limits.maxRowBytes);
  for await (const chunk of source) {
    const rows = scanner.push(chunk);
    if (rows.length > 0) yield rows;
  }
  scanner.end();
}

class Scanner {
  readonly #maxRowBytes: number;
  #state: State = 'open';
  #seen = false;
  #parts: Buffer[] = [];
  #length = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #elements = 0;
  #offset = 0;
  /** After a comma, where another value must follow. */
  #afterComma = false;

  constructor(maxRowBytes: number) {
    this.#maxRowBytes = maxRowBytes;
  }

  push(chunk: Buffer): ParsedRow[] {
    const rows: ParsedRow[] = [];
    let at = 0;
    while (at < chunk.length) {
      if (this.#state === 'in-element' || this.#state === 'in-key') {
        const end = this.#state === 'in-element' ? this.#scanElement(chunk, at) : this.#scanKey(chunk, at);
        this.#keep(chunk.subarray(at, end));
        at = end;
        if (at === chunk.length) break;
        if (this.#state === 'in-key') {
          at++;
          this.#finishKey(at);
        } else {
          rows.push(this.#finishElement(at));
          this.#afterComma = chunk[at] === 0x2c;
          this.#state = this.#afterComma ? 'element' : 'next-key';
          at++;
        }
        continue;
      }
      const byte = chunk[at]!;
      if (isSpace(byte)) at++;
      else at += this.#step(byte, at);
    }
    this.#offset += chunk.length;
    return rows;
  }

  end(): void {
    if (this.#state !== 'done') throw lakeErrors.invalid_json(`the JSON ends too early, after ${this.#offset} bytes`);
  }

  /** Handles one structural byte; returns how many bytes it took (0: look at it again in the new state). */
  #step(byte: number, at: number): 0 | 1 {
    const state = this.#state as Exclude<State, 'in-key' | 'in-element'>;
    const go = (next: State): 1 => {
      this.#state = next;
      return 1;
    };
    if (state === 'open' && byte === 0x7b) return go('key');
    if (state === 'key' && byte === 0x22) return go('in-key');
    if (state === 'colon' && byte === 0x3a) return go('array');
    if (state === 'array' && byte === 0x5b) {
      this.#afterComma = false;
      return go('element');
    }
    if (state === 'element') {
      if (byte === 0x5d && !this.#afterComma) return go('next-key');
      if (byte !== 0x2c && byte !== 0x5d) {
        this.#state = 'in-element';
        return 0;
      }
    }
    if (state === 'next-key' && byte === 0x7d) return go('done');
    if (state === 'next-key' && byte === 0x2c) return go('key');
    throw this.#broken(at, `expected ${EXPECTED[state]}`);
  }

  #scanKey(chunk: Buffer, from: number): number {
    for (let at = from; at < chunk.length; at++) {
      if (this.#escaped) this.#escaped = false;
      else if (chunk[at] === 0x5c) this.#escaped = true;
      else if (chunk[at] === 0x22) return at;
    }
    return chunk.length;
  }

  /** Index of the `,` or `]` that ends the element, or the chunk's length. */
  #scanElement(chunk: Buffer, from: number): number {
    let inString = this.#inString;
    let escaped = this.#escaped;
    let depth = this.#depth;
    let at = from;
    for (; at < chunk.length; at++) {
      const byte = chunk[at]!;
      if (inString) {
        if (escaped) escaped = false;
        else if (byte === 0x5c) escaped = true;
        else if (byte === 0x22) inString = false;
      } else if (byte === 0x22) inString = true;
      else if (byte === 0x7b || byte === 0x5b) {
        if (++depth > MAX_DEPTH) throw this.#broken(at, `nested deeper than ${MAX_DEPTH}`);
      } else if (depth === 0 && (byte === 0x2c || byte === 0x5d)) break;
      else if (byte === 0x7d || byte === 0x5d) {
        if (--depth < 0) throw this.#broken(at, 'a closing bracket without an opening one');
      }
    }
    this.#inString = inString;
    this.#escaped = escaped;
    this.#depth = depth;
    return at;
  }

  #keep(bytes: Buffer): void {
    this.#length += bytes.length;
    const limit = this.#state === 'in-key' ? 1000 : this.#maxRowBytes;
    if (this.#length > limit) {
      const pointer = this.#state === 'in-key' ? '' : `/examples/${this.#elements}`;
      throw lakeErrors.row_too_large(`example ${this.#elements + 1} has more than ${limit} bytes`, {
        problems: [{ pointer, code: 'row_too_large', detail: `more than ${limit} bytes` }],
      });
    }
    this.#parts.push(bytes);
  }

  #take(): Buffer {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    return bytes;
  }

  #finishKey(at: number): void {
    const text = this.#take().toString('utf8');
    let key: unknown;
    try {
      key = JSON.parse(`"${text}"`);
    } catch {
      throw this.#broken(at, 'a field name that is not a JSON string');
    }
    if (key !== 'examples' || this.#seen) {
      const name = String(key).slice(0, 100);
      const pointer = `/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`;
      const code = key === 'examples' ? 'invalid_json' : 'unknown_field';
      const detail = key === 'examples' ? 'the field stands twice' : 'only `examples` is known here';
      throw lakeErrors[code](`the field ${JSON.stringify(name)}: ${detail}`, { problems: [{ pointer, code, detail }] });
    }
    this.#seen = true;
    this.#state = 'colon';
  }

  #finishElement(at: number): ParsedRow {
    const bytes = this.#take();
    const line = ++this.#elements;
    if (!withinJsonBounds(bytes)) return { line, problem: { code: 'invalid_json', detail: 'too many fields' } };
    try {
      return { line, example: JSON.parse(bytes.toString('utf8')) };
    } catch {
      throw this.#broken(at, `example ${line} (/examples/${line - 1}) is not a JSON value`);
    }
  }

  #broken(at: number, what: string): Error {
    const byte = this.#offset + at;
    return lakeErrors.invalid_json(`the body is not the JSON that was expected, at byte ${byte}: ${what}`, {
      details: { byte },
    });
  }
}
