import { type SparseKernel, sparseKernel } from './sparse-kernel.ts';
import {
  add,
  addF32x4,
  type Code,
  constant,
  emitModule,
  get,
  I32,
  lessUnsigned,
  loadF32,
  loadI32,
  loadV128,
  multiply,
  multiplyF32x4,
  set,
  simd,
  splatF32,
  storeV128,
  unsigned,
  V128,
  type WasmFunction,
  whileLoop,
  zeroV128,
} from './wasm-emitter.ts';

/**
 * The inner loops of a small network over sparse inputs, in WebAssembly SIMD (fixed lane order, no fused
 * multiply-add: the same bits on every machine). Arguments are byte addresses in the memory that it was made with.
 */
export interface NetworkKernel extends SparseKernel {
  /** out[e] = Σ_k W[rows[e]][k] · vector[k]; `stride` is the bytes of a row of W, a multiple of 16. */
  dots(rows: number, out: number, count: number, weights: number, stride: number, vector: number): void;
  /**
   * out[k] = Σ_e values[e] · Q[columns[e]][k], where Q holds signed bytes; `width` is the bytes of one row of Q, a
   * multiple of 16, and `out` has as many 32-bit floats.
   */
  byteScores(columns: number, values: number, count: number, weights: number, width: number, out: number): void;
}

const PARAMETERS = [I32, I32, I32, I32, I32, I32];
const storeF32 = (address: Code, value: Code): Code => [address, value, 0x38, 2, 0];
const lane = (vector: Code, index: number): Code => [vector, 0xfd, 31, index];
const addF32 = (a: Code, b: Code): Code => [a, b, 0x92];

const DOT_ROWS = 0;
const DOT_OUT = 1;
const DOT_COUNT = 2;
const DOT_WEIGHTS = 3;
const DOT_STRIDE = 4;
const DOT_VECTOR = 5;
const DOT_END = 6;
const DOT_AT = 7;
const DOT_BLOCK = 8;
const DOT_SUM = 9;

const dotsFunction: WasmFunction = {
  name: 'dots',
  parameters: PARAMETERS,
  locals: [I32, I32, I32, V128],
  body: [
    set(DOT_END, add(get(DOT_ROWS), multiply(get(DOT_COUNT), constant(4)))),
    whileLoop(lessUnsigned(get(DOT_ROWS), get(DOT_END)), [
      set(DOT_AT, add(get(DOT_WEIGHTS), multiply(loadI32(get(DOT_ROWS)), get(DOT_STRIDE)))),
      set(DOT_SUM, zeroV128),
      set(DOT_BLOCK, constant(0)),
      whileLoop(lessUnsigned(get(DOT_BLOCK), get(DOT_STRIDE)), [
        set(
          DOT_SUM,
          addF32x4(
            get(DOT_SUM),
            multiplyF32x4(loadV128(add(get(DOT_AT), get(DOT_BLOCK))), loadV128(add(get(DOT_VECTOR), get(DOT_BLOCK)))),
          ),
        ),
        set(DOT_BLOCK, add(get(DOT_BLOCK), constant(16))),
      ]),
      storeF32(
        get(DOT_OUT),
        addF32(
          addF32(lane(get(DOT_SUM), 0), lane(get(DOT_SUM), 1)),
          addF32(lane(get(DOT_SUM), 2), lane(get(DOT_SUM), 3)),
        ),
      ),
      set(DOT_ROWS, add(get(DOT_ROWS), constant(4))),
      set(DOT_OUT, add(get(DOT_OUT), constant(4))),
    ]),
  ],
};

const COLUMNS = 0;
const VALUES = 1;
const COUNT = 2;
const WEIGHTS = 3;
const WIDTH = 4;
const OUT = 5;
const END = 6;
const BLOCK = 7;
const COLUMN = 8;
const VALUE = 9;
const ADDRESS = 10;
const SCALE = 11;
const HALF = 12;
const FIRST_SUM = 13;

/** Eight signed bytes → eight 16-bit lanes. */
const loadBytes = (address: Code, offset: number): Code => [address, 0xfd, 1, 0, ...unsigned(offset)];
const EXTEND_LOW = 167;
const EXTEND_HIGH = 168;
const CONVERT = 250;

/** Sums one block of `groups` × 8 columns of Q over all entries, in registers. */
function byteBlock(groups: number): Code {
  const sums = Array.from({ length: groups * 2 }, (_, i) => FIRST_SUM + i);
  const accumulate = (sum: number, extend: number): Code =>
    set(sum, addF32x4(get(sum), multiplyF32x4(get(SCALE), simd(CONVERT, simd(extend, get(HALF))))));
  return [
    sums.map((sum) => set(sum, zeroV128)),
    set(COLUMN, get(COLUMNS)),
    set(VALUE, get(VALUES)),
    whileLoop(lessUnsigned(get(COLUMN), get(END)), [
      set(ADDRESS, add(add(get(WEIGHTS), get(BLOCK)), multiply(loadI32(get(COLUMN)), get(WIDTH)))),
      set(SCALE, splatF32(loadF32(get(VALUE)))),
      Array.from(
        { length: groups },
        (_, g): Code => [
          set(HALF, loadBytes(get(ADDRESS), g * 8)),
          accumulate(sums[g * 2]!, EXTEND_LOW),
          accumulate(sums[g * 2 + 1]!, EXTEND_HIGH),
        ],
      ),
      set(COLUMN, add(get(COLUMN), constant(4))),
      set(VALUE, add(get(VALUE), constant(4))),
    ]),
    sums.map((sum, i) => storeV128(add(get(OUT), multiply(get(BLOCK), constant(4))), get(sum), i * 16)),
    set(BLOCK, add(get(BLOCK), constant(groups * 8))),
  ];
}

const byteBlocks = (groups: number): Code =>
  whileLoop(lessUnsigned(add(get(BLOCK), constant(groups * 8 - 1)), get(WIDTH)), byteBlock(groups));

const byteScoresFunction: WasmFunction = {
  name: 'byteScores',
  parameters: PARAMETERS,
  locals: [I32, I32, I32, I32, I32, V128, V128, ...new Array<number>(8).fill(V128)],
  body: [
    set(END, add(get(COLUMNS), multiply(get(COUNT), constant(4)))),
    set(BLOCK, constant(0)),
    byteBlocks(4),
    byteBlocks(2),
  ],
};

let compiled: WebAssembly.Module | undefined;

/** Instantiates the kernel over a memory (compiled once a process; about a millisecond). */
export function networkKernel(memory: WebAssembly.Memory): NetworkKernel {
  compiled ??= new WebAssembly.Module(emitModule([dotsFunction, byteScoresFunction], { shared: false }));
  const own = new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as NetworkKernel;
  const { scores, update } = sparseKernel(memory);
  return { scores, update, dots: own.dots, byteScores: own.byteScores };
}
