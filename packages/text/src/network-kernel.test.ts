import assert from 'node:assert/strict';
import { test } from 'node:test';
import { networkKernel } from './network-kernel.ts';

const memory = new WebAssembly.Memory({ initial: 4 });
const kernel = networkKernel(memory);
const floats = new Float32Array(memory.buffer);
const integers = new Int32Array(memory.buffer);
const bytes = new Int8Array(memory.buffer);

const COLUMNS = 1024;
const VALUES = 2048;
const WEIGHTS = 8192;
const OUT = 65_536;
const VECTOR = 98_304;

test('dots: the inner product of chosen rows with a vector', () => {
  const stride = 20;
  for (let i = 0; i < 7 * stride; i++) floats[WEIGHTS / 4 + i] = (i % 13) - 6;
  for (let k = 0; k < stride; k++) floats[VECTOR / 4 + k] = (k % 5) - 2;
  const rows = [6, 0, 3];
  integers.set(rows, COLUMNS / 4);
  floats[OUT / 4 + 3] = 99;
  kernel.dots(COLUMNS, OUT, rows.length, WEIGHTS, stride * 4, VECTOR);
  for (const [e, row] of rows.entries()) {
    let expected = 0;
    for (let k = 0; k < stride; k++) expected += (((row * stride + k) % 13) - 6) * ((k % 5) - 2);
    assert.equal(floats[OUT / 4 + e], expected);
  }
  assert.equal(floats[OUT / 4 + 3], 99, 'nothing is written behind the last row');
});

for (const width of [16, 32, 48, 128, 144]) {
  test(`byteScores: ${width} signed bytes a row, weighted and summed`, () => {
    for (let i = 0; i < 9 * width; i++) bytes[WEIGHTS + i] = ((i * 37) % 255) - 127;
    const columns = [8, 2, 2, 5];
    const values = [0.5, -2, 0.25, 4];
    integers.set(columns, COLUMNS / 4);
    floats.set(values, VALUES / 4);
    floats[OUT / 4 + width] = 99;
    kernel.byteScores(COLUMNS, VALUES, columns.length, WEIGHTS, width, OUT);
    for (let k = 0; k < width; k++) {
      let expected = 0;
      for (const [e, column] of columns.entries())
        expected += values[e]! * (((column * width + k) * 37) % 255) - values[e]! * 127;
      assert.equal(floats[OUT / 4 + k], expected);
    }
    assert.equal(floats[OUT / 4 + width], 99, 'nothing is written behind the row');
  });
}

test('byteScores of no entries are zero', () => {
  kernel.byteScores(COLUMNS, VALUES, 0, WEIGHTS, 32, OUT);
  assert.deepEqual([...floats.subarray(OUT / 4, OUT / 4 + 32)], new Array(32).fill(0));
});
