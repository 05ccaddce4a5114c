/**
 * Krippendorff's α for nominal data (Krippendorff, "Computing Krippendorff's alpha-reliability", 2011): 1 − observed
 * over expected disagreement, with any number of raters and missing answers. 1 = full agreement, 0 = as by chance.
 *
 * @param units the answers that each unit got; units with fewer than two say nothing about agreement
 * @returns null where α is not defined: fewer than two answers to compare, or only one category in all of them
 */
export function krippendorffAlpha(units: readonly (readonly string[])[]): number | null {
  const totals = new Map<string, number>();
  let n = 0;
  let observed = 0; // Σ over units of disagreeing ordered pairs / (m − 1)
  for (const unit of units) {
    if (unit.length < 2) continue;
    const counts = new Map<string, number>();
    for (const value of unit) counts.set(value, (counts.get(value) ?? 0) + 1);
    let agreeing = 0;
    for (const [value, count] of counts) {
      totals.set(value, (totals.get(value) ?? 0) + count);
      agreeing += count * (count - 1);
    }
    const pairs = unit.length * (unit.length - 1);
    observed += (pairs - agreeing) / (unit.length - 1);
    n += unit.length;
  }
  if (n < 2) return null;
  let same = 0;
  for (const total of totals.values()) same += total * (total - 1);
  const expected = (n * (n - 1) - same) / (n - 1);
  if (expected === 0) return null;
  return 1 - observed / expected;
}
