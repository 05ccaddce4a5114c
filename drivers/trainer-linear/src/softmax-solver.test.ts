import assert from 'node:assert/strict';
import { test } from 'node:test';
import { PackedMatrix } from './packed-matrix.ts';
import { seededRandom } from './random.ts';
import { SoftmaxSolver } from './softmax-solver.ts';

/** Random sparse rows of which some features give the label away. */
function problemOf(rows: number, labelCount: number, labelWeights = new Float32Array(labelCount).fill(1)) {
  const random = seededRandom(5);
  const features = 40;
  const [columns, values, offsets, labels]: number[][] = [[], [], [0], []] as unknown as number[][];
  for (let row = 0; row < rows; row++) {
    const label = Math.floor(random() * labelCount);
    labels!.push(random() < 0.1 ? 0 : label);
    for (const column of new Set([label, 20 + Math.floor(random() * 20), 20 + Math.floor(random() * 20)])) {
      columns!.push(column);
      values!.push(0.5 + random());
    }
    offsets!.push(columns!.length);
  }
  const sparse = {
    rows,
    columns: Int32Array.from(columns!),
    values: Float32Array.from(values!),
    offsets: Float64Array.from(offsets!),
  };
  const matrix = new PackedMatrix(sparse, features, SoftmaxSolver.room(features + 1, labelCount));
  return { matrix, fittedRows: rows, labels: Int32Array.from(labels!), labelCount, labelWeights };
}

/** Largest component of the gradient of ½‖W‖² + C Σ loss, relative to the largest weight. */
function gradient(problem: ReturnType<typeof problemOf>, solver: SoftmaxSolver, C: number): number {
  const { matrix, labels, labelCount, labelWeights } = problem;
  const stride = solver.weights.length / matrix.features;
  const slope = Float64Array.from(solver.weights);
  const [columns, values] = [
    new Int32Array(matrix.memory.buffer, matrix.columnsAt),
    new Float32Array(matrix.memory.buffer, matrix.valuesAt),
  ];
  for (let row = 0; row < matrix.rows; row++) {
    const scores = solver.score(row).slice(0, labelCount);
    const total = scores.reduce((sum, s) => sum + Math.exp(s), 0);
    for (let k = 0; k < labelCount; k++) {
      const error = Math.exp(scores[k]!) / total - (k === labels[row] ? 1 : 0);
      for (let e = matrix.offsets[row]!; e < matrix.offsets[row + 1]!; e++) {
        slope[columns[e]! * stride + k]! += C * labelWeights[labels[row]!]! * error * values[e]!;
      }
    }
  }
  const largest = (array: Iterable<number>) => {
    let most = 0;
    for (const value of array) most = Math.max(most, Math.abs(value));
    return most;
  };
  return largest(slope) / largest(solver.weights);
}

test('the solver reaches the optimum: the gap closes and the gradient vanishes', () => {
  for (const [labelCount, C] of [
    [2, 0.1],
    [3, 1],
    [7, 10],
    [20, 30],
  ] as const) {
    const problem = problemOf(300, labelCount);
    const solver = new SoftmaxSolver(problem);
    const { relativeGap } = solver.fit({ C, tolerance: 1e-7, maxEpochs: 400, random: seededRandom(1) });
    assert.ok(relativeGap < 1e-5, `gap ${relativeGap} for ${labelCount} labels`);
    assert.ok(gradient(problem, solver, C) < 5e-3, `gradient ${gradient(problem, solver, C)}`);
  }
});

test('it reaches the same optimum with weighted labels and from a warm start', () => {
  const weights = Float32Array.of(0.5, 1, 3);
  const [cold, warm] = [problemOf(200, 3, weights), problemOf(200, 3, weights)].map(
    (problem) => new SoftmaxSolver(problem),
  );
  const options = { tolerance: 1e-7, maxEpochs: 400 };
  cold!.fit({ C: 4, ...options, random: seededRandom(1) });
  for (const C of [0.5, 8, 4]) warm!.fit({ C, ...options, random: seededRandom(2) });
  for (const [i, weight] of cold!.weights.entries()) assert.ok(Math.abs(weight - warm!.weights[i]!) < 5e-3);
});
