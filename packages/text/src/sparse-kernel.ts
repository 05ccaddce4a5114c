import {
  add,
  addF32x4,
  constant,
  emitModule,
  F32,
  get,
  I32,
  lessUnsigned,
  loadF32,
  loadI32,
  loadV128,
  multiply,
  multiplyF32x4,
  set,
  splatF32,
  storeV128,
  V128,
  type WasmFunction,
  whileLoop,
  zeroV128,
} from './wasm-emitter.ts';

/**
 * The two inner loops of every linear text model, in WebAssembly SIMD (four 32-bit lanes, always in this order, so
 * results are the same bits on every machine). All arguments are byte addresses in the memory that it was made with,
 * except `count` (entries) and `stride` (bytes of one row of W, a multiple of 16).
 */
export interface SparseKernel {
  /** out[k] = Σ_e values[e] · W[columns[e]][k], for all k of a row of W. */
  scores(columns: number, values: number, count: number, weights: number, stride: number, out: number): void;
  /** W[columns[e]][k] += values[e] · delta[k]. */
  update(columns: number, values: number, count: number, weights: number, stride: number, delta: number): void;
}

// Parameters of both functions.
const [COLUMNS, VALUES, COUNT, WEIGHTS, STRIDE, VECTOR] = [0, 1, 2, 3, 4, 5];
const [END, BLOCK, COLUMN, VALUE, ADDRESS, SCALE, FIRST_SUM] = [6, 7, 8, 9, 10, 11, 12];
const PARAMETERS = [I32, I32, I32, I32, I32, I32];

/** Sums one block of `vectors` × 4 labels over all entries, in registers. */
function scoreBlock(vectors: number): WasmFunction['body'] {
  const sums = Array.from({ length: vectors }, (_, i) => FIRST_SUM + i);
  return [
    sums.map((sum) => set(sum, zeroV128)),
    set(COLUMN, get(COLUMNS)),
    set(VALUE, get(VALUES)),
    whileLoop(lessUnsigned(get(COLUMN), get(END)), [
      set(ADDRESS, add(add(get(WEIGHTS), get(BLOCK)), multiply(loadI32(get(COLUMN)), get(STRIDE)))),
      set(SCALE, splatF32(loadF32(get(VALUE)))),
      sums.map((sum, i) => set(sum, addF32x4(get(sum), multiplyF32x4(get(SCALE), loadV128(get(ADDRESS), i * 16))))),
      set(COLUMN, add(get(COLUMN), constant(4))),
      set(VALUE, add(get(VALUE), constant(4))),
    ]),
    sums.map((sum, i) => storeV128(add(get(VECTOR), get(BLOCK)), get(sum), i * 16)),
    set(BLOCK, add(get(BLOCK), constant(vectors * 16))),
  ];
}

const blocksOf = (vectors: number): WasmFunction['body'] =>
  whileLoop(lessUnsigned(add(get(BLOCK), constant(vectors * 16 - 1)), get(STRIDE)), scoreBlock(vectors));

const setEnd = set(END, add(get(COLUMNS), multiply(get(COUNT), constant(4))));

const scoresFunction: WasmFunction = {
  name: 'scores',
  parameters: PARAMETERS,
  locals: [I32, I32, I32, I32, I32, V128, ...new Array<number>(8).fill(V128)],
  body: [setEnd, set(BLOCK, constant(0)), blocksOf(8), blocksOf(4), blocksOf(1)],
};

function updateBlock(vectors: number): WasmFunction['body'] {
  const lanes = Array.from({ length: vectors }, (_, i) => i);
  const at = add(get(ADDRESS), get(BLOCK));
  const delta = add(get(VECTOR), get(BLOCK));
  return whileLoop(lessUnsigned(add(get(BLOCK), constant(vectors * 16 - 1)), get(STRIDE)), [
    lanes.map((i) =>
      storeV128(at, addF32x4(loadV128(at, i * 16), multiplyF32x4(get(SCALE), loadV128(delta, i * 16))), i * 16),
    ),
    set(BLOCK, add(get(BLOCK), constant(vectors * 16))),
  ]);
}

const updateFunction: WasmFunction = {
  name: 'update',
  parameters: PARAMETERS,
  locals: [I32, I32, I32, I32, I32, V128],
  body: [
    setEnd,
    set(COLUMN, get(COLUMNS)),
    set(VALUE, get(VALUES)),
    whileLoop(lessUnsigned(get(COLUMN), get(END)), [
      set(ADDRESS, add(get(WEIGHTS), multiply(loadI32(get(COLUMN)), get(STRIDE)))),
      set(SCALE, splatF32(loadF32(get(VALUE)))),
      set(BLOCK, constant(0)),
      updateBlock(4),
      updateBlock(1),
      set(COLUMN, add(get(COLUMN), constant(4))),
      set(VALUE, add(get(VALUE), constant(4))),
    ]),
  ],
};

void F32;

let compiled: WebAssembly.Module | undefined;

/** Instantiates the kernel over a memory (compiled once a process; about a millisecond). */
export function sparseKernel(memory: WebAssembly.Memory): SparseKernel {
  compiled ??= new WebAssembly.Module(emitModule([scoresFunction, updateFunction], { shared: false }));
  return new WebAssembly.Instance(compiled, { env: { memory } }).exports as unknown as SparseKernel;
}
