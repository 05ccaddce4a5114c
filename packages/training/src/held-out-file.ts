import { readFile, writeFile } from 'node:fs/promises';

/** Calibrated probabilities of rows, each by a model that never saw the row: `[row][label]`, with the true labels. */
export interface HeldOutRows {
  truths: Int32Array;
  probabilities: Float32Array;
  labelCount: number;
}

/** More would not make a better score function, only a larger file. */
const MOST_VALUES = 20_000_000;
const MOST_ROWS = 10_000;

/**
 * Writes what a trainer predicted for rows that it had left out, from raw scores and the temperature of the model:
 * Float32 little endian, a row being the index of its true label and then one probability a label. The first rows
 * only, where there are very many. Returns how many.
 */
export async function writeHeldOut(
  path: string,
  held: { scores: Float32Array; labels: Int32Array; labelCount: number },
  temperature: number,
): Promise<number> {
  const { scores, labels, labelCount } = held;
  const rows = Math.min(labels.length, MOST_ROWS, Math.floor(MOST_VALUES / labelCount));
  const out = new Float32Array(rows * (labelCount + 1));
  for (let row = 0; row < rows; row++) {
    const from = row * labelCount;
    const to = row * (labelCount + 1);
    let highest = scores[from]!;
    for (let k = 1; k < labelCount; k++) if (scores[from + k]! > highest) highest = scores[from + k]!;
    let total = 0;
    for (let k = 0; k < labelCount; k++) total += Math.exp(temperature * (scores[from + k]! - highest));
    out[to] = labels[row]!;
    for (let k = 0; k < labelCount; k++) {
      out[to + 1 + k] = Math.exp(temperature * (scores[from + k]! - highest)) / total;
    }
  }
  await writeFile(path, new Uint8Array(out.buffer));
  return rows;
}

/** Reads a file of {@link writeHeldOut}. */
export async function readHeldOut(path: string, labelCount: number): Promise<HeldOutRows> {
  const bytes = await readFile(path);
  const stride = labelCount + 1;
  if (bytes.length % (4 * stride) !== 0)
    throw new Error(`${path} holds no whole number of rows of ${labelCount} labels`);
  const values = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  const rows = values.length / stride;
  const held = { truths: new Int32Array(rows), probabilities: new Float32Array(rows * labelCount), labelCount };
  for (let row = 0; row < rows; row++) {
    held.truths[row] = values[row * stride]!;
    held.probabilities.set(values.subarray(row * stride + 1, (row + 1) * stride), row * labelCount);
  }
  return held;
}
