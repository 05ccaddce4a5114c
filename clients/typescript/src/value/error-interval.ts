/**
 * The error rate and its interval, from counts of audits. Written from the papers and apart from the server's code, so
 * that a mistake there does not repeat itself here.
 */

export interface AuditCounts {
  /** With which probability each of these decisions was drawn. */
  probability: number;
  right: number;
  wrong: number;
}

/** Hájek's ratio: wrong decisions of all, each audit standing for 1/probability of them. NaN without audits. */
export function ratioEstimate(groups: readonly AuditCounts[]): number {
  const weigh = (of: (group: AuditCounts) => number) =>
    groups.reduce((sum, group) => sum + of(group) / group.probability, 0);
  return weigh((group) => group.wrong) / weigh((group) => group.right + group.wrong);
}

/** Clopper–Pearson where all probabilities are equal, otherwise the betting interval. */
export function errorInterval(groups: readonly AuditCounts[], confidence: number): { low: number; high: number } {
  const used = groups.filter((group) => group.right + group.wrong > 0);
  if (used.length === 0) return { low: 0, high: 1 };
  const least = Math.min(...used.map((group) => group.probability));
  if (used.some((group) => group.probability !== least)) return bettingInterval(used, least, confidence);
  const wrong = used.reduce((sum, group) => sum + group.wrong, 0);
  const all = used.reduce((sum, group) => sum + group.right + group.wrong, 0);
  const tail = (1 - confidence) / 2;
  return {
    low: wrong === 0 ? 0 : solve((p) => atLeast(wrong, all, p) - tail),
    high: wrong === all ? 1 : solve((p) => tail - atMost(wrong, all, p)),
  };
}

/** The p at which a rising function crosses zero. */
function solve(rising: (p: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

/** ln n! for whole n: exact sums below, Stirling's series above. */
const logFactorials = [0];
function logFactorial(n: number): number {
  for (let i = logFactorials.length; i <= Math.min(n, 1000); i++) {
    logFactorials.push(logFactorials[i - 1]! + Math.log(i));
  }
  if (n <= 1000) return logFactorials[n]!;
  return n * Math.log(n) - n + Math.log(2 * Math.PI * n) / 2 + 1 / (12 * n) - 1 / (360 * n ** 3);
}

/** P(Bin(n, p) ≤ k): the masses themselves, from the largest down. */
function atMost(k: number, n: number, p: number): number {
  if (p <= 0) return 1;
  if (p >= 1) return k >= n ? 1 : 0;
  if (k > n * p) return 1 - sumFrom(k + 1, n, p, 1);
  return sumFrom(k, n, p, -1);
}

function atLeast(k: number, n: number, p: number): number {
  return 1 - atMost(k - 1, n, p);
}

/** Masses from `start` outwards (away from the mean), until they no longer count. */
function sumFrom(start: number, n: number, p: number, step: 1 | -1): number {
  if (start < 0 || start > n) return 0;
  const logMass =
    logFactorial(n) -
    logFactorial(start) -
    logFactorial(n - start) +
    start * Math.log(p) +
    (n - start) * Math.log1p(-p);
  let mass = Math.exp(logMass);
  let sum = 0;
  for (let i = start; i >= 0 && i <= n; i += step) {
    sum += mass;
    if (mass < sum * 1e-18) break;
    mass *= step === 1 ? ((n - i) / (i + 1)) * (p / (1 - p)) : (i / (n - i + 1)) * ((1 - p) / p);
  }
  return sum;
}

/** Stakes over which the bets are mixed; part of the published method. */
const STAKES = [0.95, 0.8, 0.6, 0.4, 0.28, 0.2, 0.14, 0.1, 0.07, 0.05, 0.025, 0.0125];

/**
 * Waudby-Smith & Ramdas 2023: error rates against which no bettor would have multiplied the stake 2/(1 − confidence)
 * times. Each audit is a bet whose size shrinks with its weight, so that nobody can lose more than the stake.
 */
function bettingInterval(groups: readonly AuditCounts[], least: number, confidence: number) {
  const limit = Math.log(2 / (1 - confidence));
  const wealth = (gain: (stake: number, group: AuditCounts) => number) => {
    const logs = STAKES.map((stake) =>
      groups.reduce((sum, group) => sum + gain((stake * least) / group.probability, group), 0),
    );
    const top = Math.max(...logs);
    if (!Number.isFinite(top)) return top;
    return top + Math.log(logs.reduce((sum, log) => sum + Math.exp(log - top), 0) / STAKES.length);
  };
  const anyWrong = groups.some((group) => group.wrong > 0);
  // Against "the error is `e`", betting that it is more (wins at wrong ones), and that it is less (wins at right ones).
  const more = (e: number) =>
    e <= 0
      ? anyWrong
        ? Number.POSITIVE_INFINITY
        : 0
      : wealth((b, { right, wrong }) => wrong * Math.log1p((b * (1 - e)) / e) + right * Math.log1p(-b));
  const less = (e: number) =>
    e >= 1
      ? Number.POSITIVE_INFINITY
      : wealth((b, { right, wrong }) => right * Math.log1p((b * e) / (1 - e)) + wrong * Math.log1p(-b));
  return { low: solve((e) => limit - more(e)), high: solve((e) => less(e) - limit) };
}
