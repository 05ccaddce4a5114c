import assert from 'node:assert/strict';
import { test } from 'node:test';
import { planFit } from './fit-plan.ts';
import { readParameters } from './parameters.ts';

test('an unknown name is refused, and so is a value out of range or of another kind', () => {
  const wrong: Record<string, unknown>[] = [
    { hiden: 64 },
    { hidden: 20 },
    { hidden: '64' },
    { hidden: Number.NaN },
    { epochs: 0 },
    { epochs: 1.5 },
    { members: 17 },
    { input_dropout: 1 },
    { toString: 1 },
  ];
  for (const parameters of wrong) {
    assert.throws(() => readParameters(parameters), { code: 'unknown_parameter' }, JSON.stringify(parameters));
  }
});

test('what was set stays as set, however large the data', () => {
  const parameters = readParameters({ hidden: 512, members: 5, epochs: 30, min_rows: 7, max_features: 1000 });
  const plan = planFit(parameters, { rows: 1e6, entries: 3e8, labels: 1000 });
  for (const { hidden, epochs } of plan.candidates) assert.deepEqual([hidden, epochs], [512, 30]);
  assert.equal(plan.candidates.length, 3);
  const dropout = readParameters({ input_dropout: 0, hidden_dropout: 0.1 });
  assert.equal(planFit(dropout, { rows: 100, entries: 1e4, labels: 2 }).candidates.length, 1, 'nothing left to tune');
  assert.deepEqual([plan.members, plan.minRows, plan.maxFeatures], [5, 7, 1000]);
});

test('larger data gets fewer passes and smaller networks, bounded in work and size', () => {
  const defaults = readParameters({});
  let earlier = Number.POSITIVE_INFINITY;
  for (let rows = 100; rows <= 1e6; rows *= 10) {
    const { candidates, members, maxFeatures } = planFit(defaults, { rows, entries: rows * 200, labels: 20 });
    const { hidden, epochs } = candidates[0]!;
    const work = hidden * members * epochs;
    assert.ok(work <= earlier);
    assert.ok(rows * 220 * work <= 6e10);
    assert.ok(hidden * members * maxFeatures <= 64 << 20);
    assert.equal(hidden % 16, 0);
    earlier = work;
  }
  assert.equal(planFit(defaults, { rows: 999, entries: 1e5, labels: 2 }).minRows, 1);
  assert.equal(planFit(defaults, { rows: 1000, entries: 1e5, labels: 2 }).minRows, 2);
});
