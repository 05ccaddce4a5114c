/** Round budgets, in steps that feel alike: a slider over them is precise where budgets are small. */
export const budgetStops = [
  0.001, 0.002, 0.003, 0.004, 0.005, 0.006, 0.008, 0.01, 0.0125, 0.015, 0.0175, 0.02, 0.025, 0.03, 0.035, 0.04, 0.05,
  0.06, 0.07, 0.08, 0.1, 0.125, 0.15, 0.2, 0.25, 0.3,
] as const;

export const confidenceStops = [0.8, 0.9, 0.95, 0.975, 0.99, 0.995, 0.999] as const;

/** Where a value stands between the stops: 0 … stops − 1, with parts in between; what lies outside, at the end. */
export function placeOf(value: number, stops: readonly number[]): number {
  const next = stops.findIndex((stop) => stop >= value);
  if (next === -1) return stops.length - 1;
  if (next === 0) return 0;
  const [low, high] = [stops[next - 1]!, stops[next]!];
  return next - 1 + (value - low) / (high - low);
}

export const stopAt = (place: number, stops: readonly number[]): number =>
  stops[Math.min(stops.length - 1, Math.max(0, Math.round(place)))]!;
