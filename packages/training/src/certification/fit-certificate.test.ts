import assert from 'node:assert/strict';
import { test } from 'node:test';
import { uniform } from '@understudy/statistics';
import { evidenceRows, thinned } from './evidence-rows.ts';
import { fitCertificate } from './fit-certificate.ts';
import { decodeCertifyRows, encodeCertifyRows, type ScoredCertifyRow } from './scored-rows.ts';
import { riskCurve, thresholdOrder } from './threshold-order.ts';

const BUDGET = { maxError: 0.05, confidence: 0.95 };
const SAMPLING = { imports: 'random_sample', since: null, sinceShift: false } as const;

function population(seed: number, count: number, risk: (score: number) => number): ScoredCertifyRow[] {
  const random = uniform(seed);
  return Array.from({ length: count }, (_, group) => {
    const score = Math.round(random() * 1e6) / 1e6;
    const wrong = random() < risk(score);
    return { score, wrong, probability: null, source: 'import', group, occurredAt: null };
  });
}
const tuneOf = (rows: ScoredCertifyRow[]) => rows.map(({ score, wrong }) => ({ score, right: !wrong }));
const better = (score: number) => (1 - score) * 0.3;

test('a good model is certified near what its scores allow, with the evidence that a reader can recompute', () => {
  const rows = population(1, 3000, better);
  const fitted = fitCertificate(rows, BUDGET, { tune: tuneOf(population(2, 1000, better)), sampling: SAMPLING });
  assert.equal(fitted.status, 'certified');
  assert.equal(fitted.method, 'ltt_binomial');
  const accepted = rows.filter(({ score }) => score >= fitted.threshold!);
  assert.deepEqual(
    [fitted.evidence.labelled, fitted.evidence.accepted, fitted.evidence.errors],
    [3000, accepted.length, accepted.filter(({ wrong }) => wrong).length],
  );
  assert.ok(fitted.evidence.pValue! <= 0.05);
  // The error above t is 0.15 (1 − t): a third of the items could be automated if all were known.
  assert.ok(fitted.coverage! > 0.18 && fitted.coverage! < 0.34, `${fitted.coverage}`);
  assert.equal(fitted.needed, null);
});

test('one wrong label among the surest does not end the walk before it began', () => {
  const noisy = (score: number) => (score > 0.95 ? 0.03 : 0.01);
  const rows = population(3, 2000, noisy);
  const fitted = fitCertificate(rows, BUDGET, { tune: tuneOf(population(4, 1000, noisy)), sampling: SAMPLING });
  assert.equal(fitted.status, 'certified');
  assert.ok(fitted.coverage! > 0.95);
});

test('too few rows, or too bad a model: not certifiable yet, with what is missing', () => {
  const few = fitCertificate(
    population(5, 40, () => 0.01),
    BUDGET,
    { tune: tuneOf(population(6, 300, () => 0.01)), sampling: SAMPLING },
  );
  assert.equal(few.status, 'not_certifiable_yet');
  assert.equal(few.threshold, null);
  assert.ok(few.needed!.labels! >= 59 && few.needed!.labels! < 400, few.needed!.reason);
  const bad = fitCertificate(
    population(7, 3000, () => 0.4),
    BUDGET,
    { tune: tuneOf(population(8, 1000, () => 0.4)), sampling: SAMPLING },
  );
  assert.equal(bad.needed!.labels, null);
  assert.match(bad.needed!.reason, /wrong too often/);
  const none = fitCertificate([], BUDGET, { tune: [], sampling: SAMPLING });
  assert.equal(none.status, 'not_certifiable_yet');
  assert.ok(none.needed!.labels! >= 59);
});

test('the number of labels named is about what it takes', () => {
  const risk = () => 0.02;
  const tune = tuneOf(population(9, 2000, risk));
  const { needed } = fitCertificate(population(10, 80, risk), BUDGET, { tune, sampling: SAMPLING });
  let certified = 0;
  for (let seed = 20; seed < 60; seed++) {
    const rows = population(seed, needed!.labels!, risk);
    if (fitCertificate(rows, BUDGET, { tune, sampling: SAMPLING }).status === 'certified') certified++;
  }
  assert.ok(certified >= 15, `${certified} of 40 with ${needed!.labels} labels`);
});

test('only rows whose sampling is known certify, one a group, and none from before `since`', () => {
  const row = (change: Partial<ScoredCertifyRow>): ScoredCertifyRow => ({
    ...{ score: 0.9, wrong: false, probability: 0.5, source: 'audit', group: 1, occurredAt: 100 },
    ...change,
  });
  const rows = [
    row({}),
    row({}),
    row({ group: 2, probability: null, source: 'import' }),
    row({ group: 3, probability: null, source: 'application' }),
    row({ group: 4, occurredAt: 10 }),
    row({ group: 5, occurredAt: null, source: 'import', probability: null }),
    row({ group: 6, probability: 0 }),
  ];
  const groups = (more: object) => evidenceRows(rows, { ...SAMPLING, ...more }).rows.map(({ group }) => group);
  assert.deepEqual(groups({}), [1, 2, 4, 5]);
  assert.deepEqual(groups({ imports: 'excluded' }), [1, 4]);
  assert.deepEqual(groups({ since: 50 }), [1, 2, 5]);
  assert.deepEqual(groups({ since: 50, sinceShift: true }), [1, 2]);
  assert.deepEqual(evidenceRows(rows, SAMPLING).left, { unknownProbability: 2, tooOld: 0, sameGroup: 1 });
});

