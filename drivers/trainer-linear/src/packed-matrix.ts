import type { SparseMatrix } from '@understudy/text';

/** WebAssembly memory ends here. */
export const MAX_PACKED_BYTES = 65_536 * 65_535;

/** A sparse matrix with a bias column, in WebAssembly memory, with room for what a solver allocates behind it. */
export class PackedMatrix {
  readonly memory: WebAssembly.Memory;
  /** With the bias, which is the last column. */
  readonly features: number;
  readonly rows: number;
  readonly offsets: Float64Array;
  /** Squared Euclidean length of each row, the bias included. */
  readonly squares: Float32Array;
  readonly columnsAt: number;
  readonly valuesAt: number;
  #end = 0;

  /** `room`: bytes to keep free. */
  constructor(matrix: SparseMatrix, features: number, room: number) {
    const entries = matrix.columns.length + matrix.rows;
    const bytes = entries * 8 + room + 1024;
    this.memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / 65_536) });
    this.features = features + 1;
    this.rows = matrix.rows;
    this.columnsAt = this.allocate(entries * 4);
    this.valuesAt = this.allocate(entries * 4);
    this.offsets = new Float64Array(matrix.rows + 1);
    this.squares = new Float32Array(matrix.rows);
    const columns = new Int32Array(this.memory.buffer, this.columnsAt, entries);
    const values = new Float32Array(this.memory.buffer, this.valuesAt, entries);
    let n = 0;
    for (let row = 0; row < matrix.rows; row++) {
      let squares = 1;
      const end = matrix.offsets[row + 1]!;
      for (let e = matrix.offsets[row]!; e < end; e++) {
        const value = matrix.values[e]!;
        columns[n] = matrix.columns[e]!;
        values[n++] = value;
        squares += value * value;
      }
      columns[n] = features;
      values[n++] = 1;
      this.squares[row] = squares;
      this.offsets[row + 1] = n;
    }
  }

  /** Reserves bytes behind what is there, 16-byte aligned; returns their address. */
  allocate(bytes: number): number {
    const at = this.#end;
    this.#end = Math.ceil((at + bytes) / 16) * 16;
    if (this.#end > this.memory.buffer.byteLength) throw new RangeError('the packed matrix has no room left');
    return at;
  }
}
