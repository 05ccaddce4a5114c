import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FitSettings, type LabelledRows, MemberNetwork } from './member-network.ts';

const PLAIN: FitSettings = {
  hidden: 32,
  epochs: 1,
  learningRate: 1e-3,
  outputLearningRate: 1e-3,
  inputDropout: 0,
  hiddenDropout: 0,
  labelSmoothing: 0,
};

const ONE_ROW: LabelledRows = {
  columns: Int32Array.of(0, 2, 3),
  values: Float32Array.of(0.6, -0.5, 0.4),
  offsets: Float64Array.of(0, 3),
  labels: Int32Array.of(1),
};

function loss(network: MemberNetwork, data: LabelledRows): number {
  const scores = [...network.score(data, 0).subarray(0, network.labelCount)];
  const highest = Math.max(...scores);
  return highest + Math.log(scores.reduce((sum, s) => sum + Math.exp(s - highest), 0)) - scores[data.labels[0]!]!;
}

/** Cosine between two lists of numbers. */
function cosine(a: readonly number[], b: readonly number[]): number {
  const dot = (x: readonly number[], y: readonly number[]) => x.reduce((sum, value, i) => sum + value * y[i]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}

test('one step goes down the gradient, row of weights by row of weights', () => {
  const make = () => new MemberNetwork(5, 3, 3, PLAIN, 11);
  const before = make();
  const after = make();
  after.fit(ONE_ROW, Int32Array.of(0), () => {});
  assert.ok(loss(after, ONE_ROW) < loss(before, ONE_ROW));
  const gradient = (weights: Float32Array, at: number) => {
    const kept = weights[at]!;
    weights[at] = kept + 1e-2;
    const up = loss(before, ONE_ROW);
    weights[at] = kept - 1e-2;
    const down = loss(before, ONE_ROW);
    weights[at] = kept;
    return (down - up) / 2e-2;
  };
  for (const feature of [0, 2, 3]) {
    const places = Array.from({ length: 32 }, (_, j) => feature * 32 + j);
    const downhill = places.map((at) => gradient(before.embeddings, at));
    const step = places.map((at) => after.embeddings[at]! - before.embeddings[at]!);
    assert.ok(cosine(downhill, step) > 0.99, `feature ${feature}: ${cosine(downhill, step)}`);
  }
  for (let label = 0; label < 3; label++) {
    const places = Array.from({ length: 32 }, (_, j) => j * before.stride + label);
    const downhill = places.map((at) => gradient(before.output, at));
    const step = places.map((at) => after.output[at]! - before.output[at]!);
    assert.ok(cosine(downhill, step) > 0.99, `label ${label}: ${cosine(downhill, step)}`);
  }
  for (const untouched of [1, 4]) {
    const row = (network: MemberNetwork) => network.embeddings.slice(untouched * 32, untouched * 32 + 32);
    assert.deepEqual(row(after), row(before));
  }
});

test('learns what no linear model can: exclusive or', () => {
  const rows = [[], [0], [1], [0, 1]].map((on) => [2, ...on]);
  const data: LabelledRows = {
    columns: Int32Array.from(rows.flat()),
    values: new Float32Array(rows.flat().length).fill(1),
    offsets: Float64Array.of(0, 1, 3, 5, 8),
    labels: Int32Array.of(0, 1, 1, 0),
  };
  const network = new MemberNetwork(3, 2, 3, { ...PLAIN, epochs: 400, learningRate: 0.1, outputLearningRate: 0.1 }, 3);
  network.fit(data, Int32Array.of(0, 1, 2, 3), () => {});
  for (let row = 0; row < 4; row++) {
    const [no, yes] = network.score(data, row);
    assert.equal(yes! > no! ? 1 : 0, data.labels[row], `row ${row}`);
  }
});

test('the seed decides everything', () => {
  const settings = { ...PLAIN, inputDropout: 0.5, hiddenDropout: 0.5, epochs: 3 };
  const fitted = (seed: number) => {
    const network = new MemberNetwork(5, 3, 3, settings, seed);
    network.fit(ONE_ROW, Int32Array.of(0), () => {});
    return network.embeddings.slice();
  };
  assert.deepEqual(fitted(1), fitted(1));
  assert.notDeepEqual(fitted(1), fitted(2));
});
