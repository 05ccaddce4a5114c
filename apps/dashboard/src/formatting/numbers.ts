/** All figures of the dashboard are written here, so that one figure looks the same on every page. */

/** Between a number and its unit: no line break may part them. */
const SPACE = '\u00a0';

const integer = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** `12,480`; an en dash where nothing is known. */
export function count(value: number | null | undefined): string {
  return value === null || value === undefined || !Number.isFinite(value) ? '–' : integer.format(value);
}

/** `12.5k` */
export function shortCount(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  return Math.abs(value) < 10_000 ? integer.format(value) : compact.format(value).toLowerCase();
}

/**
 * A rate of 0…1 as a percentage: `91.4 %`, `0.43 %`, `0.002 %`. A rate that is not exactly 0 or 1 is never rounded to
 * either: `< 0.01 %` and `> 99.9 %` are honest, `0 %` and `100 %` are not.
 */
export function percent(rate: number | null | undefined, digits = 1): string {
  if (rate === null || rate === undefined || !Number.isFinite(rate)) return '–';
  if (rate === 0 || rate === 1) return `${rate * 100}${SPACE}%`;
  const value = rate * 100;
  const places = Math.abs(value) < 1 ? Math.max(digits, 2) : digits;
  const shown = value.toFixed(places);
  if (Number(shown) === 0)
    return `${value < 0 ? `>${SPACE}−` : `<${SPACE}`}${(10 ** -places).toFixed(places)}${SPACE}%`;
  if (value < 100 && Number(shown) === 100) return `>${SPACE}${(100 - 10 ** -places).toFixed(places)}${SPACE}%`;
  return `${shown.replace('-', '−')}${SPACE}%`;
}

/** `1.2 – 3.4 %` */
export function percentInterval(low: number | null | undefined, high: number | null | undefined): string {
  if (low === null || low === undefined || high === null || high === undefined) return '–';
  return `${percent(low).replace(`${SPACE}%`, '')} – ${percent(high)}`;
}

/** Money as the API sends it, a decimal string: `€ 12.40`. Small amounts keep two significant digits. */
export function money(amount: string | number | null | undefined, currency: string): string {
  const value = typeof amount === 'string' ? Number(amount) : amount;
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const small = value !== 0 && Math.abs(value) < 0.1;
  const options = small
    ? { maximumSignificantDigits: 2 }
    : {
        minimumFractionDigits: Math.abs(value) >= 1000 ? 0 : 2,
        maximumFractionDigits: Math.abs(value) >= 1000 ? 0 : 2,
      };
  try {
    return new Intl.NumberFormat('en', {
      style: 'currency',
      currency,
      currencyDisplay: 'narrowSymbol',
      ...options,
    }).format(value);
  } catch {
    return `${value} ${currency}`; // a currency that Intl does not know
  }
}

/** Minutes as people say them: `45 s`, `12 min`, `3 h 20 min`, `4.5 days` of 8 working hours are not assumed. */
export function minutes(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  if (value < 1) return `${Math.round(value * 60)} s`;
  if (value < 60) return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} min`;
  const hours = Math.floor(value / 60);
  const rest = Math.round(value - hours * 60);
  if (hours >= 100) return `${integer.format(Math.round(value / 60))} h`;
  return rest === 0 ? `${hours} h` : `${hours} h ${rest} min`;
}

/** Microseconds as the ledger keeps them: `840 µs`, `12.4 ms`, `1.2 s`. */
export function microseconds(value: number): string {
  if (value < 1000) return `${Math.round(value)} µs`;
  if (value < 1_000_000) return `${(value / 1000).toFixed(1)} ms`;
  return `${(value / 1_000_000).toFixed(1)} s`;
}

const UNITS = ['B', 'kB', 'MB', 'GB', 'TB'] as const;

/** `3.4 MB` */
export function bytes(value: number): string {
  const power = value < 1 ? 0 : Math.min(UNITS.length - 1, Math.floor(Math.log10(value) / 3));
  return `${power === 0 ? value : (value / 1000 ** power).toFixed(1)} ${UNITS[power]}`;
}

/** `1 item`, `2 items` */
export function plural(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}
