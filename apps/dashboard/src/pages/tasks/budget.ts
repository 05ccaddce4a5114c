/** Why an error budget cannot be had; null = it can. Both 0…1. */
export function budgetProblem(maxError: number, confidence: number): string | null {
  if (!Number.isFinite(maxError)) return 'Say how large a share of the automated answers may be wrong.';
  if (maxError <= 0) {
    return 'No mistake at all cannot be promised: that would take endless examples. Even 0.1 % can be, with enough of them.';
  }
  if (maxError >= 1) return 'If every answer may be wrong, there is nothing to prove. Choose less than 100 %.';
  if (!Number.isFinite(confidence)) return 'Say how sure you want to be.';
  if (confidence >= 1) return 'Nothing that rests on examples is 100 % sure. 99.9 % is possible.';
  if (confidence <= 0.5) return 'At 50 % or less the promise is worth no more than a coin. Choose more.';
  return null;
}

/** `5 in 100`, `1 in 200`, `3 in 1,000`: shares as people count. */
export function inWords(share: number): string {
  for (const base of [100, 1000, 10_000]) {
    const part = share * base;
    if (part >= 1 && Math.abs(part - Math.round(part)) < 1e-9)
      return `${Math.round(part)} in ${base.toLocaleString('en')}`;
  }
  const one = 1 / share;
  if (Math.abs(one - Math.round(one)) < 1e-9) return `1 in ${Math.round(one).toLocaleString('en')}`;
  return `${Number((share * 100).toPrecision(3))} in 100`;
}

/** A percentage that somebody wrote as the share it is, without the dust of binary fractions. */
export const shareOf = (percentage: number): number => Number((percentage / 100).toPrecision(12));
export const percentageOf = (share: number): number => Number((share * 100).toPrecision(12));

/** A budget as somebody set it: `5 %`, `0.25 %`. Not rounded, unlike what is measured; never broken over two lines. */
export const asSet = (share: number): string => `${Number((share * 100).toPrecision(6))}\u00a0%`;
