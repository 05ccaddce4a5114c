import { valueErrors } from './errors.ts';

/** Money as whole billionths of the currency's unit: sums are exact, whatever their order. */
export type Billionths = bigint;

const UNIT = 1_000_000_000n;

/**
 * Reads a decimal string (or a plain number, as JSON has it). Digits after the ninth are dropped.
 *
 * @throws `invalid_price` for what is negative or no number
 */
export function billionthsOf(amount: string | number): Billionths {
  const text = typeof amount === 'number' ? plain(amount) : amount;
  const match = /^(\d{1,20})(?:\.(\d+))?$/.exec(text);
  if (match === null) throw valueErrors.invalid_price(`“${String(amount).slice(0, 40)}” is not a price.`);
  return BigInt(match[1]!) * UNIT + BigInt((match[2] ?? '').padEnd(9, '0').slice(0, 9));
}

const plain = (value: number): string => (Number.isFinite(value) ? value.toFixed(9) : String(value));

/** Division rounded half away from zero. */
export function divide(dividend: bigint, divisor: bigint): bigint {
  const negative = dividend < 0n !== divisor < 0n;
  const [a, b] = [dividend < 0n ? -dividend : dividend, divisor < 0n ? -divisor : divisor];
  const quotient = (2n * a + b) / (2n * b);
  return negative ? -quotient : quotient;
}

/** A decimal string with two to six places. */
export function formatMoney(amount: Billionths): string {
  const millionths = divide(amount, 1000n);
  const digits = (millionths < 0n ? -millionths : millionths).toString().padStart(7, '0');
  const places = digits.slice(-6).replace(/0{1,4}$/, '');
  const sign = millionths < 0n ? '-' : '';
  return `${sign}${digits.slice(0, -6)}.${places}`;
}

/** `a / b` as a number, exact to 12 places; `b` is not 0. */
export function ratio(a: bigint, b: bigint): number {
  return Number(divide(a * 1_000_000_000_000n, b)) / 1e12;
}

/** A share in 0…1 as a whole number of billionths, to multiply money with. */
export function share(value: number): bigint {
  return BigInt(Math.round(value * 1e9));
}

/** Money times a share. */
export function portion(amount: Billionths, of: number): Billionths {
  return divide(amount * share(of), UNIT);
}

/** What `milliseconds` of a person cost at a price an hour. */
export function timeCost(milliseconds: bigint, perHour: Billionths): Billionths {
  return divide(milliseconds * perHour, 3_600_000n);
}

/** What `items` of `minutes` (in billionths of a minute) each cost at a price an hour. */
export function itemCost(items: bigint, minutes: bigint, perHour: Billionths): Billionths {
  return divide(items * minutes * perHour, 60n * UNIT);
}
