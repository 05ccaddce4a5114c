import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dawidSkene, type Rating } from './dawid-skene.ts';
import { uniform } from './simulation.ts';

const LABELS = ['a', 'b', 'c'];

/** Three raters of known error on items of known truth. */
function simulate(errors: Record<string, number>, items: number, seed = 1) {
  const random = uniform(seed);
  const truths = new Map<string, string>();
  const ratings: Rating[] = [];
  for (let i = 0; i < items; i++) {
    const truth = LABELS[Math.floor(random() * 3)]!;
    truths.set(`${i}`, truth);
    for (const [rater, error] of Object.entries(errors)) {
      const wrong = LABELS.filter((label) => label !== truth)[Math.floor(random() * 2)]!;
      ratings.push({ item: `${i}`, rater, label: random() < error ? wrong : truth });
    }
  }
  return { ratings, truths };
}

test('finds how often each rater errs, without knowing the truth', () => {
  const errors = { good: 0.05, fair: 0.15, poor: 0.4 };
  const { ratings, truths } = simulate(errors, 2000);
  const model = dawidSkene(ratings);
  for (const [rater, error] of Object.entries(errors)) {
    assert.ok(Math.abs(model.raters.get(rater)!.accuracy - (1 - error)) < 0.03, rater);
  }
  let right = 0;
  for (const [item, belief] of model.truths) {
    const best = model.labels[belief.indexOf(Math.max(...belief))];
    if (best === truths.get(item)) right++;
  }
  // Better than the best rater alone.
  assert.ok(right / 2000 > 0.95, String(right));
});

test('known truths are taken as they are, and teach where two raters only ever disagree', () => {
  const ratings: Rating[] = [];
  const truth = new Map<string, string>();
  for (let i = 0; i < 60; i++) {
    ratings.push({ item: `${i}`, rater: 'right', label: 'a' }, { item: `${i}`, rater: 'wrong', label: 'b' });
    if (i < 30) truth.set(`${i}`, 'a');
  }
  const { raters, truths, labels } = dawidSkene(ratings, { truth });
  assert.ok(raters.get('right')!.accuracy > 0.9);
  assert.ok(raters.get('wrong')!.confusion[0]![1]! > 0.9);
  assert.ok(truths.get('59')![labels.indexOf('a')]! > 0.99);
});

test('does not depend on the order of the ratings, and every row of a confusion is a distribution', () => {
  const { ratings } = simulate({ x: 0.1, y: 0.2 }, 100);
  const one = dawidSkene(ratings);
  const other = dawidSkene([...ratings].reverse());
  assert.deepEqual([...one.raters], [...other.raters]);
  for (const { confusion } of one.raters.values()) {
    for (const row of confusion) assert.ok(Math.abs(row.reduce((sum, p) => sum + p, 0) - 1) < 1e-9);
  }
});

test('few answers make nobody perfect, and none make nothing', () => {
  const { raters } = dawidSkene([
    { item: '1', rater: 'new', label: 'a' },
    { item: '2', rater: 'new', label: 'b' },
  ]);
  assert.ok(raters.get('new')!.accuracy < 0.95);
  assert.equal(dawidSkene([]).raters.size, 0);
});
