/**
 * Fixed-sequence testing (Angelopoulos, Bates, Candès, Jordan & Lei, "Learn then Test", 2021, section 4): hypotheses in an
 * order that was fixed without the data of the tests; each is tested at level δ while all before it were rejected.
 * The chance that any true one is rejected is at most δ. Returns how many were rejected, from the start.
 */
export function fixedSequence(pValues: Iterable<number>, delta: number): number {
  let rejected = 0;
  for (const p of pValues) {
    if (!(p <= delta)) break;
    rejected++;
  }
  return rejected;
}
