import { binomialTail, uniform } from '@understudy/statistics';
import { certifier, type ScoredCertifyRow } from '@understudy/training';

/**
 * Certification of 100,000 scored rows × 200 thresholds, and the whole dial (sixteen budgets) over them; beside the floor that
 * one would write first: filter the rows at every threshold and sum the binomial terms.
 */
const ROWS = 100_000;
const THRESHOLDS = 200;
const BUDGET = { maxError: 0.05, confidence: 0.95 };
const SAMPLING = { imports: 'random_sample', since: null, sinceShift: false } as const;
const RUNS = 7;

function rowsOf(probabilityOf: (score: number) => number | null): ScoredCertifyRow[] {
  const random = uniform(1);
  const rows: ScoredCertifyRow[] = [];
  for (let group = 0; rows.length < ROWS; group++) {
    const score = Math.round((1 - 0.6 * random() ** 3) * 1e6) / 1e6;
    const probability = probabilityOf(score);
    const source = probability === null ? 'import' : 'audit';
    const wrong = random() < 1 - score;
    if (probability !== null && random() >= probability) continue;
    rows.push({ score, wrong, probability, source, group, occurredAt: null });
  }
  return rows;
}

const tune = rowsOf(() => null)
  .slice(0, 5000)
  .map(({ score, wrong }) => ({ score, right: !wrong }));

function naive(rows: readonly ScoredCertifyRow[], thresholds: readonly number[]): number | null {
  let passed: number | null = null;
  for (const threshold of thresholds) {
    const accepted = rows.filter(({ score }) => score >= threshold);
    const wrong = accepted.filter((row) => row.wrong).length;
    let term = accepted.length * Math.log1p(-BUDGET.maxError);
    let tail = 0;
    for (let k = 0; k <= wrong; k++) {
      tail += Math.exp(term);
      term += Math.log(((accepted.length - k) / (k + 1)) * (BUDGET.maxError / (1 - BUDGET.maxError)));
    }
    if (tail > 1 - BUDGET.confidence) break;
    passed = threshold;
  }
  return passed;
}

function best(work: () => unknown): number {
  let least = Number.POSITIVE_INFINITY;
  for (let run = 0; run < RUNS; run++) {
    const start = performance.now();
    work();
    least = Math.min(least, performance.now() - start);
  }
  return least;
}

const dial = Array.from({ length: 16 }, (_, i) => ({ maxError: 0.005 + i * 0.02, confidence: 0.95 }));
for (const [name, probabilityOf] of [
  ['rows drawn alike', () => null],
  ['rows drawn with two probabilities', (score: number) => (score > 0.9 ? 0.02 : 1)],
] as const) {
  const rows = rowsOf(probabilityOf);
  const options = { tune, sampling: SAMPLING, thresholds: THRESHOLDS };
  const fitted = certifier(rows, options)(BUDGET);
  const ours = best(() => certifier(rows, options)(BUDGET));
  const whole = best(() => dial.map(certifier(rows, options)));
  console.log(
    `${name}: ${ours.toFixed(0)} ms for ${ROWS} rows × up to ${THRESHOLDS} thresholds (${fitted.evidence.tested} tested, ` +
      `${fitted.method}, coverage ${(100 * (fitted.coverage ?? 0)).toFixed(1)} %); dial of ${dial.length}: ${whole.toFixed(0)} ms`,
  );
}
const rows = rowsOf(() => null);
const spread = Array.from({ length: THRESHOLDS }, (_, i) => 0.999 - i * 0.0025);
const floor = best(() => naive(rows, spread));
const same = best(() => {
  const fit = certifier(rows, { tune, sampling: SAMPLING, thresholds: THRESHOLDS });
  return fit({ maxError: 0.5, confidence: 0.95 });
});
console.log(
  `floor: ${floor.toFixed(0)} ms; with every threshold tested ours takes ${same.toFixed(0)} ms (${(floor / same).toFixed(1)}×)`,
);
console.log(`one exact tail: ${(1e3 * best(() => binomialTail(90_000, 4300, 0.05))).toFixed(1)} µs`);
