import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignParts, planSplit } from './split.ts';

const rowsOf = (counts: number[]) =>
  counts.flatMap((count, label) => Array.from({ length: count }, (_, i) => ({ label, group: `${label}-${i}` })));

test('small data gets fewer folds, large data a bounded holdout', () => {
  assert.deepEqual(
    [10, 49, 50, 199, 200].map((rows) => planSplit(rows).folds),
    [3, 3, 5, 5, 10],
  );
  assert.equal(planSplit(1000).holdoutShare, 0.1);
  assert.equal(planSplit(1_000_000).holdoutShare, 0.005);
});

test('a group never straddles two parts, whatever its labels', () => {
  const row = fc.record({ label: fc.nat(4), group: fc.nat(30).map(String) }, { noNullPrototype: true });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 200 }), fc.nat(), (rows, seed) => {
      const plan = planSplit(rows.length);
      const parts = assignParts(rows, plan, seed);
      const partOf = new Map<string, unknown>();
      for (const [index, { group }] of rows.entries()) {
        const part = parts[index]!;
        assert.ok(part === 'holdout' || (part >= 0 && part < plan.folds));
        assert.equal(partOf.get(group) ?? part, part);
        partOf.set(group, part);
      }
    }),
  );
});

test('every part gets its share of every label', () => {
  const rows = rowsOf([1000, 300, 100]);
  const parts = assignParts(rows, planSplit(rows.length), 1);
  for (const [label, size] of [1000, 300, 100].entries()) {
    const counts = new Map<unknown, number>();
    for (const [index, row] of rows.entries()) {
      if (row.label === label) counts.set(parts[index], (counts.get(parts[index]) ?? 0) + 1);
    }
    assert.ok(Math.abs(counts.get('holdout')! - size / 10) <= 1, `holdout of label ${label}`);
    for (let fold = 0; fold < 10; fold++) assert.ok(Math.abs(counts.get(fold)! - (size * 0.9) / 10) <= 1);
  }
});

test('the split depends on the seed and the groups, not on their order', () => {
  const rows = rowsOf([200, 100]);
  const plan = planSplit(rows.length);
  const parts = assignParts(rows, plan, 1);
  assert.deepEqual(assignParts(rows, plan, 1), parts);
  assert.notDeepEqual(assignParts(rows, plan, 2), parts);
  const reversed = assignParts([...rows].reverse(), plan, 1).reverse();
  assert.deepEqual(reversed, parts);
});

test('a thousand labels of three rows each still give rows to evaluate on, and keep two of each label', () => {
  const rows = rowsOf(Array.from({ length: 1000 }, () => 3));
  const parts = assignParts(rows, planSplit(rows.length), 1);
  const held = parts.filter((part) => part === 'holdout').length;
  assert.ok(Math.abs(held - 3000 * planSplit(3000).holdoutShare) <= 1, `${held} held out`);
  for (let label = 0; label < 1000; label++) {
    assert.ok(parts.slice(label * 3, label * 3 + 3).filter((part) => part !== 'holdout').length >= 2);
  }
});

test('a label with one or two groups stays in the fit as a whole', () => {
  const rows = [...rowsOf([500]), { label: 1, group: 'only' }, { label: 2, group: 'a' }, { label: 2, group: 'b' }];
  const parts = assignParts(rows, planSplit(rows.length), 3);
  assert.ok(parts.slice(500).every((part) => part !== 'holdout'));
});

test('one giant group neither fills the holdout nor is made up for by another label', () => {
  const giant = Array.from({ length: 900 }, () => ({ label: 0, group: 'template' }));
  const rows = [...giant, { label: 0, group: 'x' }, { label: 0, group: 'y' }, ...rowsOf([0, 100])];
  const parts = assignParts(rows, planSplit(rows.length), 1);
  assert.notEqual(parts[0], 'holdout');
  const heldOfOther = parts.slice(902).filter((part) => part === 'holdout').length;
  assert.ok(heldOfOther >= 9 && heldOfOther <= 12, `${heldOfOther}`);
});

test('a million rows are split, near-duplicates and all', () => {
  const rows = Array.from({ length: 1_000_000 }, (_, i) => ({ label: i % 50, group: `g${i - (i % 3)}` }));
  const parts = assignParts(rows, planSplit(rows.length), 1);
  const held = parts.filter((part) => part === 'holdout').length;
  assert.ok(Math.abs(held - 5000) < 50, `${held}`);
});
