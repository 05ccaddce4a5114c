import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agreementFigures, checkQuality, reviewerFigures } from './figures.ts';
import type { Verdict } from './item.ts';

let at = 0;
function verdict(over: Partial<Verdict>): Verdict {
  at++;
  return {
    id: `lab_${at}`,
    ...{ item: `itm_${at}`, round: 1, decision: `dec_${at}`, taskId: 'task_1', task: 'comments', kind: 'review' },
    ...{ reviewer: 'anna', token: 't', label: 'ok', seconds: 12, note: null, probability: 1, shown: null },
    ...{ modelLabel: 'ok', gold: null, deciding: false, state: 'recorded', at, ...over },
  } as Verdict;
}
const many = (n: number, make: (i: number) => Partial<Verdict>) =>
  Array.from({ length: n }, (_, i) => verdict(make(i)));
const of = (verdicts: Verdict[], reviewer: string) =>
  reviewerFigures(verdicts).find((figures) => figures.reviewer === reviewer)!;

test('figures of a reviewer: pace, gold and agreement with their evidence', () => {
  const verdicts = [
    verdict({ item: 'itm_x', seconds: 30 }),
    verdict({ item: 'itm_x', reviewer: 'ben', label: 'spam' }),
    verdict({ seconds: 10, kind: 'gold', gold: { id: 'gld_1', truth: 'ok' } }),
    verdict({ seconds: 20, kind: 'gold', gold: { id: 'gld_2', truth: 'spam' } }),
  ];
  const { verdicts: n, minutes, medianSeconds, gold, agreement, flags } = of(verdicts, 'anna');
  assert.deepEqual([n, minutes, medianSeconds, flags], [3, 1, 20, []]);
  assert.deepEqual([gold.n, gold.count, agreement.n, agreement.count], [2, 1, 1, 0]);
  assert.ok(gold.low! < 0.02 && gold.high! > 0.98);
});

test('who confirms whatever is suggested is found, who is merely right is not', () => {
  const shown = (i: number, agree: boolean) => ({
    shown: 'spam',
    modelLabel: 'spam',
    label: agree ? 'spam' : 'ok',
    at: i,
  });
  const blind = (agree: boolean) => ({ modelLabel: 'spam', label: agree ? 'spam' : 'ok' });
  const verdicts = [
    ...many(100, (i) => ({ reviewer: 'parrot', ...shown(i, true) })),
    ...many(100, (i) => ({ reviewer: 'parrot', ...blind(i % 10 < 6) })),
    ...many(100, (i) => ({ reviewer: 'honest', ...shown(i, i % 10 < 6) })),
    ...many(100, (i) => ({ reviewer: 'honest', ...blind(i % 10 < 6) })),
  ];
  assert.deepEqual(of(verdicts, 'parrot').flags, ['confirms_suggestions']);
  assert.deepEqual(of(verdicts, 'honest').flags, []);
  assert.ok(of(verdicts, 'parrot').confirmation.pValue! < 1e-6);
});

test('who errs on known items, and who is too fast to have read, is found', () => {
  const gold = (reviewer: string, wrong: number, seconds = 12) =>
    many(60, (i) => ({
      reviewer,
      seconds,
      label: i < wrong ? 'spam' : 'ok',
      kind: 'gold',
      gold: { id: `g${i}`, truth: 'ok' },
    }));
  const verdicts = [...gold('good', 1), ...gold('also', 0), ...gold('bad', 25), ...gold('hasty', 0, 0.5)];
  assert.deepEqual(of(verdicts, 'bad').flags, ['low_gold_accuracy', 'low_agreement']);
  assert.deepEqual(of(verdicts, 'hasty').flags, ['implausibly_fast']);
  assert.deepEqual(of(verdicts, 'good').flags, []);
});

test('agreement counts pairs of opinions in one round; a lead who decides is none of them', () => {
  const pair = (item: string, first: string, second: string) => [
    verdict({ item, label: first }),
    verdict({ item, reviewer: 'ben', label: second }),
  ];
  const verdicts = [
    ...pair('1', 'ok', 'ok'),
    ...pair('2', 'spam', 'ok'),
    verdict({ item: '2', reviewer: 'lead', label: 'spam', deciding: true }),
    ...pair('3', 'ok', 'spam'),
    verdict({ item: '4' }),
    verdict({ item: '4', round: 2, reviewer: 'ben', label: 'spam' }),
  ];
  const { items, agreement, confusions, alpha, reviewers } = agreementFigures(verdicts);
  assert.deepEqual([items, agreement.n, agreement.count], [3, 3, 1]);
  assert.deepEqual(confusions, [{ first: 'ok', second: 'spam', count: 2 }]);
  assert.ok(alpha! < 0.2);
  assert.deepEqual(
    reviewers.map(({ reviewer }) => reviewer),
    ['anna', 'ben'],
  );
});

test('without verdicts nothing is said', () => {
  assert.deepEqual(reviewerFigures([]), []);
  const { items, alpha, agreement } = agreementFigures([]);
  assert.deepEqual([items, alpha, agreement.rate], [0, null, null]);
});

test('gold says how reliably reviewing tells right from wrong', () => {
  const known = (label: string) => verdict({ label, kind: 'gold', gold: { id: 'g', truth: 'ok' } });
  const quality = checkQuality([known('ok'), known('spam'), known('abuse'), verdict({})], ['ok', 'spam', 'abuse']);
  assert.deepEqual([quality.right, quality.confirmed, quality.wrong], [3, 1, 3]);
  assert.ok(quality.caught >= 1 && quality.caught <= 3);
});
