export interface Cost {
  /** Decimal string with 9 places: one short answer costs a fraction of a micro-euro. */
  amount: string;
  currency: string;
}

/** The cost of `microseconds` of CPU at `perHour` a CPU hour. Rounded half up to a billionth. */
export function costOf(microseconds: number, perHour: number, currency: string): Cost {
  const billionths = Math.round((microseconds / 3_600_000_000) * perHour * 1e9);
  const whole = Math.floor(billionths / 1e9);
  return { amount: `${whole}.${String(billionths % 1e9).padStart(9, '0')}`, currency };
}
