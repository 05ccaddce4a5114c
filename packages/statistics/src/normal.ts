/** Acklam's rational approximation of the standard normal quantile (relative error 1.2e-9), one Halley step on top. */
export function normalQuantile(p: number): number {
  if (!(p > 0 && p < 1)) throw new RangeError(`a quantile needs 0 < p < 1, not ${p}`);
  const x = approximateQuantile(p);
  const error = normalCdf(x) - p;
  const u = error * Math.sqrt(2 * Math.PI) * Math.exp((x * x) / 2);
  return x - u / (1 + (x * u) / 2);
}

/** Φ(x): by the series near 0, by the continued fraction of the complementary error function in the tails. */
export function normalCdf(x: number): number {
  const t = Math.abs(x);
  if (t > 38) return x > 0 ? 1 : 0;
  let upper: number;
  if (t < 3) {
    let term = t;
    let sum = t;
    for (let i = 1; i < 200 && term > 1e-17 * sum; i++) {
      term *= (t * t) / (2 * i + 1);
      sum += term;
    }
    upper = 0.5 - (sum * Math.exp((-t * t) / 2)) / Math.sqrt(2 * Math.PI);
  } else {
    let fraction = 0;
    for (let i = 200; i > 0; i--) fraction = i / (t + fraction);
    upper = Math.exp((-t * t) / 2) / Math.sqrt(2 * Math.PI) / (t + fraction);
  }
  return x > 0 ? 1 - upper : upper;
}

function approximateQuantile(p: number): number {
  const tail = Math.min(p, 1 - p);
  if (tail < 0.02425) {
    const q = Math.sqrt(-2 * Math.log(tail));
    const top =
      ((((-7.784894002430293e-3 * q - 3.223964580411365e-1) * q - 2.400758277161838) * q - 2.549732539343734) * q +
        4.374664141464968) *
        q +
      2.938163982698783;
    const bottom =
      (((7.784695709041462e-3 * q + 3.224671290700398e-1) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1;
    return p < 0.5 ? top / bottom : -top / bottom;
  }
  const q = p - 0.5;
  const r = q * q;
  const top =
    (((((-3.969683028665376e1 * r + 2.209460984245205e2) * r - 2.759285104469687e2) * r + 1.38357751867269e2) * r -
      3.066479806614716e1) *
      r +
      2.506628277459239) *
    q;
  const bottom =
    ((((-5.447609879822406e1 * r + 1.615858368580409e2) * r - 1.556989798598866e2) * r + 6.680131188771972e1) * r -
      1.328068155288572e1) *
      r +
    1;
  return top / bottom;
}
