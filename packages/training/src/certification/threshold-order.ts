import type { ScoredTuneRow } from './scored-rows.ts';

/** A threshold to test, with what the tuning rows lead to expect of it. */
export interface PlannedThreshold {
  threshold: number;
  coverage: number;
  error: number;
}

/** The step between thresholds, as a share of all items: finer ones are stopped by single rows. */
const STEP = 0.005;
/** Without tuning rows the order is fixed by hand. */
const BLIND = [0.99, 0.98, 0.97, 0.95, 0.925, 0.9, 0.875, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1, 0];

/** The order of the tests. A start brings its share of δ into the walk that passes there. */
export interface ThresholdOrder {
  order: readonly (PlannedThreshold & { share?: number })[];
  /** Where the test is the most likely to succeed. */
  main: PlannedThreshold;
}

/** The cautious start accepts this share of what the main one does: fewer rows, the surest ones. */
const CAUTIOUS_COVERAGE = 0.6;
/** Its share of δ: what it costs the main start is little, and a walk that passes both has all of it. */
const CAUTIOUS_SHARE = 0.3;

/**
 * The thresholds in the order in which they are tested, from the tuning rows' {@link riskCurve} and the number of
 * certify rows alone. The walk loosens from a start. The main one is not the strictest threshold, where few rows are
 * accepted and one wrong label ends the walk, but where the test is the most likely to succeed (the largest distance
 * from the budget in standard errors). A cautious one above it gets a share of δ of its own, so that a main start that
 * fails by a row or two does not leave a small task with nothing (the fallback procedure: Wiens 2003).
 */
export function thresholdOrder(
  curve: readonly PlannedThreshold[],
  certifyRows: number,
  budget: { maxError: number; confidence: number },
  most = Number.POSITIVE_INFINITY,
): ThresholdOrder {
  if (curve.length === 0) {
    const order = BLIND.map((threshold) => ({ threshold, coverage: 1, error: Number.NaN }));
    return { order: [{ ...order[0]!, share: 1 }, ...order.slice(1)], main: order[0]! };
  }
  const main = startOf(curve, certifyRows, budget);
  const cautious = cautiousStart(curve, curve[main]!, certifyRows, budget);
  const rest = atMost(curve.slice(main + 1), most - 1);
  if (cautious >= main) return { order: [{ ...curve[main]!, share: 1 }, ...rest], main: curve[main]! };
  const above = atMost(curve.slice(cautious + 1, main), Math.ceil(most / 4));
  const order = [
    { ...curve[cautious]!, share: CAUTIOUS_SHARE },
    ...above,
    { ...curve[main]!, share: 1 - CAUTIOUS_SHARE },
    ...atMost(rest, most - above.length - 2),
  ];
  return { order, main: curve[main]! };
}

function cautiousStart(
  curve: readonly PlannedThreshold[],
  main: PlannedThreshold,
  certifyRows: number,
  { maxError, confidence }: { maxError: number; confidence: number },
): number {
  const least = Math.log(CAUTIOUS_SHARE * (1 - confidence)) / Math.log(1 - maxError);
  const accepted = Math.max(1.5 * least, CAUTIOUS_COVERAGE * main.coverage * certifyRows);
  const found = curve.findIndex(({ coverage }) => certifyRows * coverage >= accepted);
  return found === -1 ? curve.length : found;
}

function startOf(
  curve: readonly PlannedThreshold[],
  certifyRows: number,
  { maxError, confidence }: { maxError: number; confidence: number },
): number {
  const least = Math.log(1 - confidence) / Math.log(1 - maxError);
  let start = 0;
  let power = Number.NEGATIVE_INFINITY;
  for (const [index, { coverage, error }] of curve.entries()) {
    const accepted = certifyRows * coverage;
    // Half again as many rows as an errorless test needs, where there are as many: scores of new rows differ a little.
    if (accepted < Math.min(1.5 * least, certifyRows)) continue;
    const distance = (maxError - error) * Math.sqrt(accepted / (maxError * (1 - maxError)));
    if (distance > power) {
      power = distance;
      start = index;
    }
  }
  return start;
}

/** At most so many, evenly picked, the first and the last among them. */
function atMost<T>(items: readonly T[], most: number): readonly T[] {
  if (items.length <= most) return items;
  return Array.from({ length: most }, (_, i) => items[Math.round((i * (items.length - 1)) / (most - 1))]!);
}

/** Fewer say nothing. */
const LEAST_ROWS = 5;

/** Thresholds strictest first, one for every STEP of coverage, with the error above each (add-one smoothed). */
export function riskCurve(tune: readonly ScoredTuneRow[]): PlannedThreshold[] {
  if (tune.length < LEAST_ROWS) return [];
  const rows = [...tune].sort((a, b) => b.score - a.score);
  const curve: PlannedThreshold[] = [];
  const step = Math.max(1, Math.round(rows.length * STEP));
  let wrong = 0;
  let last = 0;
  for (const [index, row] of rows.entries()) {
    if (!row.right) wrong++;
    const taken = index + 1;
    const tied = rows[taken]?.score === row.score;
    if (tied || (taken - last < step && taken < rows.length)) continue;
    curve.push({ threshold: row.score, coverage: taken / rows.length, error: (wrong + 1) / (taken + 2) });
    last = taken;
  }
  // Rows below the worst tuning row are answered too, if the tests allow.
  if (curve.length > 0) curve.at(-1)!.threshold = Math.min(curve.at(-1)!.threshold, 0);
  return curve;
}
