import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assignCertify, certifyShare, type SplitRow } from './certify-split.ts';
import { fingerprintOf } from './fingerprint.ts';

const rowsOf = (count: number, labels = 2, more: (i: number) => Partial<SplitRow> = () => ({})): SplitRow[] =>
  Array.from({ length: count }, (_, i) => ({
    ...{ label: i % labels, group: String(i), fingerprint: fingerprintOf(`text ${i}`), occurredAt: null },
    ...more(i),
  }));
const share = (certify: readonly boolean[]) => certify.filter(Boolean).length / certify.length;

test('about the share that was planned certifies, less of more data', () => {
  for (const count of [1000, 10_000]) {
    const { certify, byTime } = assignCertify(rowsOf(count), 'task');
    assert.ok(Math.abs(share(certify) - certifyShare(count)) < 0.03, `${share(certify)}`);
    assert.equal(byTime, false);
  }
  assert.ok(certifyShare(100) < certifyShare(1000) && certifyShare(1000) > certifyShare(100_000));
  assert.ok(certifyShare(10_000_000) * 10_000_000 <= 50_000);
});

test('a row that certifies goes on certifying, or is fitted on, but is never taken from the fit, as data grows', () => {
  const few = rowsOf(2000);
  const many = rowsOf(8000);
  const before = assignCertify(few, 'task').certify;
  const after = assignCertify(many, 'task').certify;
  for (let i = 0; i < few.length; i++) assert.ok(before[i] || !after[i], `row ${i} was fitted on and certifies now`);
  assert.ok(share(after.slice(0, few.length)) > 0.1);
});

test('the numbers of groups may change, their parts do not; another task draws other rows', () => {
  const rows = rowsOf(3000);
  const renumbered = rows.map((row) => ({ ...row, group: `other ${row.group}` }));
  const { certify } = assignCertify(rows, 'task');
  assert.deepEqual(assignCertify(renumbered, 'task').certify, certify);
  assert.notDeepEqual(assignCertify(rows, 'another').certify, certify);
  assert.deepEqual(assignCertify([...rows].reverse(), 'task').certify.reverse(), certify);
});

test('groups stay whole, and every label keeps two of them to learn from', () => {
  const row = fc.record({ label: fc.nat(3), group: fc.nat(40).map(String), time: fc.option(fc.nat(1000)) });
  fc.assert(
    fc.property(fc.array(row, { minLength: 1, maxLength: 300 }), (drawn) => {
      const rows = drawn.map(
        ({ label, group, time }, i): SplitRow => ({ label, group, fingerprint: i, occurredAt: time }),
      );
      const { certify } = assignCertify(rows, 'task');
      const partOf = new Map<string, boolean>();
      for (const [i, { group }] of rows.entries()) {
        assert.equal(partOf.get(group) ?? certify[i], certify[i]);
        partOf.set(group, certify[i]!);
      }
      const labelOf = new Map<string, number>();
      for (const { group, label } of rows) if (!labelOf.has(group)) labelOf.set(group, label);
      for (const label of new Set(labelOf.values())) {
        const groups = [...labelOf].filter(([, own]) => own === label);
        const kept = groups.filter(([group]) => !partOf.get(group)).length;
        assert.ok(kept >= Math.min(2, groups.length));
      }
    }),
  );
});

test('dated rows are split by time: the newest certify, and no group that began earlier', () => {
  const rows = rowsOf(2000, 2, (i) => ({ occurredAt: i * 1000, group: String(i % 1900) }));
  const { certify, byTime } = assignCertify(rows, 'task');
  assert.equal(byTime, true);
  assert.ok(share(certify) > 0.05);
  const oldest = Math.min(...rows.flatMap((row, i) => (certify[i] ? [row.occurredAt!] : [])));
  assert.ok(oldest >= 1000 * 2000 * (1 - certifyShare(2000)) - 1000);
  assert.ok(
    certify.slice(1900).every((own) => !own),
    'these belong to groups of the first hundred rows',
  );
});

test('dated rows of subjects who go on writing are split by subject, so that something certifies', () => {
  const rows = rowsOf(2000, 2, (i) => ({
    occurredAt: i * 1000,
    group: `author ${i % 60}`,
    label: i % 3 === 0 ? 1 : 0,
  }));
  const { certify, byTime } = assignCertify(rows, 'task');
  assert.equal(byTime, false);
  assert.ok(Math.abs(share(certify) - certifyShare(2000)) < 0.15, `${share(certify)}`);
  const authors = new Set(rows.flatMap(({ group }, i) => (certify[i] ? [group] : [])));
  assert.ok(rows.every(({ group }, i) => certify[i] === authors.has(group)));
});

test('undated rows, or rows of one moment, are split by their hash', () => {
  assert.equal(
    assignCertify(
      rowsOf(500, 2, (i) => ({ occurredAt: i % 2 === 0 ? i : null })),
      'task',
    ).byTime,
    false,
  );
  assert.equal(
    assignCertify(
      rowsOf(500, 2, () => ({ occurredAt: 5 })),
      'task',
    ).byTime,
    false,
  );
});