/** Traffic of which what scored low was reviewed and what scored high was audited. */
function production(seed: number, count: number, rate: number, risk: (score: number) => number): ScoredCertifyRow[] {
  const random = uniform(seed + 1000);
  return population(seed, count, risk).flatMap((row): ScoredCertifyRow[] => {
    const probability = row.score < 0.6 ? 1 : rate;
    return random() < probability ? [{ ...row, probability, source: 'audit' }] : [];
  });
}

test('labels from operation certify by their probabilities: promises are kept where unweighted rows would break them', () => {
  // Wrong more often where the model is sure: reviewed rows alone look better than the traffic is.
  const trap = (score: number) => (score < 0.6 ? 0.01 : 0.12);
  const tune = tuneOf(population(30, 1000, () => 0.03));
  let broken = 0;
  let naive = 0;
  for (let seed = 100; seed < 160; seed++) {
    const rows = production(seed, 6000, 0.05, trap);
    const fitted = fitCertificate(rows, BUDGET, { tune, sampling: SAMPLING });
    const unweighted = fitCertificate(
      rows.map((row) => ({ ...row, probability: 1 })),
      BUDGET,
      { tune, sampling: SAMPLING },
    );
    // The true error is above 5 % at every threshold.
    if (fitted.threshold !== null) broken++;
    if (unweighted.threshold !== null) naive++;
    assert.notEqual(fitted.method, 'ltt_binomial');
  }
  assert.ok(broken <= 6, `${broken} of 60 broken`);
  assert.ok(naive >= 50, `unweighted: ${naive} of 60 broken`);
});

test('thinning leaves a sample of one probability, chosen by nobody', () => {
  const rows = production(7, 20_000, 0.1, () => 0.02);
  const kept = thinned(evidenceRows(rows, SAMPLING));
  const high = kept.filter(({ score }) => score >= 0.6).length;
  const low = kept.length - high;
  assert.ok(Math.abs(high / kept.length - 0.4) < 0.05 && low > 0, `${high} of ${kept.length}`);
  assert.deepEqual(thinned(evidenceRows(rows, SAMPLING)), kept);
});

test('the order starts where success is likely and loosens from there', () => {
  const tune = tuneOf(population(40, 2000, better));
  const { order, main } = thresholdOrder(riskCurve(tune), 1000, BUDGET);
  for (const [i, { threshold }] of order.entries()) if (i > 0) assert.ok(threshold < order[i - 1]!.threshold);
  assert.equal(order.at(-1)!.threshold, 0);
  assert.ok(order[0]!.coverage * 1000 >= 59);
  assert.equal(
    order.reduce((sum, { share = 0 }) => sum + share, 0),
    1,
  );
  assert.ok(order.some(({ threshold, share }) => threshold === main.threshold && share !== undefined));
  const byHand = thresholdOrder(riskCurve(tune.slice(0, 3)), 1000, BUDGET);
  assert.ok(byHand.order.length > 10, 'without tuning rows, by hand');
});

test('a main start that fails by a few rows leaves the cautious one, at its share of δ', () => {
  // All mistakes lie below the surest two fifths, where the tuning rows did not lead to expect them.
  const tune = tuneOf(population(50, 2000, (score) => (score > 0.4 ? 0.005 : 0.5)));
  const rows = population(150, 900, (score) => (score > 0.6 ? 0 : score > 0.4 ? 0.3 : 0.5));
  const { order, main } = thresholdOrder(riskCurve(tune), 900, BUDGET);
  const cautious = order[0]!;
  const wrongAt = (threshold: number) => rows.filter(({ score, wrong }) => score >= threshold && wrong).length;
  assert.ok(cautious.threshold > main.threshold);
  assert.ok(wrongAt(main.threshold) > wrongAt(cautious.threshold));
  const fitted = fitCertificate(rows, BUDGET, { tune, sampling: SAMPLING });
  assert.equal(fitted.status, 'certified');
  assert.ok(fitted.threshold! > main.threshold, 'the main start failed');
});

test('rows go through bytes unchanged', () => {
  const rows = production(8, 500, 0.3, better).map((row, i) => ({ ...row, occurredAt: i % 2 === 0 ? null : i * 1e9 }));
  assert.deepEqual(decodeCertifyRows(encodeCertifyRows(rows)), rows);
});
