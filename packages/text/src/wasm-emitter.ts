/**
 * Just enough of the WebAssembly binary format (core specification 2.0, chapter 5) to write two SIMD loops by hand,
 * so that neither a toolchain nor an opaque blob is in the repository.
 */
export type Code = (number | Code)[];

export const I32 = 0x7f;
export const F32 = 0x7d;
export const V128 = 0x7b;

/** A function: parameter types, further locals, body (without the final `end`). No result. */
export interface WasmFunction {
  name: string;
  parameters: number[];
  locals: number[];
  body: Code;
}

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  do {
    const byte = rest & 0x7f;
    rest >>>= 7;
    bytes.push(rest ? byte | 0x80 : byte);
  } while (rest);
  return bytes;
}

function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (;;) {
    const byte = rest & 0x7f;
    rest >>= 7;
    const done = (rest === 0 && !(byte & 0x40)) || (rest === -1 && byte & 0x40);
    bytes.push(done ? byte : byte | 0x80);
    if (done) return bytes;
  }
}

export const get = (local: number): Code => [0x20, ...unsigned(local)];
export const set = (local: number, value: Code): Code => [value, 0x21, ...unsigned(local)];
export const constant = (value: number): Code => [0x41, ...signed(value)];
export const add = (a: Code, b: Code): Code => [a, b, 0x6a];
export const multiply = (a: Code, b: Code): Code => [a, b, 0x6c];
export const lessUnsigned = (a: Code, b: Code): Code => [a, b, 0x49];
export const loadI32 = (address: Code): Code => [address, 0x28, 2, 0];
export const loadF32 = (address: Code): Code => [address, 0x2a, 2, 0];
export const simd = (opcode: number, ...operands: Code[]): Code => [...operands, 0xfd, ...unsigned(opcode)];
export const loadV128 = (address: Code, offset = 0): Code => [address, 0xfd, 0, 2, ...unsigned(offset)];
export const storeV128 = (address: Code, value: Code, offset = 0): Code => [
  address,
  value,
  0xfd,
  11,
  2,
  ...unsigned(offset),
];
export const splatF32 = (value: Code): Code => simd(19, value);
export const zeroV128: Code = [0xfd, 12, ...new Array<number>(16).fill(0)];
export const addF32x4 = (a: Code, b: Code): Code => simd(228, a, b);
export const multiplyF32x4 = (a: Code, b: Code): Code => simd(230, a, b);

/** `while (condition) body`. */
export const whileLoop = (condition: Code, body: Code): Code => [
  [0x02, 0x40],
  [0x03, 0x40],
  [condition, 0x45, 0x0d, 1],
  body,
  [0x0c, 0],
  0x0b,
  0x0b,
];

/** A module that imports `env.memory` and exports its functions by name. */
export function emitModule(functions: WasmFunction[], memory: { shared: boolean }): Uint8Array<ArrayBuffer> {
  const text = (value: string): number[] => [...unsigned(value.length), ...Buffer.from(value, 'latin1')];
  const vector = (items: Code[]): Code => [...unsigned(items.length), ...items];
  const section = (id: number, content: Code): number[] => {
    const bytes = flatten(content);
    return [id, ...unsigned(bytes.length), ...bytes];
  };
  const types = functions.map((f): Code => [0x60, vector(f.parameters.map((type) => [type])), 0]);
  const limits = memory.shared ? [3, 1, ...unsigned(65_536)] : [0, 1];
  const bodies = functions.map((f): Code => {
    const body = flatten([vector(f.locals.map((type) => [1, type])), f.body, 0x0b]);
    return [...unsigned(body.length), ...body];
  });
  const bytes = [
    [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0],
    section(1, vector(types)),
    section(2, vector([[text('env'), text('memory'), 2, limits]])),
    section(3, vector(functions.map((_, index) => unsigned(index)))),
    section(7, vector(functions.map((f, index): Code => [text(f.name), 0, unsigned(index)]))),
    section(10, vector(bodies)),
  ];
  return Uint8Array.from(bytes.flat());
}

function flatten(code: Code): number[] {
  const out: number[] = [];
  const walk = (part: Code) => {
    for (const item of part) {
      if (typeof item === 'number') out.push(item);
      else walk(item);
    }
  };
  walk(code);
  return out;
}
